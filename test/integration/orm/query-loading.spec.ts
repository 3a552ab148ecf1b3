import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import { QuerySet } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, Landmark, Mayor, openWorld, Tag } from './query.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openWorld(database.url);
    await fillWorld(app);
  });
  afterAll(() => app?.close());

  const cities = () => app.db.objects(City);

  async function statements<T>(work: () => Promise<T>): Promise<[T, number]> {
    const log: QueryRecord[] = [];
    const result = await runWith(QUERY_LOG, log, work);
    return [result, log.length];
  }

  describe('several queries as one statement', () => {
    it('are counted each, no further than asked', async () => {
      const queries = [cities(), cities().filter({ 'country.name': 'France' }), cities().none(), cities().slice(0, 2)];
      const own = await Promise.all(queries.map((query) => query.count()));
      const [counts, count] = await statements(() => QuerySet.countEach(queries.map((query) => query.untyped())));
      expect([counts, count]).toEqual([own, 1]);
      expect(await QuerySet.countEach([cities().untyped()], { upTo: 1 })).toEqual([2]);
      expect(await QuerySet.countEach([])).toEqual([]);
    });

    it('give their rows, values as text', async () => {
      const queries = [
        cities().untyped().orderBy('id').values('id', 'country.name').slice(0, 1),
        app.db.objects(Country).untyped().filter({ name: 'nowhere' }).values('code', 'name'),
        app.db.objects(Tag).untyped().orderBy('id').values('id', 'name').slice(0, 2),
      ] as QuerySet<object, object>[];
      const one = await Promise.all(queries.map((query) => query.all()));
      const [found, count] = await statements(() => QuerySet.textsEach(queries));
      const texts = (rows: readonly object[]) => rows.map((row) => Object.values(row).map(String).join(' ')).sort();
      expect([found.map(texts), count]).toEqual([one.map(texts), 1]);
    });
  });

  describe('selectRelated', () => {
    it('loads relations to one row in the same statement', async () => {
      const [rows, count] = await statements(() =>
        cities().orderBy('id').selectRelated('country', 'twin.country', 'mayor').all(),
      );
      expect(count).toBe(1);
      expect(rows[0]!.country).toBeInstanceOf(Country);
      expect(rows[0]!.twin).toBeInstanceOf(City);
      expect(rows[0]!.twin!.country.name).toBe('France');
      expect(rows[0]!.mayor!.name).toBe('Kai');
      expect(rows[1]!.twin).toBeNull();
      expect(rows[1]!.mayor).toBeNull();
    });

    it('equals what a repository loads', async () => {
      const own = await cities().orderBy('id').selectRelated('country', 'twin').all();
      const repository = await app.db.dataSource
        .getRepository(City)
        .find({ order: { id: 'ASC' }, relations: { country: true, twin: true } });
      expect(own).toEqual(repository);
    });
  });

  describe('prefetchRelated', () => {
    it('loads relations of any kind by one statement each', async () => {
      const [rows, count] = await statements(() =>
        cities().orderBy('id').prefetchRelated('tags', 'landmarks.visits', 'country', 'mayor').all(),
      );
      expect(count).toBe(6);
      const [berlin, koln, , , , empty] = rows as [City, City, City, City, City, City];
      expect(berlin.tags.map(({ name }) => name)).toEqual(['Big', 'river']);
      expect(berlin.landmarks.map(({ name }) => name)).toEqual(['Tower', 'Gate']);
      expect(berlin.landmarks[0]!.visits.map(({ stars }) => stars)).toEqual(expect.arrayContaining([1, 5]));
      expect(berlin.country.code).toBe('DE');
      expect(berlin.country).toBe(koln.country);
      expect(koln.mayor).toBeNull();
      expect(empty.tags).toEqual([]);
      expect(empty.landmarks).toEqual([]);
    });

    it('goes on from what selectRelated joined', async () => {
      const [berlin] = await cities()
        .filter({ name: 'Berlin' })
        .selectRelated('country')
        .prefetchRelated('country.cities.tags')
        .all();
      expect(berlin!.country.cities.map(({ name, tags }) => [name, tags.length])).toEqual([
        ['Berlin', 2],
        ['Köln', 2],
      ]);
    });

    it('works from the other side of a many-to-many relation', async () => {
      const tags = await app.db.objects(Tag).prefetchRelated('cities').all();
      expect(tags.map(({ name, cities }) => [name, cities.length])).toEqual([
        ['Big', 3],
        ['old', 2],
        ['river', 3],
        ['sea', 2],
      ]);
    });

    it('runs nothing for an empty result', async () => {
      const [rows, count] = await statements(() => cities().filter({ name: 'none' }).prefetchRelated('tags').all());
      expect(rows).toEqual([]);
      expect(count).toBe(1);
    });
  });

  describe('values', () => {
    it('are plain objects of exactly the paths', async () => {
      const rows = await cities()
        .filter({ capital: true })
        .orderBy('name')
        .values('name', 'country', 'country.population', 'twin.name', 'location.zone', 'visitedAt', 'motto')
        .all();
      expect(rows).toEqual([
        {
          name: 'Berlin',
          country: 'DE',
          'country.population': '83000000',
          'twin.name': 'Paris',
          'location.zone': 'Europe/Berlin',
          visitedAt: new Date('2024-02-29T12:30:15.250Z'),
          motto: 'ARM',
        },
        {
          name: 'Paris',
          country: 'FR',
          'country.population': '67000000',
          'twin.name': 'Tokyo',
          'location.zone': null,
          visitedAt: null,
          motto: 'X',
        },
        {
          name: 'Tokyo',
          country: 'JP',
          'country.population': '9007199254740993',
          'twin.name': null,
          'location.zone': null,
          visitedAt: null,
          motto: 'X',
        },
      ]);
    });

    it('over relations to many rows come once for each of them', async () => {
      const rows = await cities()
        .orderBy('name', 'pk')
        .filter({ 'country.code': 'DE' })
        .values('name', 'landmarks.name')
        .all();
      expect(new Set(rows.map((row) => row['landmarks.name']))).toEqual(new Set(['Dom', 'Gate', 'Tower']));
      expect(await cities().values('name', 'landmarks.name').count()).toBe(8);
    });

    it('can be distinct', async () => {
      expect(await cities().orderBy('country.code').distinct().flat('country.code').all()).toEqual([
        'DE',
        'FR',
        'JP',
        'XX',
      ]);
      expect(await cities().distinct().flat('country.continent').count()).toBe(3);
    });

    it('of a composite key are an object', async () => {
      const berlin = await cities().get({ name: 'Berlin' });
      const [ward] = await app.db.objects<object>(City).filter({ pk: berlin.id }).values('wards').all();
      expect(ward).toEqual({ wards: { cityId: berlin.id, number: expect.any(Number) as number } });
    });
  });

  describe('single rows', () => {
    it('are got by lookups or refused', async () => {
      expect((await cities().get({ name: 'Paris' })).name).toBe('Paris');
      await expect(cities().get({ name: 'Atlantis' })).rejects.toMatchObject({
        code: 'orm.does_not_exist',
        status: 404,
      });
      await expect(cities().filter({ capital: true }).get()).rejects.toMatchObject({ code: 'orm.multiple_rows' });
    });

    it('are first and last in the order, or null', async () => {
      expect((await cities().orderBy('population').first())!.name).toBe('Empty');
      expect((await cities().orderBy('population').last())!.name).toBe('Tokyo');
      expect((await cities().first())!.name).toBe('Berlin');
      expect((await cities().last())!.name).toBe('Empty');
      expect(await cities().none().first()).toBeNull();
      expect(await cities().filter({ name: 'x' }).last()).toBeNull();
    });

    it('exist or not', async () => {
      expect(await cities().filter({ name: 'Paris' }).exists()).toBe(true);
      expect(await cities().filter({ name: 'x' }).exists()).toBe(false);
      expect(await cities().slice(6).exists()).toBe(false);
      expect(await cities().none().exists()).toBe(false);
    });
  });

  describe('slices and counts', () => {
    it('nest', async () => {
      const names = cities().orderBy('id').flat('name');
      expect(await names.slice(1, 3).all()).toEqual(['Köln', 'Paris', 'nice']);
      expect(await names.slice(1, 4).slice(2, 5).all()).toEqual(['nice', 'Tokyo']);
      expect(await names.slice(4).all()).toEqual(['Tokyo', 'Empty']);
      expect(await names.slice(0, 0).all()).toEqual([]);
    });

    it('count what they take', async () => {
      expect(await cities().count()).toBe(6);
      expect(await cities().slice(4).count()).toBe(2);
      expect(await cities().slice(1, 3).count()).toBe(3);
      expect(await cities().count({ upTo: 3 })).toBe(4);
      expect(await cities().count({ upTo: 10 })).toBe(6);
      expect(await cities().none().count()).toBe(0);
    });

    it('are estimated without error, exactly on SQLite', async () => {
      if (database.dialect === 'postgres') await app.db.query('ANALYZE');
      const estimate = await cities().estimatedCount();
      if (database.dialect !== 'mysql') expect(estimate).toBe(6);
      expect(await cities().filter({ capital: true }).estimatedCount()).toBeGreaterThan(0);
    });
  });

  describe('pages', () => {
    it('walk through the whole order and back, nulls included', async () => {
      for (const terms of [
        ['name'],
        ['area', 'name'],
        ['-area'],
        ['visitedAt'],
        ['-visitedAt', 'capital'],
        ['-country.population', 'name'],
        ['landmarks.height'],
        ['-landmarks.height'],
      ]) {
        const query = app.db.objects<object>(City).orderBy(...terms);
        const all = (await query.totallyOrdered().flat('name').all()) as string[];
        const forward: string[][] = [];
        let page = await query.page({ size: 2 });
        expect(page.previous).toBeNull();
        for (;;) {
          forward.push((page.rows as City[]).map(({ name }) => name));
          if (page.next === null) break;
          page = await query.page({ size: 2, after: page.next });
        }
        expect(forward.flat()).toEqual(all);
        const backward = [forward.at(-1)!];
        while (page.previous !== null) {
          page = await query.page({ size: 2, before: page.previous });
          backward.unshift((page.rows as City[]).map(({ name }) => name));
        }
        expect(backward.flat()).toEqual(all);
      }
    });

    it('refuse cursors that are damaged or of another order', async () => {
      const { next } = await cities().orderBy('name').page({ size: 1 });
      for (const after of [
        '',
        'x',
        '%',
        'bnVsbA',
        Buffer.from('[{}]').toString('base64url'),
        Buffer.from('["a"]').toString('base64url'),
        Buffer.from('["a","b"]').toString('base64url'),
        Buffer.from('["a",99999999999999]').toString('base64url'),
      ])
        if (after !== Buffer.from('["a",99999999999999]').toString('base64url') || database.dialect !== 'sqlite')
          await expect(cities().orderBy('name').page({ size: 1, after })).rejects.toMatchObject({
            code: 'orm.bad_cursor',
            status: 400,
          });
      await expect(cities().orderBy('visitedAt').page({ size: 1, after: next! })).rejects.toMatchObject({
        code: 'orm.bad_cursor',
      });
    });
  });

  describe('iteration', () => {
    it('reads every row once, in order, chunk by chunk', async () => {
      const seen: string[] = [];
      for await (const { name } of cities().orderBy('-area').iterator({ chunk: 2 })) seen.push(name);
      expect(seen).toEqual(await cities().orderBy('-area').totallyOrdered().flat('name').all());
      const ids: unknown[] = [];
      for await (const id of app.db.objects(Landmark).flat('id')) ids.push(id);
      expect(ids).toHaveLength(6);
    });

    it('gives every row of values over to-many relations, wherever a chunk ends', async () => {
      const queries = [
        cities().orderBy('name').values('name', 'tags.name').untyped(),
        cities().orderBy('-country.name').values('tags', 'landmarks.visits.stars', 'wards.schools').untyped(),
        app.db.objects(Country).values('code', 'cities.tags.name').untyped(),
        cities().flat('landmarks.height').untyped(),
        cities().orderBy().reverse().flat('tags').untyped(),
      ];
      for (const query of queries) {
        const all = await query.all();
        const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
        for (const chunk of [1, 2, 3, all.length]) {
          const seen: unknown[] = [];
          for await (const row of query.iterator({ chunk })) seen.push(row);
          expect(sorted(seen)).toEqual(sorted(all));
        }
        const paged: unknown[] = [];
        const back: unknown[] = [];
        let page = await query.page({ size: 2 });
        for (paged.push(...page.rows); page.next !== null; paged.push(...page.rows))
          page = await query.page({ size: 2, after: page.next });
        for (back.unshift(...page.rows); page.previous !== null; back.unshift(...page.rows))
          page = await query.page({ size: 2, before: page.previous });
        expect(sorted(paged)).toEqual(sorted(all));
        expect(back).toEqual(paged);
      }
    });

    it('has no pages of distinct values', async () => {
      const query = cities().distinct().flat('tags.name');
      await expect(query.page({ size: 2 })).rejects.toMatchObject({ code: 'orm.query_usage' });
      const seen: unknown[] = [];
      for await (const name of query.iterator({ chunk: 1 })) seen.push(name);
      expect(seen).toHaveLength(5);
    });

    it('continues where rows have the same place within a microsecond', async () => {
      const table = app.db.dataSource.getMetadata(Mayor).tableName;
      const quoted = database.dialect === 'mysql' ? `\`${table}\`` : `"${table}"`;
      const column = database.dialect === 'mysql' ? '`updatedAt`' : '"updatedAt"';
      if (database.dialect === 'postgres')
        await app.db.query(`ALTER TABLE ${quoted} ALTER ${column} TYPE timestamptz(6)`);
      if (database.dialect === 'mysql')
        await app.db.query(`ALTER TABLE ${quoted} MODIFY ${column} datetime(6) NOT NULL`);
      await app.db.query(`UPDATE ${quoted} SET ${column} = '2024-01-01 10:00:00.123456'`);
      const seen: string[] = [];
      for await (const { name } of app.db.objects(Mayor).orderBy('-updatedAt').iterator({ chunk: 1 })) seen.push(name);
      expect(seen).toEqual(['Idle', 'Anne', 'Kai']);
    });

    it('is reusable and lazy', async () => {
      const query = cities().filter({ capital: true });
      const [, none] = await statements(async () => query.orderBy('name').slice(0, 2));
      expect(none).toBe(0);
      expect(await query.count()).toBe(3);
      expect(await query.count()).toBe(3);
      expect(query.filter({ name: 'Paris' })).not.toBe(query);
    });
  });
});
