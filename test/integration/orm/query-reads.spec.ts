import { inspect } from 'node:util';

import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import { DoesNotExistError, MultipleRowsError, QueryUsageError, UnfitPathError } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, Landmark, openWorld, Ward } from './query.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openWorld(database.url);
    await fillWorld(app);
  });
  afterAll(() => app?.close());

  const cities = () => app.db.objects(City);

  describe('latest, earliest and sole', () => {
    it('give the outermost row by terms, whatever the ordering', async () => {
      expect((await cities().orderBy('name').latest('population')).name).toBe('Tokyo');
      expect((await cities().orderBy('name').earliest('-population')).name).toBe('Tokyo');
      expect((await cities().earliest('country.code', '-population')).name).toBe('Berlin');
      expect((await cities().latest('country.code', 'population')).name).toBe('Empty');
      expect(await cities().flat('name').earliest('population')).toBe('Empty');
    });

    it('are errors where there is no row, or a slice', async () => {
      const none = cities().filter({ population: -1 });
      await expect(none.latest('name')).rejects.toBeInstanceOf(DoesNotExistError);
      await expect(none.earliest('name')).rejects.toBeInstanceOf(DoesNotExistError);
      await expect(none.sole()).rejects.toBeInstanceOf(DoesNotExistError);
      await expect(cities().slice(0, 2).latest('name')).rejects.toBeInstanceOf(QueryUsageError);
    });

    it('sole takes one row and no more', async () => {
      expect((await cities().filter({ name: 'Paris' }).sole()).capital).toBe(true);
      await expect(cities().sole()).rejects.toBeInstanceOf(MultipleRowsError);
    });
  });

  describe('contains', () => {
    it('finds a row by its key', async () => {
      const paris = await cities().get({ name: 'Paris' });
      expect(await cities().filter({ capital: true }).contains(paris)).toBe(true);
      expect(await cities().exclude({ capital: true }).contains(paris)).toBe(false);
      expect(await cities().none().contains(paris)).toBe(false);
    });

    it('compares keys of several columns', async () => {
      const ward = (await app.db.objects(Ward).orderBy('cityId', 'number').first())!;
      expect(await app.db.objects(Ward).contains(ward)).toBe(true);
      expect(await app.db.objects(Ward).contains(Object.assign(new Ward(), ward, { number: 99 }))).toBe(false);
    });

    it('needs whole rows without a slice', async () => {
      const paris = await cities().get({ name: 'Paris' });
      await expect(cities().flat('name').contains(paris)).rejects.toBeInstanceOf(QueryUsageError);
      await expect(cities().slice(0, 1).contains(paris)).rejects.toBeInstanceOf(QueryUsageError);
    });
  });

  describe('sliceWithCount', () => {
    const names = (rows: readonly City[]) => rows.map(({ name }) => name);
    const statements = async (read: () => Promise<unknown>) => {
      const log: QueryRecord[] = [];
      await runWith(QUERY_LOG, log, read);
      return log.length;
    };

    it('gives some rows and the number of all by one statement', async () => {
      const large = cities().filter({ population__gt: 0 }).orderBy('-population', 'name');
      const found = await large.sliceWithCount(1, 2);
      expect(names([...found.rows])).toEqual(names(await large.slice(1, 2).all()));
      expect(found.count).toBe(await large.count());
      expect(await statements(() => large.sliceWithCount(1, 2))).toBe(1);
      expect(await statements(() => cities().sliceWithCount(1, 2))).toBe(1);
    });

    it('loads what the query loads', async () => {
      const query = cities().orderBy('name').selectRelated('country').prefetchRelated('tags');
      const { rows, count } = await query.sliceWithCount(0, 3);
      expect(rows).toEqual(await query.slice(0, 3).all());
      expect(count).toBe(6);
    });

    it('counts no further than asked for', async () => {
      const upTo = async (most: number) => (await cities().orderBy('id').sliceWithCount(0, 1, { upTo: most })).count;
      expect(await upTo(3)).toBe(4);
      expect(await upTo(10)).toBe(6);
      expect(await upTo(3)).toBe(4);
    });

    it('counts the rows of a query that is a slice itself', async () => {
      const four = cities().orderBy('name').slice(1, 4);
      const { rows, count } = await four.sliceWithCount(2, 5);
      expect(names([...rows])).toEqual(names(await cities().orderBy('name').slice(3, 2).all()));
      expect(count).toBe(4);
    });

    it('asks apart where no row can carry the number', async () => {
      expect(await cities().orderBy('id').sliceWithCount(50, 2)).toEqual({ rows: [], count: 6 });
      expect(await cities().orderBy('id').sliceWithCount(0, 0)).toEqual({ rows: [], count: 6 });
      expect(await cities().none().sliceWithCount(0, 2)).toEqual({ rows: [], count: 0 });
      const capitals = await cities().values('capital').distinct().orderBy('capital').sliceWithCount(0, 1);
      expect(capitals).toEqual({ rows: [{ capital: false }], count: 2 });
    });

    it('keeps the order in front of a cursor', async () => {
      const { next } = await cities().orderBy('name').page({ size: 4 });
      const before = cities().orderBy('name').before(next!);
      expect((await before.sliceWithCount(0, 2)).rows).toEqual(await before.slice(0, 2).all());
    });

    it('refuses what is no slice', async () => {
      await expect(cities().sliceWithCount(-1, 2)).rejects.toBeInstanceOf(QueryUsageError);
    });
  });

  describe('inBulk', () => {
    it('gives rows by their keys, those that are there', async () => {
      const [first, second] = await cities().orderBy('id').all();
      const found = await cities().inBulk([second!.id, first!.id, 0, first!.id]);
      expect(new Set(found.keys())).toEqual(new Set([first!.id, second!.id]));
      expect(found.get(first!.id)).toEqual(first);
      expect((await cities().inBulk([])).size).toBe(0);
      expect((await cities().inBulk()).size).toBe(6);
    });

    it('takes the key as it is named, and any number of keys', async () => {
      const found = await app.db.objects(Country).inBulk(['DE', 'JP', 'ZZ']);
      expect(new Set(found.keys())).toEqual(new Set(['DE', 'JP']));
      const many = Array.from({ length: 12_000 }, (_, index) => index);
      expect((await cities().inBulk(many)).size).toBe(6);
    });

    it('gives rows under keys of several columns as they were given, be they objects or rows', async () => {
      const wards = app.db.objects(Ward).orderBy('cityId', 'number');
      const [first, second] = await wards.all();
      const key = { cityId: first!.cityId, number: first!.number };
      const nobody = { cityId: 0, number: 9 };
      const found = await wards.inBulk([key, second!, nobody]);
      expect([...found.keys()]).toEqual([key, second]);
      expect([found.get(key), found.get(second!)]).toEqual([first, second]);
      expect([...(await wards.inBulk()).keys()][0]).toEqual(key);
      const many = Array.from({ length: 6_000 }, (_, number) => ({ cityId: first!.cityId, number }));
      expect((await wards.inBulk(many)).size).toBe(2);
      await expect(wards.inBulk([1])).rejects.toMatchObject({ code: 'orm.bad_lookup_value' });
    });

    it('refuses fields that are not unique', async () => {
      await expect(cities().inBulk(['Paris'], { by: 'name' })).rejects.toBeInstanceOf(QueryUsageError);
      await expect(cities().slice(0, 1).inBulk([1])).rejects.toBeInstanceOf(QueryUsageError);
      await expect(cities().flat('name').inBulk()).rejects.toBeInstanceOf(QueryUsageError);
    });
  });

  describe('dates and datetimes', () => {
    it.each([
      ['year', ['0250-01-01', '1237-01-01']],
      ['month', ['0250-01-01', '1237-10-01']],
      ['day', ['0250-01-01', '1237-10-28']],
    ] as const)('give each %s once, without nulls', async (unit, expected) => {
      expect(await cities().dates('founded', unit)).toEqual(expected);
      expect(await cities().dates('founded', unit, 'descending')).toEqual([...expected].reverse());
    });

    it('begin weeks on Mondays', async () => {
      expect(await cities().dates('visitedAt', 'week')).toEqual(['2023-12-25', '2024-02-26']);
    });

    it.each([
      ['year', ['2023-01-01T00:00:00.000Z', '2024-01-01T00:00:00.000Z']],
      ['week', ['2023-12-25T00:00:00.000Z', '2024-02-26T00:00:00.000Z']],
      ['hour', ['2023-12-31T23:00:00.000Z', '2024-02-29T12:00:00.000Z']],
      ['minute', ['2023-12-31T23:59:00.000Z', '2024-02-29T12:30:00.000Z']],
      ['second', ['2023-12-31T23:59:59.000Z', '2024-02-29T12:30:15.000Z']],
    ] as const)('cut moments down to the %s, in UTC', async (unit, expected) => {
      expect((await cities().datetimes('visitedAt', unit)).map((moment) => moment.toISOString())).toEqual(expected);
    });

    it('go along relations, once for each value', async () => {
      expect(await app.db.objects(Landmark).dates('city.founded', 'year')).toEqual(['0250-01-01', '1237-01-01']);
      expect(await app.db.objects(Country).filter({ code: 'DE' }).dates('cities.founded', 'month')).toEqual([
        '1237-10-01',
      ]);
      expect(await cities().filter({ name: 'nice' }).dates('founded', 'year')).toEqual([]);
      expect(await cities().none().dates('founded', 'year')).toEqual([]);
    });

    it('refuse what holds no dates', async () => {
      await expect(cities().dates('name', 'year')).rejects.toBeInstanceOf(UnfitPathError);
      await expect(cities().datetimes('founded', 'year')).rejects.toBeInstanceOf(UnfitPathError);
      await expect(cities().slice(0, 1).dates('founded', 'year')).rejects.toBeInstanceOf(QueryUsageError);
    });
  });

  it('explain tells more where the database can, and else says that it cannot', async () => {
    const rows = cities().filter({ name: 'Paris' });
    const { type } = app.db.dataSource.options;
    if (type === 'postgres') {
      expect(await rows.explain({ analyze: true, buffers: true })).toMatch(/actual time/);
      expect(JSON.parse(await rows.explain({ format: 'json', verbose: true }))).toHaveLength(1);
      return;
    }
    await expect(rows.explain({ buffers: true })).rejects.toBeInstanceOf(QueryUsageError);
    if (type === 'better-sqlite3')
      await expect(rows.explain({ analyze: true })).rejects.toBeInstanceOf(QueryUsageError);
    else expect(await rows.explain({ analyze: true })).toMatch(/r_rows|actual time/);
    if (type === 'mysql') expect(await rows.explain({ format: 'text' })).toContain('->');
    if (type === 'mariadb') await expect(rows.explain({ format: 'text' })).rejects.toBeInstanceOf(QueryUsageError);
  });

  it('shows its statement where it is printed, without values and without how the database is reached', () => {
    const shown = inspect(cities().filter({ name: 'Hidden' }), { depth: null });
    expect(shown).toMatch(/^QuerySet of City: SELECT .* FROM .*city/);
    expect(shown).not.toContain('Hidden');
    expect(inspect(cities().untyped().filter({ nope: 1 }))).toMatch(/^QuerySet of City: City has no path "nope"/);
    expect(inspect({ db: app.db }, { depth: null })).toBe(`{ db: Database "default" (${database.dialect}) }`);
  });

  it('when refines the query where a value is given', async () => {
    const named = (name?: string | null) =>
      cities().when(
        name,
        (rows, value) => rows.filter({ name: value }),
        (rows) => rows.filter({ capital: true }),
      );
    expect(await named('Paris').flat('name').all()).toEqual(['Paris']);
    const capitals = await cities().filter({ capital: true }).count();
    for (const nothing of [undefined, null, '']) expect(await named(nothing).count()).toBe(capitals);
    expect(
      cities()
        .when(false, (rows) => rows.none())
        .toSQL(),
    ).toEqual(cities().toSQL());
    expect(
      await cities()
        .when(0, (rows) => rows.none())
        .count(),
    ).toBe(0);
  });

  it('explain tells the plan of the database', async () => {
    expect(await cities().filter({ id: 1 }).explain()).toMatch(/SEARCH|Index Scan|Seq Scan|"table"|"query_plan"/);
    expect(await cities().filter({ name: "x'); drop table city; --" }).explain()).toMatch(
      /SCAN|Scan|"table"|"query_plan"/,
    );
  });
});
