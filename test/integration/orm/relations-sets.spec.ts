import { sql } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, fillWorld, openWorld, Tag, Ward } from './query.world.js';
import { Article, fillPress, Label, openPress, Remark } from './relations.world.js';

eachDatabase((database) => {
  let press: OrmTestApp;
  beforeAll(async () => {
    press = await openPress(database.url);
    await fillPress(press);
  });
  afterAll(() => press?.close());

  const article = (index: number) => press.db.objects(Article).get({ title: `Article ${index}` });

  describe('the rows that a relation leads to', () => {
    it('are a query', async () => {
      const remarks = press.db.related(await article(0), 'remarks');
      expect((await remarks.all()).map(({ text }) => text)).toEqual(['Remark 0']);
      expect(await remarks.objects.filter({ text__startswith: 'x' }).exists()).toBe(false);
      expect(await remarks.keys()).toHaveLength(1);
    });

    it('are a query where the other side does not know of the relation', async () => {
      const labels = press.db.related(await article(2), 'labels');
      expect((await labels.objects.orderBy('name').all()).map(({ name }) => name)).toEqual(['hot', 'old']);
    });

    it('are created, linked, unlinked, replaced and forgotten', async () => {
      const row = await article(5);
      const remarks = press.db.related(row, 'remarks');
      expect(await press.db.load(row, 'remarks')).toEqual([]);
      const made = await remarks.create({ text: 'Made' });
      expect(made).toBeInstanceOf(Remark);
      expect(row.remarks).toBeUndefined();
      expect((await press.db.load(row, 'remarks')).map(({ text }) => text)).toEqual(['Made']);
      const other = await press.db.objects(Remark).create({ text: 'Other' });
      await remarks.add(other);
      await remarks.remove(made);
      expect((await remarks.all()).map(({ text }) => text)).toEqual(['Other']);
      await remarks.set([made.id]);
      expect((await remarks.all()).map(({ text }) => text)).toEqual(['Made']);
      await remarks.clear();
      expect(await remarks.all()).toEqual([]);
    });

    it('are created through a table of pairs', async () => {
      const row = await article(0);
      const labels = press.db.related(row, 'labels');
      expect(await row.labels).toEqual([]);
      await labels.create({ name: 'new' });
      expect((await row.labels).map(({ name }) => name)).toEqual(['new']);
      await labels.clear();
      expect(await row.labels).toEqual([]);
    });
  });

  it('are no part of bulkCreate, which says so instead of losing links', async () => {
    const [label] = await press.db.objects(Label).all();
    const { writer } = await article(0);
    const row = Object.assign(new Article(), { title: 'Linked', writer, labels: Promise.resolve([label!]) });
    await expect(press.db.objects(Article).bulkCreate([row])).rejects.toMatchObject({
      code: 'orm.query_usage',
      message: expect.stringContaining('"labels" of Article is not stored in its rows') as string,
    });
    const remark = await press.db.objects(Remark).get({ text: 'Remark 1' });
    const remarked = Object.assign(new Article(), { title: 'Linked', writer, remarks: [remark] });
    await expect(press.db.objects(Article).bulkCreate([remarked])).rejects.toMatchObject({ code: 'orm.query_usage' });
    expect(await press.db.objects(Article).filter({ title: 'Linked' }).exists()).toBe(false);
    const [made] = await press.db
      .objects(Article)
      .bulkCreate([Object.assign(new Article(), { title: 'Linked', writer: Promise.resolve(await writer) })]);
    expect((await press.db.objects(Article).get({ title: 'Linked' })).id).toBe(made!.id);
    await press.db.remove(made!);
  });

  describe('stream', () => {
    const articles = () => press.db.objects(Article).orderBy('-title');

    it('reads every row in order, with what is prefetched', async () => {
      const seen: string[] = [];
      for await (const { title, remarks } of articles().prefetchRelated('remarks').stream({ chunk: 4 }))
        seen.push(`${title}: ${remarks.length}`);
      expect(seen).toEqual(['5: 0', '4: 0', '3: 0', '2: 1', '1: 1', '0: 1'].map((end) => `Article ${end}`));
      const ids: unknown[] = [];
      for await (const id of articles().flat('id').stream()) ids.push(id);
      expect(ids).toHaveLength(6);
      for await (const row of articles().none().stream()) ids.push(row);
      expect(ids).toHaveLength(6);
    });

    it('can be left early, again and again, and is part of a transaction', async () => {
      for (let time = 0; time < 12; time += 1)
        for await (const { title } of articles().stream({ chunk: 1 })) {
          expect(title).toBe('Article 5');
          break;
        }
      await press.db.atomic(async () => {
        await articles().filter({ title: 'Article 5' }).update({ editorId: null });
        for await (const row of articles().stream()) expect(await row.labels).toBeInstanceOf(Array);
      });
      expect(await articles().count()).toBe(6);
    });

    it('tells of what went wrong with typed errors', async () => {
      const broken = articles().untyped().filter({ nothing: 1 }).stream();
      await expect(broken.next()).rejects.toMatchObject({ code: 'orm.unknown_path' });
    });
  });

  describe('raw', () => {
    it('makes entities of rows that a statement selects', async () => {
      const rows = await press.db
        .objects(Article)
        .prefetchRelated('remarks')
        .raw<{ size: number | string }>(
          press.db.dialect === 'mysql'
            ? sql`SELECT id, title, LENGTH(title) AS size FROM article WHERE title >= ${'Article 3'} ORDER BY id`
            : sql`SELECT id, title, LENGTH(title) AS size FROM "article" WHERE title >= ${'Article 3'} ORDER BY id`,
        );
      expect(rows.map(({ title, size }) => [title, Number(size)])).toEqual([
        ['Article 3', 9],
        ['Article 4', 9],
        ['Article 5', 9],
      ]);
      expect(rows[0]).toBeInstanceOf(Article);
      expect(rows[0]!.remarks).toEqual([]);
      expect(() => rows[0]!.editorId).toThrow('"editorId" of this Article was not loaded');
      expect((await rows[0]!.writer).name).toBe('Ada');
    });

    it('binds values, and takes pieces', async () => {
      const name = `' OR 1 = 1 --`;
      const only = sql`title = ${name}`;
      expect(await press.db.objects(Article).raw(sql`SELECT * FROM article WHERE ${only}`)).toEqual([]);
      const some = sql`title IN (${'Article 1'}, ${'Article 2'}) AND id > ${0}`;
      expect(await press.db.objects(Article).raw(sql`SELECT * FROM article WHERE ${some}`)).toHaveLength(2);
    });

    it('refuses statements without a key, and queries with conditions', async () => {
      await expect(press.db.objects(Article).raw(sql`SELECT title FROM article`)).rejects.toMatchObject({
        code: 'orm.query_usage',
      });
      await expect(
        press.db
          .objects(Article)
          .filter({ id: 1 })
          .raw(sql`SELECT * FROM article`),
      ).rejects.toMatchObject({ code: 'orm.query_usage' });
    });
  });
});

eachDatabase((database) => {
  describe('sets of rows with keys of several columns', () => {
    let app: OrmTestApp;
    beforeAll(async () => {
      app = await openWorld(database.url);
      await fillWorld(app);
    });
    afterAll(() => app?.close());

    it('are queries as any', async () => {
      const ward = await app.db.objects(Ward).get({ name: 'Ward 1' });
      expect((await app.db.related(ward, 'schools').all()).map(({ name }) => name)).toEqual(['A']);
      const river = await app.db.objects(Tag).get({ name: 'river' });
      expect(await app.db.related(river, 'cities').objects.count()).toBe(3);
      const berlin = await app.db.objects(City).get({ name: 'Berlin' });
      expect(await app.db.related(berlin, 'wards').objects.count()).toBe(2);
    });
  });
});
