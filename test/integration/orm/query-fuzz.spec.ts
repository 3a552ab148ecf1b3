import { FrameworkError } from 'bowerbird/core';
import {
  Avg,
  Case,
  Coalesce,
  Concat,
  Count,
  Exists,
  Extract,
  F,
  FieldError,
  Lag,
  Left,
  Lower,
  LPad,
  Max,
  OuterRef,
  Q,
  Rank,
  Replace,
  Round,
  StrIndex,
  Subquery,
  Sum,
  Value,
  When,
  Window,
  type Expression,
  type Literal,
  type QuerySet,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, fillWorld, Landmark, openWorld } from './query.world.js';

/** Deterministic pseudo-random numbers (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const HOSTILE = [
  "'",
  '"',
  '`',
  '\\',
  '--',
  '/*',
  '*/',
  ';',
  '$1',
  '?',
  ':x',
  '%',
  '_',
  "'; DROP TABLE city; --",
  '" OR 1=1 --',
  "' || (SELECT secret FROM city) || '",
  '${1}',
  '{{1}}',
  '\u0000',
  '\u2028',
  '\ud800',
  '💥',
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '.',
  '..',
  '__',
  'a'.repeat(200),
];

const FIELDS = [
  'id',
  'name',
  'population',
  'area',
  'capital',
  'founded',
  'visitedAt',
  'data',
  'data.a',
  'data.a.0',
  'notes',
  'motto',
  'location.latitude',
  'country',
  'country.name',
  'country.population',
  'twin',
  'tags',
  'tags.weight',
  'landmarks',
  'landmarks.height',
  'landmarks.visits.stars',
  'wards',
  'pk',
];

/** One in eight is hostile. */
const PATHS = [...Array.from({ length: 9 }, () => FIELDS).flat(), ...HOSTILE];

const VALUES: readonly Literal[] = [
  0,
  -1,
  1.5,
  1e20,
  2 ** 40,
  10n,
  true,
  null,
  new Date('2024-02-29T12:00:00Z'),
  '2024-02-29',
  '1.50',
  Number.NaN,
];
const LITERALS: readonly Literal[] = [...VALUES, ...VALUES, ...HOSTILE];

type Pick = <T>(list: readonly T[]) => T;

/** Expressions whose every name and value is drawn by lot. */
const MAKERS: readonly ((pick: Pick) => Expression)[] = [
  (pick) => F(pick(PATHS)),
  (pick) => F(pick(PATHS)).plus(pick(LITERALS)),
  (pick) => F(pick(PATHS)).times(F(pick(PATHS))),
  (pick) => F(pick(PATHS)).dividedBy(pick(LITERALS)),
  (pick) => Value(pick(LITERALS)),
  (pick) => Count(pick(PATHS), { filter: { [pick(PATHS)]: pick(LITERALS) } }),
  (pick) => Sum(pick(PATHS)),
  (pick) => Avg(pick(PATHS), { default: pick(LITERALS) }),
  (pick) => Max(F(pick(PATHS)).minus(pick(LITERALS))),
  (pick) => Case(When({ [pick(PATHS)]: pick(LITERALS) }, pick(LITERALS))).otherwise(pick(LITERALS)),
  (pick) => Coalesce(F(pick(PATHS)), pick(LITERALS)),
  (pick) => Concat(F(pick(PATHS)), pick(LITERALS), pick(LITERALS)),
  (pick) => Lower(pick(PATHS)),
  (pick) => Left(pick(PATHS), 3),
  (pick) => LPad(pick(PATHS), 8, `${String(pick(HOSTILE))}x`),
  (pick) => Replace(pick(PATHS), pick(HOSTILE), pick(HOSTILE)),
  (pick) => StrIndex(pick(PATHS), pick(HOSTILE)),
  (pick) => Round(pick(PATHS), 2),
  (pick) => Extract(pick(PATHS), pick(['year', 'week', 'hour'] as const)),
  (pick) => Window(Rank(), { partitionBy: pick(PATHS), orderBy: `-${pick(PATHS)}` }),
  (pick) => Window(Lag(pick(PATHS), 1, pick(LITERALS)), { orderBy: pick(PATHS) }),
];

describe('hostile names and values', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let cities: QuerySet;

    beforeAll(async () => {
      app = await openWorld(database.url);
      await fillWorld(app);
      cities = app.db.objects(City).untyped();
    });
    afterAll(async () => {
      await app?.close();
    });

    /** Draws so many times, and tells how many draws were answered. Anything but a typed error is a failure. */
    async function answered(seed: number, rounds: number, draw: (pick: Pick) => Promise<unknown>): Promise<number> {
      const next = random(seed);
      const drawn: unknown[] = [];
      const pick: Pick = (list) => {
        const item = list[Math.floor(next() * list.length)]!;
        drawn.push(item);
        return item;
      };
      const failures = new Map<string, string>();
      let count = 0;
      for (let round = 0; round < rounds; round += 1) {
        drawn.length = 0;
        try {
          await draw(pick);
          count += 1;
        } catch (error) {
          if (!(error instanceof FrameworkError)) failures.set(String(error), drawn.map(String).join(' | '));
        }
      }
      expect([...failures]).toEqual([]);
      return count;
    }

    it('in expressions give rows or a typed error', async () => {
      const count = await answered(1, 1_500, async (pick) =>
        cities
          .annotate({ x: pick(MAKERS)(pick) })
          .orderBy('id')
          .flat('x')
          .all(),
      );
      expect(count).toBeGreaterThan(200);
    });

    it('in conditions and orderings by expressions', async () => {
      const count = await answered(2, 800, async (pick) => {
        const rows = cities.alias({ x: pick(MAKERS)(pick) });
        const filtered = rows.filter({
          [pick(['x', 'x__gt', 'x__in', 'x__isnull', 'x__icontains', 'x__year'])]: pick(LITERALS),
        });
        await filtered
          .orderBy(pick([F('x').desc({ nulls: 'last' }), 'x', `-${pick(PATHS)}`]))
          .flat('id')
          .all();
      });
      expect(count).toBeGreaterThan(20);
    });

    it('in aggregates and groups', async () => {
      const count = await answered(3, 800, async (pick) => {
        await cities.aggregate({ [pick(['total', 'x', ...HOSTILE])]: pick(MAKERS)(pick) });
        await cities
          .values(pick(PATHS))
          .annotate({ n: Count(pick(PATHS)) })
          .filter({ n__gt: pick(LITERALS) })
          .all();
      });
      expect(count).toBeGreaterThan(2);
    });

    it('in updates that fail', async () => {
      await answered(4, 400, async (pick) =>
        cities.filter({ id: -1 }).update({ [pick(PATHS)]: pick(MAKERS)(pick), [pick(PATHS)]: pick(LITERALS) }),
      );
      expect(await cities.count()).toBe(6);
    });

    it('in paths, sets and subqueries', async () => {
      await answered(5, 600, async (pick) => {
        const inner = app.db
          .objects(Landmark)
          .untyped()
          .filter({ city: OuterRef(pick(PATHS)) });
        await cities
          .annotate({ top: Subquery(inner.flat(pick(['name', 'height', ...HOSTILE]))) })
          .filter(Q({ [pick(PATHS)]: pick(LITERALS) }).or(Exists(inner)))
          .distinctOn(pick(PATHS))
          .values('id', pick(PATHS))
          .all();
      });
    });

    it('are refused with 400 where they are fields and values of lookups', async () => {
      for (const name of HOSTILE) {
        for (const lookups of [
          { [name]: 1 },
          { [`name__${name}`]: 1 },
          { [`country.${name}`]: 1 },
          { [`data.${name}`]: name },
        ]) {
          const found: unknown = await cities
            .filter(lookups)
            .count()
            .catch((error: unknown) => error);
          if (typeof found !== 'number') expect(found, JSON.stringify(lookups)).toBeInstanceOf(FieldError);
        }
        const ordered: unknown = await cities
          .orderBy(name)
          .flat('id')
          .all()
          .catch((error: unknown) => error);
        if (!Array.isArray(ordered)) expect(ordered).toBeInstanceOf(FieldError);
      }
    });

    it('are found as what they are', async () => {
      for (const value of HOSTILE.filter((text) => !/[\0\ud800]/u.test(text))) {
        await app.db.objects(City).filter({ name: 'Köln' }).update({ notes: value });
        const koln = cities.filter({ name: 'Köln' });
        expect(await koln.filter({ notes: value }).count(), value).toBe(1);
        expect(
          await koln.filter({ notes__contains: value, notes__startswith: value, notes__endswith: value }).count(),
        ).toBe(1);
        expect(
          await koln
            .annotate({ same: Concat('', F('notes'), value) })
            .flat('same')
            .get(),
        ).toBe(value + value);
      }
    });
  });
});
