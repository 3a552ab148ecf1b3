import { FrameworkError } from 'bowerbird/core';
import { Count, F, Max, Q, Sum, type QuerySet } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS, type OrmTestApp } from '../../support/databases.js';
import { FIELDS, makers, random, VALUES, type Pick } from './query-fuzz.support.js';
import { City, fillWorld, openWorld } from './query.world.js';

type Answer = (rows: QuerySet, pick: Pick) => Promise<unknown>;

/** SQLite's integers have no smaller ranges than 64 bits. */
const FITTING = VALUES.filter((value) => value !== 2 ** 40);
const MAKERS = makers(FIELDS, FITTING);

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
