import {
  AnyValue,
  Avg,
  Case,
  Cast,
  Coalesce,
  Concat,
  Count,
  Exists,
  F,
  hiddenAnnotations,
  Lag,
  Left,
  Lower,
  Max,
  Min,
  NullIf,
  OuterRef,
  Q,
  QueryUsageError,
  Random,
  Rank,
  RowNumber,
  StdDev,
  StringAgg,
  Subquery,
  Substr,
  Sum,
  UnfitPathError,
  Value,
  Variance,
  When,
  Window,
  type Expression,
  type QuerySet,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, Landmark, Mayor, openWorld, Tag, Visit } from './query.world.js';

describe('expressions', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let cities: QuerySet<City>;
    let countries: QuerySet<Country>;

    beforeAll(async () => {
      app = await openWorld(database.url);
      await fillWorld(app);
      cities = app.db.objects(City).orderBy('name');
      countries = app.db.objects(Country).orderBy('code');
    });
    afterAll(async () => {
      await app?.close();
    });

    const pairs = async (rows: Promise<readonly Record<string, unknown>[]>): Promise<unknown[]> =>
      (await rows).map((row) => Object.values(row));

    describe('annotate', () => {
      it('counts the rows of each relation without multiplying them', async () => {
        const rows = await cities
          .annotate({ sights: Count('landmarks'), labels: Count('tags'), tops: Count('landmarks.visits') })
          .all();
        expect(rows.map(({ name, sights, labels, tops }) => [name, sights, labels, tops])).toEqual([
          ['Berlin', 2, 2, 2],
          ['Empty', 0, 0, 0],
          ['Köln', 1, 2, 0],
          ['Paris', 2, 3, 1],
          ['Tokyo', 1, 2, 0],
          ['nice', 0, 1, 0],
        ]);
        expect(rows[0]).toBeInstanceOf(City);
      });

      it('keeps a declared property and hides the annotation of its name', async () => {
        const [berlin] = await cities
          .annotate({ landmarks: Count('landmarks') })
          .prefetchRelated('landmarks')
          .all();
        expect(berlin!.landmarks.map(({ name }) => name)).toEqual(['Tower', 'Gate']);
        expect(hiddenAnnotations(berlin!)).toEqual({ landmarks: 2 });
      });

      it('filters and orders by annotations', async () => {
        const counted = cities.annotate({ sights: Count('landmarks') });
        expect(await counted.filter({ sights__gte: 2 }).flat('name').all()).toEqual(['Berlin', 'Paris']);
        expect(await counted.exclude({ sights: 0 }).orderBy('-sights', 'name').flat('name').all()).toEqual([
          'Berlin',
          'Paris',
          'Köln',
          'Tokyo',
        ]);
        expect(await counted.filter(Q({ sights: 0 }).or({ name: 'Köln' })).count()).toBe(3);
        expect(
          await counted
            .filter({ sights__in: [1, 2], sights__ne: 2 })
            .flat('name')
            .all(),
        ).toEqual(['Köln', 'Tokyo']);
      });

      it('takes conditions of its own into an aggregate', async () => {
        const rows = cities.annotate({
          high: Count('landmarks', { filter: Q({ 'landmarks.height__gt': 100 }) }),
          tallest: Max('landmarks.height', { filter: { 'landmarks.name__ne': 'Tower' }, default: 0 }),
        });
        expect(await pairs(rows.values('name', 'high', 'tallest').all())).toEqual([
          ['Berlin', 1, 26],
          ['Empty', 0, 0],
          ['Köln', 1, 157],
          ['Paris', 1, 330],
          ['Tokyo', 1, 634],
          ['nice', 0, 0],
        ]);
      });

      it('puts texts together and takes any value', async () => {
        const rows = cities.annotate({
          labels: StringAgg('tags.name', ', ', { orderBy: '-tags.weight' }),
          high: StringAgg('landmarks.name', '/', { filter: { 'landmarks.height__gt': 100 } }),
        });
        expect(await rows.valuesList('name', 'labels', 'high').slice(0, 4).all()).toEqual([
          ['Berlin', 'Big, river', 'Tower'],
          ['Empty', null, null],
          ['Köln', 'old, river', 'Dom'],
          ['Paris', 'Big, old, river', 'Eiffel'],
        ]);
        const groups = cities
          .orderBy('country.name')
          .values('country.name')
          .annotate({
            names: StringAgg('name', "'; ", { orderBy: 'population' }),
            code: AnyValue('country.code'),
          });
        expect(await pairs(groups.all())).toEqual([
          ['France', "nice'; Paris", 'FR'],
          ['Germany', "Köln'; Berlin", 'DE'],
          ['Japan', 'Tokyo', 'JP'],
          ['Nowhere', 'Empty', 'XX'],
        ]);
        await expect(cities.aggregate({ ids: StringAgg('id', ',') })).rejects.toThrow(QueryUsageError);
        const initial = Left('name', 1);
        const initials = cities.alias({ initial }).orderBy().values('capital');
        expect(
          await pairs(
            initials
              .annotate({
                all: StringAgg('initial', '', { distinct: true, orderBy: 'initial' }),
                back: StringAgg('initial', '-', { distinct: true, orderBy: '-initial' }),
                some: StringAgg('initial', ',', { distinct: true, filter: { population: -1 }, default: 'none' }),
                none: AnyValue('population', { filter: { population: -1 }, default: 7 }),
              })
              .orderBy('capital')
              .all(),
          ),
        ).toEqual([
          [false, 'EKn', 'n-K-E', 'none', 7],
          [true, 'BPT', 'T-P-B', 'none', 7],
        ]);
        expect(
          await countries.aggregate({
            continents: StringAgg('continent', ' ', { distinct: true, orderBy: 'continent' }),
            letters: StringAgg(Substr(Concat(Lower('code'), F('code')), 2, 2), ' ', { distinct: true }),
          }),
        ).toMatchObject({ continents: 'africa asia europe' });
        expect(() => StringAgg('name', ',', { distinct: true, orderBy: 'population' })).toThrow(QueryUsageError);
      });

      it('uses earlier annotations in later ones', async () => {
        const rows = cities
          .alias({ sights: Count('landmarks'), labels: Count('tags') })
          .annotate({ both: F('sights').plus(F('labels')), rich: Q({ sights__gt: 1 }) });
        expect(await pairs(rows.values('name', 'both', 'rich').slice(0, 3).all())).toEqual([
          ['Berlin', 4, true],
          ['Empty', 0, false],
          ['Köln', 3, false],
        ]);
        const [first] = await rows.all();
        expect(first).toMatchObject({ both: 4, rich: true });
        expect(first).not.toHaveProperty('sights');
      });

      it('refuses what has no single value', async () => {
        await expect(cities.annotate({ label: F('tags.name') }).all()).rejects.toThrow(UnfitPathError);
        await expect(cities.annotate({ count: Count('name') }).all()).rejects.toThrow(QueryUsageError);
        await expect(cities.annotate({ sum: Sum(F('landmarks.height').plus(F('tags.weight'))) }).all()).rejects.toThrow(
          QueryUsageError,
        );
      });

      it.each(['a__b', '__proto__', 'pk', 'constructor', 'a.b', "a'b", '', '1a'])('refuses the name %o', (name) => {
        expect(() => cities.untyped().annotate({ [name]: Value(1) })).toThrow(QueryUsageError);
      });
    });

    describe('arithmetic', () => {
      it('is exact for decimals', async () => {
        const rows = cities.filter({ area__isnull: false }).annotate({
          more: F('area').plus('0.10'),
          less: F('area').minus(1),
          times: F('area').times('1.005'),
          share: F('area').dividedBy(3),
          rest: F('area').modulo(100),
        });
        expect(await pairs(rows.values('area', 'more', 'less', 'times', 'share', 'rest').all())).toEqual([
          ['891.70', '891.80', '890.70', '896.15850', '297.233333333333', '91.70'],
          ['405.00', '405.10', '404.00', '407.02500', '135.000000000000', '5.00'],
          ['105.40', '105.50', '104.40', '105.92700', '35.133333333333', '5.40'],
          ['2194.07', '2194.17', '2193.07', '2205.04035', '731.356666666667', '94.07'],
        ]);
      });

      it('is exact for integers of 64 bits', async () => {
        const rows = countries.annotate({ next: F('population').plus(1), twice: F('population').times(2) });
        expect(await pairs(rows.filter({ code: 'JP' }).values('next', 'twice').all())).toEqual([
          ['9007199254740994', '18014398509481986'],
        ]);
      });

      it('works with the bits of integers of 64 bits', async () => {
        const least = -(2n ** 63n);
        const numbers = [0n, 1n, -1n, 6n, 2n ** 40n + 5n, -12_345n, least, -least - 1n];
        const zero = Cast('id', 'bigint').minus(Cast('id', 'bigint'));
        const of = (value: bigint): Expression => Value(value, 'bigint').plus(zero);
        for (const left of numbers) {
          const bits = cities.filter({ name: 'Tokyo' }).untyped();
          const found = await bits
            .values()
            .annotate(
              Object.fromEntries(
                numbers.flatMap((right, index) => [
                  [`and${index}`, of(left).bitAnd(right)],
                  [`or${index}`, of(left).bitOr(of(right))],
                  [`xor${index}`, Value(left).bitXor(of(right))],
                  [`up${index}`, of(left).shiftLeft(right)],
                  [`down${index}`, of(left).shiftRight(of(right))],
                ]),
              ),
            )
            .get();
          const moves = (right: bigint): boolean => right >= 0n && right < 64n;
          expect(found).toEqual(
            Object.fromEntries(
              numbers.flatMap((right, index) => [
                [`and${index}`, String(left & right)],
                [`or${index}`, String(left | right)],
                [`xor${index}`, String(left ^ right)],
                [`up${index}`, moves(right) ? String(BigInt.asIntN(64, left << right)) : null],
                [`down${index}`, moves(right) ? String(left >> right) : null],
              ]),
            ),
          );
        }
        expect(
          await cities
            .annotate({ low: F('id').bitAnd(3) })
            .filter({ low: 2 })
            .flat('low')
            .all(),
        ).toEqual(expect.arrayContaining([2]));
        await expect(cities.annotate({ x: F('area').bitAnd(1) }).all()).rejects.toThrow(/Bits are those of integers/);
        await expect(cities.annotate({ x: F('id').bitOr('1.5') }).all()).rejects.toThrow(QueryUsageError);
      });

      it('divides integers to floats and by zero to null', async () => {
        const rows = cities.annotate({
          half: F('population').dividedBy(7),
          none: F('population').dividedBy(F('population').minus(F('population'))),
          rest: F('population').modulo(7),
        });
        const [row] = await rows.filter({ name: 'nice' }).values('half', 'none', 'rest').all();
        expect(row!.half).toBeCloseTo(48_571.428_571, 5);
        expect([row!.none, row!.rest]).toEqual([null, 3]);
      });

      it('compares computed values as numbers', async () => {
        const rows = cities.annotate({ scaled: F('area').times('10.5') });
        expect(await rows.filter({ scaled__gt: '2000' }).flat('name').all()).toEqual(['Berlin', 'Köln', 'Tokyo']);
        expect(await rows.filter({ scaled: '4252.500' }).flat('name').all()).toEqual(['Köln']);
        expect(await rows.filter({ scaled__isnull: false }).orderBy('-scaled').flat('name').all()).toEqual([
          'Tokyo',
          'Berlin',
          'Köln',
          'Paris',
        ]);
        expect(await rows.aggregate({ least: Min('scaled'), most: Max('scaled') })).toEqual({
          least: '1106.700',
          most: '23037.735',
        });
      });

      it('compares fields with each other', async () => {
        expect(
          await cities
            .untyped()
            .filter({ population__gt: F('area').times(10_000) })
            .flat('name')
            .all(),
        ).toEqual(['Paris']);
        expect(
          await cities
            .filter({ 'twin.population__lt': F('population') })
            .flat('name')
            .all(),
        ).toEqual(['Berlin']);
        expect(
          await cities
            .filter({ 'landmarks.height__gt': F('population').dividedBy(100_000) })
            .flat('name')
            .all(),
        ).toEqual(['Berlin', 'Köln', 'Paris', 'Tokyo']);
      });

      it('refuses texts', async () => {
        await expect(
          cities
            .untyped()
            .annotate({ x: F('name').plus(1) })
            .all(),
        ).rejects.toThrow(QueryUsageError);
      });
    });

    it('are compiled once each, however deep they stand', async () => {
      const deeper: readonly ((inner: Expression) => Expression)[] = [
        (inner) => inner.plus(1),
        (inner) => Coalesce(inner, 0),
        (inner) => NullIf(inner, -1),
        (inner) => Case(When({ name: 'Nice' }, Value(0))).otherwise(inner),
      ];
      for (const around of deeper) {
        const deep = Array.from({ length: 40 }).reduce<Expression>(around, F('population').times(1));
        expect(await cities.untyped().annotate({ deep }).filter({ name: 'Empty' }).count()).toBe(1);
      }
    });

    describe('aggregate', () => {
      it('works over all rows', async () => {
        expect(
          await cities.aggregate({
            rows: Count(),
            areas: Count('area'),
            area: Sum('area'),
            mean: Avg('area'),
            people: Sum('population'),
            first: Min('name'),
            founded: Min('founded'),
            last: Max('visitedAt'),
            capitals: Count('id', { filter: Q({ capital: true }) }),
          }),
        ).toEqual({
          rows: 6,
          areas: 4,
          area: '3596.17',
          mean: '899.04250000',
          people: 21_040_000,
          first: expect.any(String),
          founded: '0250-01-01',
          last: new Date('2024-02-29T12:30:15.250Z'),
          capitals: 3,
        });
      });

      it('counts the rows of each relation once', async () => {
        expect(
          await cities.aggregate({ sights: Count('landmarks'), labels: Count('tags'), high: Max('landmarks.height') }),
        ).toEqual({ sights: 6, labels: 10, high: 634 });
        expect(await cities.aggregate({ labels: Count('tags', { distinct: true }), rows: Count('id') })).toEqual({
          labels: 4,
          rows: 6,
        });
      });

      it('is exact for large sums', async () => {
        expect(await countries.aggregate({ all: Sum('population'), mean: Avg('population') })).toEqual({
          all: '9007199404740993',
          mean: '2251799851185248.250000',
        });
      });

      it('measures the spread of values', async () => {
        const { spread, sample } = await app.db
          .objects(Visit)
          .aggregate({ spread: StdDev('stars'), sample: Variance('stars', { sample: true }) });
        expect(spread).toBeCloseTo(1.632_993, 5);
        expect(sample).toBeCloseTo(4, 8);
      });

      it('works over slices, annotations, values and nothing', async () => {
        expect(await cities.slice(0, 2).aggregate({ people: Sum('population') })).toEqual({ people: 3_600_000 });
        expect(
          await cities.annotate({ sights: Count('landmarks') }).aggregate({ most: Max('sights'), all: Sum('sights') }),
        ).toEqual({
          most: 2,
          all: 6,
        });
        expect(
          await cities
            .values('country')
            .annotate({ cities: Count('id') })
            .aggregate({ most: Max('cities'), groups: Count() }),
        ).toEqual({ most: 2, groups: 4 });
        expect(await cities.none().aggregate({ people: Sum('population'), rows: Count('id') })).toEqual({
          people: null,
          rows: 0,
        });
        expect(await cities.filter({ name: '-' }).aggregate({ people: Sum('population', { default: 0 }) })).toEqual({
          people: 0,
        });
      });
    });

    describe('groups', () => {
      it('are made by values before annotate', async () => {
        const rows = cities
          .orderBy('country')
          .values('country')
          .annotate({ cities: Count('id'), people: Sum('population') });
        expect(await pairs(rows.all())).toEqual([
          ['DE', 2, 4_600_000],
          ['FR', 2, 2_440_000],
          ['JP', 1, 14_000_000],
          ['XX', 1, 0],
        ]);
        expect(await rows.count()).toBe(4);
      });

      it('are filtered by their aggregates and their rows by fields', async () => {
        const rows = cities
          .orderBy('country')
          .values('country')
          .annotate({ cities: Count('id') });
        expect(await pairs(rows.filter({ cities__gt: 1 }).all())).toEqual([
          ['DE', 2],
          ['FR', 2],
        ]);
        expect(await pairs(rows.filter({ cities__gt: 1, capital: true }).all())).toEqual([]);
        expect(await pairs(rows.filter({ capital: true }).all())).toEqual([
          ['DE', 1],
          ['FR', 1],
          ['JP', 1],
        ]);
      });

      it('are made of the rows that values of their own leave', async () => {
        const sights = cities.annotate({ sights: Count('landmarks'), big: Q({ population__gte: 2_000_000 }) });
        const rows = sights
          .filter({ sights__gt: 0 })
          .values('country')
          .annotate({ cities: Count('id'), all: Sum('sights') })
          .orderBy('country');
        expect(await pairs(rows.all())).toEqual([
          ['DE', 2, 3],
          ['FR', 1, 2],
          ['JP', 1, 1],
        ]);
        expect(await rows.count()).toBe(3);
        expect(await pairs(rows.filter({ cities__gt: 1, big: true, sights__gt: 1 }).all())).toEqual([]);
        expect(await pairs(rows.filter({ sights__gt: 1, cities__lt: F('all').minus(1) }).all())).toEqual([]);
        expect(await pairs(rows.exclude(Q({ all: 3 }).or({ cities: 2 })).all())).toEqual([
          ['FR', 1, 2],
          ['JP', 1, 1],
        ]);
        const counted = sights
          .values('sights')
          .annotate({ cities: Count('id') })
          .orderBy('sights');
        expect(await pairs(counted.filter({ sights__gt: 0, cities__gt: 0 }).all())).toEqual([
          [1, 2],
          [2, 2],
        ]);
        expect(
          await sights
            .filter({ sights__gt: 0 })
            .values('country')
            .annotate({ cities: Count('id') })
            .annotate({ several: Q({ cities__gt: 1 }) })
            .filter({ several: true })
            .orderBy()
            .flat('country')
            .all(),
        ).toEqual(['DE']);
        for (const mixed of [
          rows.filter(Q({ cities__gt: 1 }).or({ capital: true })),
          rows.filter(Q({ cities__gt: 1 }).or({ sights: 2 })),
          rows.filter(Q({ cities__gt: 1 }).or({ landmarks: 1 })),
          rows.filter({ population__lt: F('cities') }),
          rows.annotate({ odd: F('cities').plus(F('population')) }),
          rows.orderBy(F('population').asc()),
        ])
          await expect(mixed.all()).rejects.toThrow(/^Groups have no single "(capital|sights|landmarks|population)"/);
        await expect(cities.aggregate({ odd: Sum('population').plus(F('id')) })).rejects.toThrow(/no single "id"/);
      });

      it('are told apart by what they select beside their aggregates', async () => {
        const rows = cities.values('country').annotate({ cities: Count('id'), initial: Left('name', 1) });
        expect(
          await pairs(rows.filter({ cities__gt: 0, initial__gte: 'K' }).orderBy('country', 'initial').all()),
        ).toEqual([
          ['DE', 1, 'K'],
          ['FR', 1, 'P'],
          ['FR', 1, 'n'],
          ['JP', 1, 'T'],
        ]);
        const named = cities
          .values('country')
          .annotate({ cities: Count('id'), name: Lower('country.name') })
          .annotate({ double: F('cities').times(2) });
        expect(await pairs(named.orderBy('country').slice(0, 2).all())).toEqual([
          ['DE', 2, 'germany', 4],
          ['FR', 2, 'france', 4],
        ]);
        const places = cities.values('data.a.0').annotate({ cities: Count('id') });
        expect(
          await places
            .annotate({ none: Q({ cities__gt: 1 }) })
            .orderBy('cities')
            .all(),
        ).toEqual([
          { 'data.a.0': 1, cities: 1, none: false },
          { 'data.a.0': null, cities: 5, none: true },
        ]);
      });

      it('are made by annotations and over relations', async () => {
        const rows = cities
          .annotate({ large: Q({ population__gte: 2_000_000 }) })
          .orderBy('large')
          .values('large')
          .annotate({ cities: Count('id'), sights: Count('landmarks'), high: Max('landmarks.height') });
        expect(await pairs(rows.all())).toEqual([
          [false, 3, 1, 157],
          [true, 3, 5, 634],
        ]);
        const byTag = cities
          .orderBy('tags.name')
          .values('tags.name')
          .annotate({ cities: Count('id') });
        expect(Object.fromEntries((await byTag.all()).map((row) => [row['tags.name'], row.cities]))).toEqual({
          Big: 3,
          old: 2,
          river: 3,
          sea: 2,
          null: 1,
        });
      });

      it('can be named like a property', async () => {
        const rows = await countries
          .values('continent')
          .annotate({ cities: Count('cities') })
          .orderBy('continent')
          .all();
        expect(rows).toEqual([
          { continent: 'africa', cities: 1 },
          { continent: 'asia', cities: 1 },
          { continent: 'europe', cities: 4 },
        ]);
      });
    });

    describe('windows', () => {
      const landmarks = (): QuerySet<Landmark> => app.db.objects(Landmark).orderBy('id');

      it('rank the rows around each row', async () => {
        const rows = landmarks().annotate({
          place: Window(Rank(), { partitionBy: 'city', orderBy: '-height' }),
          running: Window(Sum('height'), { orderBy: 'id', frame: { start: 'unbounded', end: 'current' } }),
          before: Window(Lag('name', 1, '-'), { orderBy: 'id' }),
        });
        expect(await pairs(rows.values('name', 'place', 'running', 'before').all())).toEqual([
          ['Tower', 1, 368, '-'],
          ['Gate', 2, 394, 'Tower'],
          ['Dom', 1, 551, 'Gate'],
          ['Eiffel', 2, 881, 'Dom'],
          ['Louvre', 1, 881, 'Eiffel'],
          ['Skytree', 1, 1515, 'Louvre'],
        ]);
      });

      it('aggregate decimals over frames that move, exactly', async () => {
        const window = <T>(of: Expression<T>): Expression<T> =>
          Window(of as never, { orderBy: 'id', frame: { start: -2, end: 1 } }) as never;
        const rows = await app.db
          .objects(City)
          .orderBy('id')
          .annotate({
            sum: window(Sum('area')),
            mean: window(Avg('area')),
            least: window(Min('area')),
            most: window(Max('area')),
            spread: window(Variance('area')),
            count: window(Count('area')),
          })
          .values('area', 'sum', 'mean', 'least', 'most', 'spread', 'count')
          .all();
        const cents = rows.map(({ area }) => (area === null ? null : Math.round(Number(area) * 100)));
        for (const [index, row] of rows.entries()) {
          const frame = cents.slice(Math.max(0, index - 2), index + 2).filter((value) => value !== null);
          const sum = frame.reduce((total, value) => total + value, 0);
          const mean = sum / frame.length;
          const spread = frame.reduce((total, value) => total + (value - mean) ** 2, 0) / frame.length / 10_000;
          const money = (value: number): string | null => (frame.length === 0 ? null : (value / 100).toFixed(2));
          expect([row.sum, row.least, row.most, row.count]).toEqual([
            money(sum),
            money(Math.min(...frame)),
            money(Math.max(...frame)),
            frame.length,
          ]);
          if (frame.length === 0) continue;
          expect(Number(row.mean)).toBeCloseTo(mean / 100, 4);
          expect(Number(row.spread)).toBeCloseTo(spread, 3);
        }
      });

      it('take the value of an empty frame, conditions, and no DISTINCT', async () => {
        const ahead = { orderBy: 'id', frame: { start: 1, end: 1 } } as const;
        const rows = app.db
          .objects(City)
          .orderBy('id')
          .annotate({
            next: Window(Sum('area', { default: '0.00' }), ahead),
            dense: Window(Avg('area', { filter: Q({ population__gt: 1_000_000 }), default: '0.00' }), {
              orderBy: 'id',
            }),
            deviation: Window(StdDev('population'), { orderBy: 'id', frame: { start: 'current', end: 'current' } }),
          });
        const last = (await rows.values('next', 'dense', 'deviation').all()).at(-1)!;
        expect([Number(last.next), Number(last.deviation)]).toEqual([0, 0]);
        expect(Number(last.dense)).toBeGreaterThan(0);
        const different = Window(Sum('area', { distinct: true }), { orderBy: 'id' });
        await expect(app.db.objects(City).annotate({ different }).all()).rejects.toThrow(/over a window/);
      });

      it('can be filtered by, and keep what they were before', async () => {
        const rows = landmarks()
          .filter({ height__isnull: false })
          .annotate({ place: Window(RowNumber(), { orderBy: '-height' }) });
        expect(
          await pairs(
            rows
              .filter({ place__range: [2, 3] })
              .orderBy('place')
              .values('name', 'place')
              .all(),
          ),
        ).toEqual([
          ['Tower', 2],
          ['Eiffel', 3],
        ]);
        expect(await rows.filter({ place__lte: 2 }).count()).toBe(2);
      });

      it('serve distinctOn', async () => {
        expect(await landmarks().orderBy('-height').distinctOn('city').flat('name').all()).toEqual([
          'Louvre',
          'Skytree',
          'Tower',
          'Dom',
        ]);
      });

      it('stay as they are while chunks are read', async () => {
        const rows = landmarks().annotate({ place: Window(RowNumber(), { orderBy: '-id' }) });
        const seen: unknown[] = [];
        for await (const { name, place } of rows.iterator({ chunk: 2 })) seen.push([name, place]);
        expect(seen.map((pair) => (pair as unknown[])[1])).toEqual([6, 5, 4, 3, 2, 1]);
      });
    });

    describe('conditions', () => {
      it('hold one without the other', async () => {
        const either = Q({ capital: true }).xor({ 'tags.name': 'river' });
        expect(await cities.filter(either).flat('name').all()).toEqual(['Köln', 'Tokyo']);
        expect(await cities.exclude(either).count()).toBe(4);
        expect(
          await cities
            .filter(Q({ area__gt: '500' }).xor(Q({ name: 'Paris' })))
            .flat('name')
            .all(),
        ).toEqual(['Berlin', 'Paris', 'Tokyo']);
      });

      it('choose among values', async () => {
        const rows = cities.annotate({
          size: Case(When({ population__gte: 3_000_000 }, 'large'), When({ population: 0 }, 'none')).otherwise('small'),
          known: Coalesce(F('area'), '0'),
          note: Coalesce(F('notes'), F('name')),
        });
        expect(await pairs(rows.values('name', 'size', 'known', 'note').slice(0, 3).all())).toEqual([
          ['Berlin', 'large', '891.70', 'Berlin'],
          ['Empty', 'none', '0.00', 'Empty'],
          ['Köln', 'small', '405.00', '50% off_now\\!'],
        ]);
        expect(await rows.filter({ size: 'small' }).flat('name').all()).toEqual(['Köln', 'Paris', 'nice']);
      });

      it('ask other queries about each row', async () => {
        const tall = app.db.objects(Landmark).filter({ city: OuterRef('pk'), height__gt: 300 });
        expect(await cities.filter(Exists(tall)).flat('name').all()).toEqual(['Berlin', 'Paris', 'Tokyo']);
        expect(await cities.exclude(Exists(tall)).count()).toBe(3);
        const top = cities.annotate({
          top: Subquery(
            app.db
              .objects(Landmark)
              .filter({ city: OuterRef('pk') })
              .orderBy(F('height').desc({ nulls: 'last' }))
              .flat('name'),
          ),
          famous: Exists(tall),
        });
        expect(await pairs(top.values('name', 'top', 'famous').all())).toEqual([
          ['Berlin', 'Tower', true],
          ['Empty', null, false],
          ['Köln', 'Dom', false],
          ['Paris', 'Eiffel', true],
          ['Tokyo', 'Skytree', true],
          ['nice', null, false],
        ]);
        expect(await top.filter({ top__startswith: 'T' }).flat('name').all()).toEqual(['Berlin']);
      });

      it('refuse an outer reference without a query around', async () => {
        await expect(cities.filter({ name: OuterRef('name') }).all()).rejects.toThrow(QueryUsageError);
      });
    });

    describe('orderings', () => {
      it('place nulls where they are told to', async () => {
        const names = (rows: QuerySet<City>): Promise<string[]> => rows.flat('name').all();
        expect(await names(cities.orderBy(F('area').asc({ nulls: 'first' }), 'name'))).toEqual([
          'Empty',
          'nice',
          'Paris',
          'Köln',
          'Berlin',
          'Tokyo',
        ]);
        expect(await names(cities.orderBy(F('area').desc({ nulls: 'last' }), 'name'))).toEqual([
          'Tokyo',
          'Berlin',
          'Köln',
          'Paris',
          'Empty',
          'nice',
        ]);
        expect(await names(cities.orderBy(F('area').desc({ nulls: 'last' }), 'name').reverse())).toEqual([
          'nice',
          'Empty',
          'Paris',
          'Köln',
          'Berlin',
          'Tokyo',
        ]);
        expect(await names(cities.orderBy('-area', 'name'))).toEqual([
          'Empty',
          'nice',
          'Tokyo',
          'Berlin',
          'Köln',
          'Paris',
        ]);
      });

      it('can be paged through by expressions', async () => {
        const rows = cities.orderBy(F('area').times('-1.5').desc({ nulls: 'first' }));
        const seen: string[] = [];
        for await (const { name } of rows.iterator({ chunk: 2 })) seen.push(name);
        expect(seen.slice(2)).toEqual(['Paris', 'Köln', 'Berlin', 'Tokyo']);
      });

      it('can be random, but not be continued', async () => {
        expect((await cities.orderBy(Random()).flat('name').all()).sort()).toEqual(
          (await cities.flat('name').all()).sort(),
        );
        await expect(cities.orderBy(Random()).page({ size: 2 })).rejects.toThrow(QueryUsageError);
      });
    });

    describe('sets', () => {
      const named = (prefix: string): QuerySet<City> => cities.filter({ name__startswith: prefix });

      it('of entities can be refined further', async () => {
        expect(await named('B').union(named('P'), named('T')).orderBy('name').flat('name').all()).toEqual([
          'Berlin',
          'Paris',
          'Tokyo',
        ]);
        expect(
          await cities
            .intersection(cities.filter({ capital: true }), named('P'))
            .flat('name')
            .all(),
        ).toEqual(['Paris']);
        expect(
          await cities
            .difference(cities.filter({ capital: true }))
            .filter({ population__gt: 0 })
            .orderBy('name')
            .flat('name')
            .all(),
        ).toEqual(['Köln', 'nice']);
        expect(await cities.slice(0, 1).union(cities.orderBy('-name').slice(0, 1)).count()).toBe(2);
      });

      it('of values are put together by the database', async () => {
        const places = cities.values('name').untyped();
        const both = places.union(named('B').values('name').untyped());
        expect(await both.count()).toBe(6);
        expect(await places.unionAll(named('B').values('name').untyped()).count()).toBe(7);
        expect(
          await places.difference(named('B').values('name').untyped()).orderBy('-name').slice(0, 2).all(),
        ).toHaveLength(2);
        expect(await places.intersection(named('B').values('name').untyped()).all()).toEqual([{ name: 'Berlin' }]);
        expect(await both.exists()).toBe(true);
      });
    });

    describe('what has no rows of its own', () => {
      it('is not changed', async () => {
        const groups = cities
          .values('country')
          .annotate({ n: Count('id') })
          .filter({ n__gt: 1 });
        const both = cities.values('name').union(cities.values('name'));
        for (const rows of [groups.untyped(), both.untyped()]) {
          await expect(rows.update({ notes: 'x' })).rejects.toThrow(QueryUsageError);
          await expect(rows.delete()).rejects.toThrow(QueryUsageError);
          await expect(rows.page({ size: 2 })).rejects.toThrow(QueryUsageError);
        }
        expect(await cities.count()).toBe(6);
      });

      it('is not refined further', () => {
        const both = cities.values('name').union(cities.values('name')).untyped();
        for (const refine of [
          () => both.filter({ name: 'x' }),
          () => both.exclude({ name: 'x' }),
          () => both.annotate({ x: Value(1) }),
          () => both.values('id'),
          () => both.flat('id'),
          () => both.distinct(),
          () => both.union(both),
        ])
          expect(refine).toThrow(QueryUsageError);
      });
    });

    describe('updates', () => {
      it('count on what is stored', async () => {
        const tags = app.db.objects(Tag).filter({ name: 'river' });
        await Promise.all(Array.from({ length: 20 }, () => tags.update({ weight: F('weight').plus(1) })));
        expect(await tags.flat('weight').all()).toEqual([21]);
        await tags.update({ weight: F('weight').minus(20) });
      });

      it('take expressions of any sort', async () => {
        const paris = cities.filter({ name: 'Paris' });
        await paris.update({
          area: F('area').times('1.005'),
          notes: Case(When({ capital: true }, F('name'))).otherwise('-'),
        });
        expect(await paris.values('area', 'notes').all()).toEqual([{ area: '105.93', notes: 'Paris' }]);
        await paris.update({ area: '105.40', notes: 'ÉTÉ à Paris' });
        const count = Subquery(
          app.db
            .objects(Visit)
            .filter({ 'landmark.city': OuterRef('pk') })
            .values('landmark.city')
            .annotate({ n: Count('id') })
            .flat('n'),
        );
        expect(await cities.filter({ name: 'Berlin' }).annotate({ visits: count }).values('visits').all()).toEqual([
          { visits: 2 },
        ]);
      });

      it('refuse what is not of the same row or kind', async () => {
        const mayors = app.db.objects(Mayor);
        await expect(mayors.update({ name: F('city.name') })).rejects.toThrow(QueryUsageError);
        await expect(mayors.untyped().update({ name: F('id') })).rejects.toThrow(QueryUsageError);
      });
    });
  });
});
