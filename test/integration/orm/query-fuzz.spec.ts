import { FrameworkError } from 'bowerbird/core';
import {
  Concat,
  Count,
  Exists,
  F,
  FieldError,
  FilteredRelation,
  Max,
  OuterRef,
  Q,
  SearchQuery,
  SearchRank,
  SearchVector,
  Subquery,
  type QuerySet,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { HOSTILE, LITERALS, makers, PATHS, random, SEARCH_TYPES, type Pick } from './query-fuzz.support.js';
import { City, fillWorld, Landmark, openWorld } from './query.world.js';

const MAKERS = makers(PATHS, LITERALS);

/** Names of annotations and joins; one in two is hostile. */
const NAMES = [...HOSTILE, ...HOSTILE.map((_, index) => `name${index}`)];

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
      const whole = await answered(3, 800, (pick) =>
        cities.aggregate({ [pick(['total', 'x', ...HOSTILE])]: pick(MAKERS)(pick) }),
      );
      const grouped = await answered(30, 800, (pick) =>
        cities
          .values(pick(PATHS))
          .annotate({ n: Count(pick(PATHS)), x: pick(MAKERS)(pick) })
          .filter({ [pick(['n__gt', 'x', pick(PATHS)])]: pick(LITERALS) })
          .all(),
      );
      expect([whole, grouped].map((count) => count > 2)).toEqual([true, true]);
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

    it('in names, conditions and paths of joins', async () => {
      const landmarks = app.db.objects(Landmark).untyped();
      const count = await answered(6, 900, async (pick) => {
        const name = pick(NAMES);
        const source = pick([landmarks, cities, landmarks.values('city').annotate({ n: Count('id') })]);
        const path = (): string => pick([...PATHS, `${name}.${pick(PATHS)}`, name]);
        const on = {
          [`${path()}${pick(['', '__gt', '__isnull', `__${pick(HOSTILE)}`])}`]: pick([F(path()), pick(LITERALS)]),
        };
        const rows = cities.join(name, source, { on, kind: pick(['inner', 'left', 'right', 'full'] as const) });
        await rows
          .filter({ [path()]: pick(LITERALS) })
          .orderBy(path())
          .values(path(), path())
          .all();
      });
      expect(count).toBeGreaterThan(10);
    });

    it('in narrowed relations', async () => {
      const count = await answered(7, 900, async (pick) => {
        const name = pick(NAMES);
        const condition = { [pick([...PATHS, 'tags.name', 'landmarks.name'])]: pick(LITERALS) };
        const relation = FilteredRelation(pick(['tags', 'landmarks', 'country', ...PATHS]), pick([condition, {}]));
        await cities
          .joined({ [name]: relation })
          .filter({ [pick([name, `${name}.name`, `${name}.${pick(PATHS)}`])]: pick(LITERALS) })
          .orderBy(pick(['id', `${name}.name`, `${name}.${pick(PATHS)}`]))
          .annotate({ n: Count(name) })
          .all();
      });
      expect(count).toBeGreaterThan(10);
    });

    it('in tables', async () => {
      const count = await answered(8, 900, async (pick) => {
        const [one, other] = [pick(PATHS), pick(PATHS)];
        const rows = cities.values(one, other).annotate({ [pick(NAMES)]: Max(pick(PATHS)) });
        await (rows.asTable() as QuerySet)
          .filter({ [pick([one, `${one}.${pick(HOSTILE)}`, pick(PATHS)])]: pick(LITERALS) })
          .orderBy(pick([one, other, pick(PATHS)]))
          .all();
      });
      expect(count).toBeGreaterThan(10);
    });

    it('in searches and ranks', async () => {
      const texts = [...Array.from({ length: 30 }, () => ['name', 'notes', 'motto', 'country.name']).flat(), ...PATHS];
      const count = await answered(8, 800, async (pick) => {
        const query = SearchQuery(pick([...HOSTILE, 'berlin', 'fr*', '-x']), { type: pick(SEARCH_TYPES) });
        const rank = SearchRank(SearchVector(pick(texts), pick(texts)), pick([query, query.not(), 'köln']));
        await cities
          .annotate({ rank })
          .filter({ [`${pick(texts)}__search`]: pick([query, pick(LITERALS)]) })
          .orderBy('-rank')
          .flat('id')
          .all();
      });
      expect(count).toBeGreaterThan(20);
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
