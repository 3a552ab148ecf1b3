import { Inject, Injectable } from '@nestjs/common';
import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import { Database, OnWrite, WriteListener, type EntityDescription, type WriteEvent } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Category, Price, Product, Sheet, SHOP, Status, Tag } from './shop.entities.js';

@Entity()
class Trail {
  @PrimaryGeneratedColumn() id: number;
  @Column() text: string;
}

/** Writes a row for each event, as the audit log does, and remembers the events. */
@OnWrite()
@Injectable()
class Recorder extends WriteListener {
  readonly events: WriteEvent[] = [];
  refuse = false;

  constructor(@Inject(Database) private readonly db: Database) {
    super();
  }

  interested({ target }: EntityDescription): boolean {
    return target !== Trail && target !== Sheet;
  }

  async written(event: WriteEvent): Promise<void> {
    this.events.push(event);
    await this.db.save(Object.assign(new Trail(), { text: `${event.kind} ${event.text}` }));
    if (this.refuse) throw new Error('refused');
  }
}

describe('writes', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    let recorder: Recorder;
    beforeAll(async () => {
      app = await openOrm({
        database: database.url,
        entities: [...SHOP, Trail],
        providers: [Recorder],
        options: { waitTimeout: '2s' },
      });
      db = app.db;
      recorder = app.get(Recorder);
    });
    afterAll(() => app.close());
    beforeEach(async () => {
      recorder.refuse = false;
      for (const entity of [Price, Sheet, Product, Category, Tag, Trail])
        await db.dataSource.createQueryBuilder().delete().from(entity).execute();
      recorder.events.length = 0;
    });

    const category = (name: string): Promise<Category> => db.save(Object.assign(new Category(), { name }));
    const tag = (name: string): Promise<Tag> => db.save(Object.assign(new Tag(), { name }));
    const product = (values: object): Promise<Product> =>
      db.save(Object.assign(new Product(), { name: 'Saw', address: { city: 'Ulm' }, ...values }));
    const trail = async (): Promise<string[]> =>
      (await db.dataSource.getRepository(Trail).find({ order: { id: 'ASC' } })).map(({ text }) => text);

    it('tell of an insert with the stored values, references as keys', async () => {
      const tools = await category('Tools');
      const saw = await product({ category: tools });
      expect(recorder.events.at(-1)).toMatchObject({
        kind: 'insert',
        description: { key: 'shop.product' },
        key: String(saw.id),
        text: 'Saw',
        after: { name: 'Saw', 'address.city': 'Ulm', status: Status.Draft, category: String(tools.id), stock: 0 },
      });
      expect(recorder.events.at(-1)!.before).toBeUndefined();
    });

    it('tell of an update with the values before and after', async () => {
      const [tools, toys] = [await category('Tools'), await category('Toys')];
      const saw = await product({ category: tools });
      await db.save(Object.assign(saw, { name: 'Big saw', category: toys }));
      expect(recorder.events.at(-1)).toMatchObject({
        kind: 'update',
        key: String(saw.id),
        text: 'Big saw',
        before: { name: 'Saw', category: String(tools.id), 'address.city': 'Ulm' },
        after: { name: 'Big saw', category: String(toys.id), 'address.city': 'Ulm' },
      });
    });

    it('tell of a reference to nothing as null, before and after', async () => {
      const tools = await category('Tools');
      const saw = await product({ category: null });
      await db.save(Object.assign(saw, { category: tools }));
      expect(recorder.events.at(-1)).toMatchObject({
        kind: 'update',
        before: { category: null },
        after: { category: String(tools.id) },
      });
      await db.objects(Product).filter({ id: saw.id }).update({ category: null });
      expect(recorder.events.at(-1)).toMatchObject({
        before: { category: String(tools.id) },
        after: { category: null },
      });
    });

    it('tell of a partial save of a plain object', async () => {
      const saw = await product({});
      await db.dataSource.getRepository(Product).save({ id: saw.id, stock: 4 });
      expect(recorder.events.at(-1)).toMatchObject({
        kind: 'update',
        text: 'Saw',
        before: { stock: 0 },
        after: { name: 'Saw', stock: 4 },
      });
    });

    it('leave values alone that a partial row does not have, in events and in the next save', async () => {
      const saw = await product({ contact: 'a@b.de' });
      const part = Object.assign(new Product(), { id: saw.id, stock: 4 });
      await db.save(part);
      expect(recorder.events.at(-1)).toMatchObject({ before: { contact: 'a@b.de' }, after: { contact: 'a@b.de' } });
      await db.save(Object.assign(part, { stock: 5 }));
      await db.save(Object.assign(part, { contact: null }));
      expect(recorder.events.slice(-2)).toMatchObject([
        { after: { stock: 5, contact: 'a@b.de' } },
        { before: { contact: 'a@b.de' }, after: { contact: null } },
      ]);
      expect(await db.objects(Product).values('stock', 'contact').all()).toEqual([{ stock: 5, contact: null }]);
    });

    it('tell of a removal with the values before', async () => {
      const saw = await product({});
      const key = String(saw.id);
      await db.remove(saw);
      expect(recorder.events.at(-1)).toMatchObject({ kind: 'delete', key, text: 'Saw', before: { name: 'Saw' } });
    });

    it('tell nothing when nothing has changed', async () => {
      const saw = await product({});
      recorder.events.length = 0;
      await db.save(saw);
      expect(recorder.events).toEqual([]);
    });

    it('tell of many-to-many links that a save makes and removes', async () => {
      const [red, blue] = [await tag('red'), await tag('blue')];
      const saw = await product({ tags: [red] });
      await db.save(Object.assign(saw, { tags: [blue] }));
      const related = recorder.events.filter(({ kind }) => kind === 'related');
      expect(related.map(({ key, relation }) => ({ key, ...relation }))).toEqual(
        expect.arrayContaining([
          { key: String(saw.id), path: 'tags', added: [String(red.id)], removed: [] },
          { key: String(saw.id), path: 'tags', added: [String(blue.id)], removed: [] },
          { key: String(saw.id), path: 'tags', added: [], removed: [String(red.id)] },
        ]),
      );
      expect(related).toHaveLength(3);
    });

    it('put what a listener writes into the same transaction', async () => {
      await category('kept');
      await db.atomic(() => category('dropped').then(() => Promise.reject(new Error('x')))).catch(() => undefined);
      expect(await trail()).toEqual(['insert kept']);
      expect(recorder.events).toHaveLength(2);
    });

    it('are undone when a listener fails', async () => {
      recorder.refuse = true;
      await expect(category('refused')).rejects.toThrow('refused');
      expect([await db.dataSource.getRepository(Category).count(), await trail()]).toEqual([0, []]);
    });

    it('survive listeners in 20 parallel saves', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, index) => category(`n${index}`)));
      expect(await trail()).toHaveLength(20);
    });

    describe('a set of many-to-many rows', () => {
      it('is added to, removed from, set and cleared by rows and keys', async () => {
        const tags = await Promise.all(['a', 'b', 'c', 'd'].map(tag));
        const ids = tags.map(({ id }) => String(id));
        const saw = await product({});
        const set = db.related(saw, 'tags');
        const keys = async (): Promise<string[]> => (await set.keys()).map(String).sort();
        await set.add(tags[0]!, ids[1]!);
        await set.add(tags[0]!, tags[1]!.id);
        expect(await keys()).toEqual(ids.slice(0, 2).sort());
        await set.set([tags[1]!, tags[2]!, tags[2]!]);
        expect(await keys()).toEqual(ids.slice(1, 3).sort());
        await set.remove(tags[1]!, tags[3]!);
        expect(await keys()).toEqual([ids[2]]);
        expect(await db.related(tags[2]!, 'products').keys()).toEqual([String(saw.id)]);
        await set.clear();
        expect(await keys()).toEqual([]);
      });

      it('tells of the difference alone, once', async () => {
        const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(tag));
        const saw = await product({ tags: [a, b] });
        recorder.events.length = 0;
        await db.related(saw, 'tags').set([b!, c!]);
        await db.related(saw, 'tags').set([b!, c!]);
        expect(recorder.events).toMatchObject([
          {
            kind: 'related',
            key: String(saw.id),
            text: 'Saw',
            relation: { path: 'tags', added: [String(c!.id)], removed: [String(a!.id)] },
          },
        ]);
      });

      it('costs as many statements for a hundred rows as for one', async () => {
        const tags = await db.save(
          Array.from({ length: 100 }, (_, index) => Object.assign(new Tag(), { name: `t${index}` })),
        );
        const saw = await product({});
        const cost = async (work: () => Promise<void>): Promise<number> => {
          const log: QueryRecord[] = [];
          await runWith(QUERY_LOG, log, work);
          return log.length;
        };
        const one = await cost(() => db.related(saw, 'tags').set([tags[0]!]));
        const hundred = await cost(() => db.related(saw, 'tags').set(tags));
        expect(hundred).toBe(one);
        expect(hundred).toBeLessThanOrEqual(8);
      });

      it('refuses rows that do not exist, with nothing changed', async () => {
        const red = await tag('red');
        const saw = await product({ tags: [red] });
        const work = db.related(saw, 'tags').set([999_999]);
        await expect(work).rejects.toMatchObject({ code: 'orm.foreign_key', reason: 'missing' });
        expect(await db.related(saw, 'tags').keys()).toEqual([String(red.id)]);
      });

      it('lets two requests add the same row at once', async () => {
        const red = await tag('red');
        const saw = await product({});
        await Promise.all([db.related(saw, 'tags').add(red), db.related(saw, 'tags').add(red)]);
        expect(await db.related(saw, 'tags').keys()).toEqual([String(red.id)]);
      });
    });

    describe('a set of one-to-many rows', () => {
      it('is changed by pointing the rows at their parent', async () => {
        const [tools, toys] = [await category('Tools'), await category('Toys')];
        const [saw, ball] = [await product({ category: tools }), await product({ name: 'Ball', code: 'b' })];
        await db.related(toys, 'products').set([ball]);
        await db.related(tools, 'products').add(ball);
        expect((await db.related(tools, 'products').keys()).map(String).sort()).toEqual(
          [String(saw.id), String(ball.id)].sort(),
        );
        await db.related(toys, 'products').remove(saw);
        await db.related(tools, 'products').remove(saw);
        expect(await db.related(tools, 'products').keys()).toEqual([String(ball.id)]);
      });
    });

    it('refuse sets that are none, rows without a key and unknown paths', async () => {
      const saw = await product({});
      expect(() => db.related(saw, 'category')).toThrow(expect.objectContaining({ code: 'orm.related_set' }));
      expect(() => db.related(saw, 'tgas')).toThrow(/Did you mean "tags"/);
      await expect(db.related(new Product(), 'tags').add(1)).rejects.toMatchObject({ code: 'orm.related_set' });
      await expect(db.related(saw, 'tags').add(new Tag())).rejects.toMatchObject({ code: 'orm.related_set' });
    });
  });
});
