import { inspect } from 'node:util';

import { FrameworkError } from 'bowerbird/core';
import { F, Q, QuerySet, QueryUsageError } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { random } from './query-fuzz.support.js';
import { City, Country, fillWorld, openWorld, Visit } from './query.world.js';

const NAMES = [
  'name',
  'population',
  'area',
  'capital',
  'founded',
  'visitedAt',
  'data',
  'notes',
  'motto',
  'location',
  'location.zone',
  'country',
  'country.continent',
  'country.population',
  'twin',
  'twin.id',
  'tags',
  'tags.weight',
  'landmarks.visits',
  'landmarks.visits.id',
  'mayor',
  'wards',
  'wards.schools',
  'pk',
  'country.pk',
  'constructor',
  '__proto__',
  'toString',
  'name.x',
  '',
  '.',
  'name"',
  "na'me",
  'name`',
  'name;--',
  'na\0me',
  'tags.',
  '.name',
  'name) OR 1=1 --',
  'location.',
  '*',
];
const LOOKUPS = [
  '',
  '__exact',
  '__iexact',
  '__ne',
  '__in',
  '__range',
  '__gt',
  '__lte',
  '__isnull',
  '__contains',
  '__icontains',
  '__startswith',
  '__iendswith',
  '__year',
  '__month__gt',
  '__date',
  '__date__in',
  '__year__range',
  '__',
  '____',
  '__nope',
  '__exact__exact',
  '__in__ne',
  '__ne__ne',
  '__year__ne',
  "__exact'",
  '__proto__',
  '__constructor',
];
const VALUES: readonly unknown[] = [
  '',
  'x',
  'abc',
  "'",
  '"',
  '\\',
  '%',
  '\0',
  'a\0b',
  '\ud800',
  0,
  1,
  -1,
  1.5,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  1e300,
  Number.NaN,
  Infinity,
  '99999999999999999999',
  '1e400',
  '1e999999999',
  '0x10',
  10n,
  2n ** 63n,
  2n ** 80n,
  true,
  false,
  'true',
  null,
  undefined,
  [],
  [1],
  ['x', 1, null],
  [undefined],
  [1, 2],
  [2, 1],
  ['a', 'b', 'c'],
  [[]],
  {},
  { id: 1 },
  { id: 'x' },
  { id: { id: 1 } },
  { code: 'DE' },
  { cityId: 1, number: 1 },
  { toString: null },
  Object.create(null),
  new Date(),
  new Date(Number.NaN),
  new Date(8.64e15),
  '2024-02-30',
  '2024-02-29',
  '0000-00-00',
  '9999-12-31',
  '10000-01-01',
  '2024-01-01T00:00:00+99:99',
  '25:00',
  new Uint8Array([1, 2]),
  new Set([1]),
  new Map(),
  Symbol.iterator,
  () => 1,
  /x/,
  new Error('x'),
  'd41d8cd9-8f00-4204-a980-0998ecf8427e',
  Q({ name: 'x' }),
];

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openWorld(database.url);
    await fillWorld(app);
  });
  afterAll(() => app?.close());

  const cities = (): QuerySet => app.db.objects(City).untyped();

  const refusals: readonly [name: string, condition: Record<string, unknown>, code: string, message: RegExp][] = [
    ['an unknown field', { nam: 'x' }, 'orm.unknown_path', /Did you mean "name"/],
    ['an unknown field of a relation', { 'country.nme': 'x' }, 'orm.unknown_path', /Country has no path "nme"/],
    ['an unknown relation', { 'contry.name': 'x' }, 'orm.unknown_path', /City has no path/],
    ['a path that goes on after a column', { 'name.length': 1 }, 'orm.unknown_path', /City/],
    ['an embedded object', { location: 1 }, 'orm.unknown_path', /location/],
    ['an unknown lookup', { name__icontain: 'x' }, 'orm.unknown_lookup', /Did you mean "icontains"/],
    ['a lookup that does not fit', { population__icontains: '1' }, 'orm.unknown_lookup', /population/],
    ['an order of booleans', { capital__gt: true }, 'orm.unknown_lookup', /capital/],
    ['an order of JSON documents by days', { data__year: 2024 }, 'orm.unknown_lookup', /data/],
    ['a date part of text', { name__year: 2024 }, 'orm.unknown_lookup', /name/],
    ['a part of a date part', { founded__year__month: 1 }, 'orm.unknown_lookup', /founded__year/],
    ['text for an integer', { population: 'abc' }, 'orm.bad_lookup_value', /"population" takes an integer, got "abc"/],
    ['a fraction for an integer', { population: 1.5 }, 'orm.bad_lookup_value', /1.5/],
    [
      'an integer of more than 64 bits',
      { 'country.population': '99999999999999999999' },
      'orm.bad_lookup_value',
      /64 bits/,
    ],
    ['a day that is not in the calendar', { founded: '2023-02-29' }, 'orm.bad_lookup_value', /date/],
    ['a moment that is none', { visitedAt__gt: 'tomorrow' }, 'orm.bad_lookup_value', /ISO 8601/],
    ['a NUL byte', { name: 'a\0' }, 'orm.bad_lookup_value', /NUL/],
    ['a NUL byte in a pattern', { name__icontains: '\0' }, 'orm.bad_lookup_value', /NUL/],
    [
      'an unknown enum value',
      { 'country.continent': 'europa' },
      'orm.bad_lookup_value',
      /one of africa, asia, europe, got/,
    ],
    ['a UUID that is none', { 'landmarks.visits.id': '1' }, 'orm.bad_lookup_value', /UUID/],
    ['undefined', { name: undefined }, 'orm.bad_lookup_value', /undefined/],
    ['null in a list', { name__in: ['a', null] }, 'orm.bad_lookup_value', /null/],
    ['something else than a list', { name__in: 'abc' }, 'orm.bad_lookup_value', /list/],
    ['a range of three', { population__range: [1, 2, 3] }, 'orm.bad_lookup_value', /two values/],
    ['a row without its key', { country: {} }, 'orm.bad_lookup_value', /code/],
    ['a key that does not fit', { twin: 'abc' }, 'orm.bad_lookup_value', /twin/],
    ['text for a flag', { twin__isnull: 'maybe' }, 'orm.bad_lookup_value', /true or false/],
    ['half a composite key', { wards: { number: 1 } }, 'orm.bad_lookup_value', /cityId/],
    ['one value for a composite key', { wards: 1 }, 'orm.bad_lookup_value', /cityId, number/],
    ['a year beyond calendars', { founded__year: 12_345 }, 'orm.bad_lookup_value', /1 to 9999/],
    ['a list of whole rows', { name__in: 'query' }, 'orm.bad_lookup_value', /list/],
  ];

  describe('a filter refuses', () => {
    it.each(refusals)('%s', async (_, condition, code, message) => {
      const attempt = cities().filter(condition).all();
      await expect(attempt).rejects.toMatchObject({ code, status: 400 });
      await expect(attempt).rejects.toThrow(message);
      await expect(cities().exclude(condition).count()).rejects.toMatchObject({ code });
    });

    if (database.dialect !== 'sqlite')
      it('integers that the column cannot hold', async () => {
        await expect(
          cities()
            .filter({ population__gt: 2 ** 31 })
            .all(),
        ).rejects.toMatchObject({ code: 'orm.bad_lookup_value' });
      });
  });

  describe('other methods refuse', () => {
    it('unknown and unfit paths', async () => {
      await expect(cities().orderBy('nam').all()).rejects.toThrow(/Did you mean "name"/);
      await expect(cities().orderBy('-country.nam').all()).rejects.toMatchObject({ code: 'orm.unknown_path' });
      await expect(cities().orderBy('name; DROP TABLE city').all()).rejects.toMatchObject({ code: 'orm.unknown_path' });
      await expect(cities().selectRelated('tags').all()).rejects.toMatchObject({ code: 'orm.unfit_path' });
      await expect(cities().selectRelated('name').all()).rejects.toMatchObject({ code: 'orm.unfit_path' });
      await expect(cities().selectRelated('contry').all()).rejects.toThrow(/Did you mean "country"/);
      await expect(cities().prefetchRelated('tags.name').all()).rejects.toMatchObject({ code: 'orm.unfit_path' });
      const asa = cities().filter({ 'country.continent': 'asa' });
      await expect(asa.all()).rejects.toMatchObject({ hint: 'Did you mean "asia"?' });
      await expect(cities().orderBy('?').all()).rejects.toMatchObject({ hint: expect.stringContaining('Random()') });
      await expect(cities().values('name', 'nam').all()).rejects.toMatchObject({ code: 'orm.unknown_path' });
      await expect(cities().flat('location').all()).rejects.toMatchObject({ code: 'orm.unknown_path' });
    });

    it('what a slice or a shape does not allow', async () => {
      const sliced = cities().slice(0, 2);
      for (const change of [
        () => sliced.filter({ name: 'x' }),
        () => sliced.orderBy('name'),
        () => sliced.reverse(),
        () => cities().slice(-1),
        () => cities().slice(0, 1.5),
      ])
        expect(change).toThrow(expect.objectContaining({ code: 'orm.query_usage' }));
      await expect(sliced.delete()).rejects.toMatchObject({ code: 'orm.query_usage' });
      await expect(cities().filter({ name__in: cities() }).all()).rejects.toMatchObject({ code: 'orm.query_usage' });
      await expect(
        cities()
          .filter({
            population__in: Array.from({ length: 20_000 }, (_, index) => index),
            id__in: Array.from({ length: 20_000 }, (_, index) => index),
          })
          .all(),
      ).rejects.toMatchObject({ code: 'orm.query_usage' });
      expect(() => app.db.objects(Country).untyped().typed(City)).toThrow(
        expect.objectContaining({ code: 'orm.query_usage' }),
      );
    });
  });

  describe('methods refuse arguments of other kinds', () => {
    const wrong: readonly unknown[] = [
      undefined,
      null,
      5,
      Number.NaN,
      true,
      'nope',
      '',
      [],
      [null],
      ['nope', 5],
      {},
      { n: 'name' },
      { n: null },
      { toString: null },
      Object.create(null),
      Symbol('x'),
      () => 1,
      new Date(),
      new Map(),
      City,
      F('name'),
      Q({ name: 'x' }),
    ];
    const methods =
      'filter exclude annotate alias aggregate orderBy distinctOn values valuesList flat union unionAll intersection ' +
      'difference joined join selectRelated prefetchRelated only defer slice after before inZone using typed as scope ' +
      'when withoutScopes selectForUpdate get latest earliest count contains inBulk dates datetimes page iterator ' +
      'stream explain raw create bulkCreate bulkUpdate getOrCreate updateOrCreate update';

    it.each(methods.split(' '))('%s()', async (name) => {
      const problems: string[] = [];
      const attempt = async (given: readonly unknown[]): Promise<void> => {
        const rows = cities().filter({ id: -1 });
        try {
          const made = await (rows as unknown as Callable)[name]!(...given);
          if (made instanceof QuerySet) await made.all();
          else if (typeof made === 'object' && made !== null && Symbol.asyncIterator in made)
            await (made as unknown as AsyncIterator<unknown>).next();
        } catch (error) {
          if (!(error instanceof FrameworkError))
            problems.push(`${name}(${given.map(shown).join(', ')}): ${String(error)}`);
        }
      };
      for (const one of wrong) {
        if (typeof one === 'function' && ['as', 'scope', 'when'].includes(name)) continue;
        await attempt([one]);
        await attempt(['name', one]);
      }
      expect([...new Set(problems)]).toEqual([]);
    });

    it('and take nothing for no condition', async () => {
      for (const nothing of [undefined, null, 'x', 5, []])
        for (const call of [
          () => cities().filter(nothing as never),
          () => cities().exclude(nothing as never),
          () => Q(nothing as never),
          () => Q({ name: 'x' }).or(nothing as never),
        ])
          expect(call).toThrow(QueryUsageError);
      expect(() => cities().values({ n: 'name' } as never)).toThrow(QueryUsageError);
    });
  });

  describe('kinds', () => {
    const counts: readonly [condition: Record<string, unknown>, count: number][] = [
      [{ population: '3600000' }, 1],
      [{ population__range: [1, 1_000_000] }, 2],
      [{ area: 405 }, 1],
      [{ area__gt: '405.001' }, 2],
      [{ area__in: ['105.4', 891.7] }, 2],
      [{ capital: 'true' }, 3],
      [{ capital__in: [false] }, 3],
      [{ founded: '1237-10-28' }, 1],
      [{ founded__lt: '1000-01-01' }, 1],
      [{ founded__year: 1237 }, 1],
      [{ founded__year__gte: 250 }, 2],
      [{ founded__month: 10 }, 1],
      [{ founded__day__in: [1, 28] }, 2],
      [{ visitedAt: '2024-02-29T12:30:15.250Z' }, 1],
      [{ visitedAt: new Date('2024-02-29T12:30:15.250Z') }, 1],
      [{ visitedAt__gt: '2024-02-29T14:30:15.249+02:00' }, 1],
      [{ visitedAt__year: 2023 }, 1],
      [{ visitedAt__year: 9999 }, 0],
      [{ visitedAt__year__in: [2023, 2024] }, 2],
      [{ visitedAt__month: 2 }, 1],
      [{ visitedAt__day: 31 }, 1],
      [{ visitedAt__date: '2024-02-29' }, 1],
      [{ visitedAt__date__gte: '2023-12-31' }, 2],
      [{ visitedAt__date__range: ['2023-12-31', '2024-01-01'] }, 1],
      [{ visitedAt__year__ne: 2023 }, 5],
      [{ 'location.latitude__gte': 52.5 }, 1],
      [{ 'location.zone__iexact': 'EUROPE/BERLIN' }, 1],
      [{ data__isnull: false }, 1],
      [{ motto: 'ARM' }, 1],
      [{ motto__contains: 'arm' }, 1],
      [{ 'country.continent__in': ['asia', 'africa'] }, 2],
      [{ 'country.population': 9_007_199_254_740_993n }, 1],
      [{ name__gt: 'P', name__lt: 'Q' }, 1],
      [{ notes: null }, 3],
      [{ notes__ne: null }, 3],
      [{ id__ne: 1 }, 5],
      [{ pk__gt: 2 }, 4],
      [{ 'country.pk': 'DE' }, 2],
      [{ 'twin.pk__isnull': false }, 2],
    ];
    it.each(counts)('%o', async (condition, count) => {
      expect(await cities().filter(condition).count()).toBe(count);
    });

    it('compare UUIDs in any spelling', async () => {
      const visits = app.db.objects(Visit);
      const visit = (await visits.orderBy('stars').first())!;
      expect(await visits.filter({ id: visit.id.toUpperCase() }).count()).toBe(1);
      expect(await visits.filter({ id__in: [visit.id.replaceAll('-', '')] }).count()).toBe(1);
    });
  });

  it('answers random names and values with rows or with a typed error', async () => {
    const next = random(20_261_121);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
    let answered = 0;
    for (let round = 0; round < 6_000; round += 1) {
      const condition = { [pick(NAMES) + pick(LOOKUPS)]: pick(VALUES) };
      const query = next() < 0.5 ? cities().filter(condition) : cities().exclude(condition);
      try {
        await query
          .orderBy(...(next() < 0.2 ? [pick(NAMES)] : []))
          .flat('id')
          .all();
        answered += 1;
      } catch (error) {
        if (!(error instanceof FrameworkError) || error.status !== 400)
          throw new Error(
            `${JSON.stringify(Object.keys(condition))} ${String(Object.values(condition).map((value) => typeof value))}`,
            { cause: error },
          );
      }
    }
    expect(answered).toBeGreaterThan(100);
    expect(await cities().count()).toBe(6);
  });
});

/** A query set whose methods take whatever they are given. */
type Callable = Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;

/** A value as a message shows it. */
function shown(value: unknown): string {
  return inspect(value, { depth: 1 });
}
