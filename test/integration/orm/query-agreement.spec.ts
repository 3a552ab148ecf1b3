import { FrameworkError } from 'bowerbird/core';
import {
  Count,
  F,
  FilteredRelation,
  Max,
  Q,
  SearchQuery,
  SearchRank,
  SearchVector,
  Sum,
  type QuerySet,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS, type OrmTestApp } from '../../support/databases.js';
import { FIELDS, HOSTILE, makers, random, SEARCH_TYPES, VALUES, type Pick } from './query-fuzz.support.js';
import { City, fillWorld, openWorld } from './query.world.js';

type Answer = (rows: QuerySet, pick: Pick) => Promise<unknown>;

/** SQLite's integers have no smaller ranges than 64 bits. */
const FITTING = VALUES.filter((value) => value !== 2 ** 40);
const MAKERS = makers(FIELDS, FITTING);

/** What cities are joined to: entities, groups and values. */
const SOURCES: readonly ((cities: QuerySet) => QuerySet)[] = [
  (cities) => cities,
  (cities) => cities.values('country').annotate({ n: Count('id') }),
  (cities) => cities.values('name', 'tags.weight', 'data', 'id'),
  (cities) => cities.filter({ capital: true }).orderBy('-population').slice(0, 2),
  (cities) =>
    cities
      .values('country')
      .annotate({ n: Count('landmarks') })
      .asTable()
      .filter({ n__gt: 0 }),
];

/** The same questions to every database of the run: none may answer otherwise than the others. */
describe('databases agree', () => {
  const worlds: { readonly name: string; readonly app: OrmTestApp; readonly drop: () => Promise<void> }[] = [];

  beforeAll(async () => {
    for (const dialect of DIALECTS) {
      const database = await createDatabase(dialect);
      const app = await openWorld(database.url);
      await fillWorld(app);
      worlds.push({ name: dialect, app, drop: () => database.drop() });
    }
  });
  afterAll(async () => {
    for (const { app, drop } of worlds) {
      await app.close();
      await drop();
    }
  });

  /** Ids of rows made by the database differ between them; so do uuids. */
  function plain(value: unknown): unknown {
    if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(10));
    if (Array.isArray(value)) return value.map(plain);
    if (value instanceof Date || value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }

  async function disagreements(seed: number, rounds: number, answer: Answer): Promise<unknown[]> {
    const found: unknown[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const answers = new Map<string, string>();
      let drawn: readonly string[] = [];
      for (const { name, app } of worlds) {
        const next = random(seed * 100_000 + round);
        const items: unknown[] = [];
        const pick: Pick = (list) => {
          const item = list[Math.floor(next() * list.length)]!;
          items.push(item);
          return item;
        };
        const given = await answer(app.db.objects(City).untyped(), pick).catch((error: unknown) =>
          error instanceof FrameworkError ? error.code : String(error),
        );
        answers.set(name, JSON.stringify(plain(given)) ?? 'undefined');
        drawn = items.map(String);
      }
      if (new Set(answers.values()).size > 1) found.push({ drawn, answers: Object.fromEntries(answers) });
    }
    return found;
  }

  it('about values of expressions', async () => {
    const ask: Answer = (rows, pick) =>
      rows
        .annotate({ x: pick(MAKERS)(pick) })
        .orderBy('name')
        .flat('x')
        .all();
    expect(await disagreements(1, 700, ask)).toEqual([]);
  });

  it('about rows that conditions on them find', async () => {
    const ask: Answer = (rows, pick) =>
      rows
        .alias({ x: pick(MAKERS)(pick) })
        .filter({
          [pick(['x', 'x__gt', 'x__lte', 'x__ne', 'x__isnull', 'x__in', 'x__icontains'])]: pick([
            ...VALUES,
            F(pick(FIELDS)),
          ]),
        })
        .orderBy('name')
        .flat('name')
        .all();
    expect(await disagreements(2, 700, ask)).toEqual([]);
  });

  it('about aggregates and groups', async () => {
    const ask: Answer = async (rows, pick) => [
      await rows.aggregate({ n: Count(pick(FIELDS)), most: Max(pick(FIELDS)), sum: Sum(pick(FIELDS)) }).catch(codeOf),
      await rows
        .values(pick(FIELDS))
        .annotate({ n: Count(pick(FIELDS)), high: Max('population') })
        .filter(pick([Q({ n__gt: 1 }), Q({ high__gt: 1_000_000 }).or({ n: 1 }), Q({ capital: true })]))
        .orderBy('n', 'high')
        .valuesList()
        .all()
        .catch(codeOf),
    ];
    expect(await disagreements(3, 300, ask)).toEqual([]);
  });

  it('about joins of every kind', async () => {
    const ask: Answer = async (rows, pick) => {
      const source = pick(SOURCES)(rows);
      const own = pick(FIELDS);
      const other = `j.${pick([...FIELDS, 'n', 'name', 'weight', 'height'])}`;
      const on = pick([
        { [own]: F(other) },
        { [other]: F(own) },
        { [`${own}__lt`]: F(other) },
        { [`${other}__ne`]: F(own) },
      ]);
      const joined = rows.join('j', source, { on, kind: pick(['inner', 'left', 'right', 'full'] as const) });
      const kept = joined.filter(
        pick([Q({ j__isnull: true }), Q({ j__isnull: false }), Q({}), Q({ [other]: pick(FITTING) })]),
      );
      const found = await kept.orderBy().valuesList(pick(FIELDS), other).all();
      return [await kept.count(), found.map((row) => JSON.stringify(plain(row))).toSorted()];
    };
    expect(await disagreements(5, 700, ask)).toEqual([]);
  });

  it('about narrowed relations', async () => {
    const ask: Answer = async (rows, pick) => {
      const path = pick(['landmarks', 'tags', 'twin', 'country', 'landmarks.visits', 'mayor', 'twin.landmarks']);
      const condition = {
        [pick([...FIELDS, `${path}.name`, `${path}.id`])]: pick([...FITTING, F(pick(FIELDS)), F(`${path}.id`)]),
      };
      const narrowed = rows.joined({ some: FilteredRelation(path, pick([Q(condition), Q(condition).not(), Q({})])) });
      return narrowed
        .annotate({ n: Count('some') })
        .filter(pick([Q({ some__isnull: true }), Q({ n: 1 }), Q({}), Q({ 'some.name__isnull': false })]))
        .orderBy(pick(['some.name', 'name']), 'name')
        .valuesList('name', 'n')
        .all();
    };
    expect(await disagreements(6, 500, ask)).toEqual([]);
  });

  it('about searches and ranks', async () => {
    const texts = ['name', 'notes', 'motto', 'country.name', 'twin.name', 'location.zone', 'population'];
    const queries = [
      ...HOSTILE,
      'berlin',
      'KÖLN',
      'paris or été',
      '-off',
      '50% off_now',
      'a*',
      'empty | berlin',
      "'off now'",
    ];
    const ask: Answer = async (rows, pick) => {
      const query = SearchQuery(pick(queries), { type: pick(SEARCH_TYPES) });
      return rows
        .annotate({ rank: SearchRank(SearchVector(pick(texts), pick(texts), { weight: pick(['A', 'C']) }), query) })
        .filter({
          [`${pick([...texts, 'landmarks.name', 'tags.name'])}__search`]: pick([query, query.not(), pick(queries)]),
        })
        .orderBy('-rank', 'name')
        .valuesList('name', 'rank')
        .all();
    };
    expect(await disagreements(7, 400, ask)).toEqual([]);
  });

  it('about the order of expressions', async () => {
    const ask: Answer = (rows, pick) =>
      rows
        .orderBy(pick(MAKERS)(pick).desc({ nulls: pick(['first', 'last'] as const) }), 'name')
        .flat('name')
        .all();
    expect(await disagreements(4, 400, ask)).toEqual([]);
  });
});

function codeOf(error: unknown): string {
  if (error instanceof FrameworkError) return error.code;
  throw error;
}
