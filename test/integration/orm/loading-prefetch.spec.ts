import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import { Count, loadRelated, Prefetch } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, Landmark, openWorld, School, Tag, Ward } from './query.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openWorld(database.url);
    await fillWorld(app);
  });
  afterAll(() => app?.close());

  const cities = () => app.db.objects(City).orderBy('id');
  const landmarks = () => app.db.objects(Landmark);
  const tags = () => app.db.objects(Tag);

  async function count<T>(work: () => Promise<T>): Promise<[T, number]> {
    const log: QueryRecord[] = [];
    const result = await runWith(QUERY_LOG, log, work);
    return [result, log.length];
  }

  describe('Prefetch', () => {
    it('filters and orders the related rows', async () => {
      const high = landmarks().filter({ height__gt: 30 }).orderBy('name');
      const [rows, sent] = await count(() =>
        cities()
          .prefetchRelated('tags', Prefetch('landmarks', { query: high }))
          .all(),
      );
      expect(sent).toBe(3);
      expect(rows.map(({ landmarks }) => landmarks.map(({ name }) => name))).toEqual([
        ['Tower'],
        ['Dom'],
        ['Eiffel'],
        [],
        ['Skytree'],
        [],
      ]);
      expect(rows[0]!.tags).toHaveLength(2);
    });

    it('puts rows under a name of their own, beside the relation', async () => {
      const [berlin] = await cities()
        .prefetchRelated(
          'landmarks',
          Prefetch('landmarks', { query: landmarks().filter({ height__lt: 100 }), as: 'low' }),
          Prefetch('tags', { query: tags(), as: 'labels' }),
        )
        .all();
      const low: string[] = berlin!.low.map(({ name }) => name);
      expect(low).toEqual(['Gate']);
      expect(berlin!.landmarks).toHaveLength(2);
      expect(berlin!.labels.map(({ name }) => name)).toEqual(['Big', 'river']);
      expect(berlin!.tags).toBeUndefined();
    });

    it('takes so many rows for each parent with a slice', async () => {
      const highest = landmarks().orderBy('-height').slice(0, 1);
      const [rows, sent] = await count(() =>
        cities()
          .prefetchRelated(Prefetch('landmarks', { query: highest }))
          .all(),
      );
      expect(sent).toBe(2);
      expect(rows.map(({ landmarks }) => landmarks.map(({ name }) => name))).toEqual([
        ['Tower'],
        ['Dom'],
        ['Louvre'],
        [],
        ['Skytree'],
        [],
      ]);
      const second = await cities()
        .prefetchRelated(Prefetch('tags', { query: tags().orderBy('id').slice(1, 2) }))
        .all();
      expect(second.map(({ tags }) => tags.map(({ name }) => name))).toEqual([
        ['Big'],
        ['old'],
        ['old', 'Big'],
        [],
        ['Big'],
        [],
      ]);
      const rest = await cities()
        .prefetchRelated(Prefetch('landmarks', { query: landmarks().slice(1) }))
        .all();
      expect(rest.map(({ landmarks }) => landmarks.length)).toEqual([1, 0, 1, 0, 0, 0]);
    });

    it('keeps values exact behind a slice', async () => {
      const [germany] = await app.db
        .objects(Country)
        .prefetchRelated(Prefetch('cities', { query: app.db.objects(City).orderBy('-area').slice(0, 2) }))
        .filter({ code: 'DE' })
        .all();
      expect(germany!.cities.map(({ area, visitedAt }) => [area, visitedAt?.toISOString()])).toEqual([
        ['891.70', '2024-02-29T12:30:15.250Z'],
        ['405.00', '2023-12-31T23:59:59.999Z'],
      ]);
    });

    it('loads what its query loads: joins, fields, annotations and further levels', async () => {
      const query = app.db
        .objects(City)
        .orderBy('id')
        .selectRelated('country')
        .only('name', 'country.name')
        .annotate({ marks: Count('landmarks') })
        .prefetchRelated(Prefetch('landmarks', { query: landmarks().filter({ height__gt: 300 }), as: 'high' }));
      const [rows, sent] = await count(() =>
        tags()
          .prefetchRelated(Prefetch('cities', { query, as: 'found' }))
          .all(),
      );
      expect(sent).toBe(3);
      const big = rows.find(({ name }) => name === 'Big')!;
      expect(big.found.map(({ name, country, marks, high }) => [name, country.name, marks, high.length])).toEqual([
        ['Berlin', 'Germany', 2, 1],
        ['Paris', 'France', 2, 1],
        ['Tokyo', 'Japan', 1, 1],
      ]);
      expect(() => (big.found[0] as unknown as City).population).toThrow('"population" of this City was not loaded');
    });

    it('goes on below by paths, and reaches deeper relations itself', async () => {
      const [berlin] = await cities()
        .prefetchRelated(Prefetch('landmarks', { query: landmarks().filter({ name: 'Tower' }) }), 'landmarks.visits')
        .all();
      expect(berlin!.landmarks.map(({ visits }) => visits.length)).toEqual([2]);
      const [germany] = await app.db
        .objects(Country)
        .filter({ code: 'DE' })
        .prefetchRelated(Prefetch('cities.landmarks', { query: landmarks().filter({ height__lt: 100 }) }))
        .all();
      expect(germany!.cities.map(({ landmarks }) => landmarks.map(({ name }) => name))).toEqual([['Gate'], []]);
    });

    it('serves relations to one row and composite keys', async () => {
      const schools = await app.db
        .objects(School)
        .orderBy('id')
        .prefetchRelated(Prefetch('ward', { query: app.db.objects(Ward).filter({ number: 1 }) }))
        .all();
      expect(schools.map(({ ward }) => ward?.name ?? null)).toEqual(['Ward 1', null, 'Louvre', null]);
      const wards = await app.db
        .objects(Ward)
        .orderBy('name')
        .prefetchRelated(Prefetch('schools', { query: app.db.objects(School).orderBy('-name').slice(0, 1) }))
        .all();
      expect(wards.map(({ name, schools: [first] }) => [name, first?.name])).toEqual([
        ['Louvre', 'C'],
        ['Ward 1', 'A'],
        ['Ward 2', 'B'],
      ]);
    });

    it('runs no statement for none()', async () => {
      const [rows, sent] = await count(() =>
        cities()
          .prefetchRelated(Prefetch('tags', { query: tags().none() }))
          .all(),
      );
      expect(sent).toBe(1);
      expect(rows[0]!.tags).toEqual([]);
    });

    it('refuses queries that cannot serve, and unknown paths', async () => {
      const of = (query: object) =>
        cities()
          .untyped()
          .prefetchRelated(Prefetch('tags', { query: query as never }));
      for (const query of [landmarks(), tags().flat('name'), tags().distinct()])
        await expect(of(query).all()).rejects.toMatchObject({ code: 'orm.query_usage' });
      await expect(
        cities()
          .prefetchRelated(Prefetch('tags', { query: tags() }), Prefetch('tags', { query: tags() }))
          .all(),
      ).rejects.toMatchObject({ code: 'orm.query_usage' });
      for (const path of ['tags.nothing', 'nothing'])
        await expect(cities().untyped().prefetchRelated(path).all()).rejects.toMatchObject({
          code: 'orm.unknown_path',
        });
      await expect(cities().untyped().prefetchRelated(Prefetch('name')).all()).rejects.toMatchObject({
        code: 'orm.unfit_path',
      });
    });
  });

  describe('loadRelated', () => {
    it('loads relations of rows that are there already', async () => {
      const rows = await cities().all();
      const [, sent] = await count(() => loadRelated(rows, 'tags', 'landmarks.visits', 'country'));
      expect(sent).toBe(4);
      expect(rows[0]!.tags.map(({ name }) => name)).toEqual(['Big', 'river']);
      expect(rows[0]!.landmarks[0]!.visits).toHaveLength(2);
      expect(rows[0]!.country).toBe(rows[1]!.country);
      expect((await count(() => loadRelated(rows, 'tags', 'landmarks.visits')))[1]).toBe(0);
    });

    it('takes a Prefetch, and rows that no query loaded', async () => {
      const [berlin] = await cities().all();
      const bare = Object.assign(new City(), { id: berlin!.id });
      await app.db.loadRelated([bare], Prefetch('landmarks', { query: landmarks().orderBy('name').slice(0, 1) }));
      expect(bare.landmarks.map(({ name }) => name)).toEqual(['Gate']);
      await expect(app.db.loadRelated([new City()], 'landmarks')).rejects.toMatchObject({ code: 'orm.query_usage' });
      await app.db.loadRelated([] as City[], 'landmarks');
    });
  });
});
