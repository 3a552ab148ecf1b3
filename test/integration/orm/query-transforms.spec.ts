import {
  Case,
  Count,
  Exists,
  F,
  FilteredRelation,
  Max,
  OuterRef,
  Q,
  RowNumber,
  Subquery,
  Sum,
  Upper,
  When,
  Window,
  type QuerySet,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, openWorld, Tag } from './query.world.js';

describe('transforms in paths', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let cities: QuerySet<City>;
    let dated: QuerySet<City>;

    beforeAll(async () => {
      app = await openWorld(database.url);
      await fillWorld(app);
      cities = app.db.objects(City).orderBy('name');
      dated = cities.filter({ visitedAt__isnull: false });
    });
    afterAll(async () => {
      await app?.close();
    });

    describe('are values', () => {
      it('of dates, moments and texts', async () => {
        const rows = dated.values(
          'name__lower',
          'name__length',
          'visitedAt__year',
          'visitedAt__date',
          'visitedAt__hour',
          'visitedAt__date__month',
          'founded__quarter',
          'country.name__upper',
        );
        expect(await rows.all()).toEqual([
          {
            name__lower: 'berlin',
            name__length: 6,
            visitedAt__year: 2024,
            visitedAt__date: '2024-02-29',
            visitedAt__hour: 12,
            visitedAt__date__month: 2,
            founded__quarter: 4,
            'country.name__upper': 'GERMANY',
          },
          {
            name__lower: 'köln',
            name__length: 4,
            visitedAt__year: 2023,
            visitedAt__date: '2023-12-31',
            visitedAt__hour: 23,
            visitedAt__date__month: 12,
            founded__quarter: null,
            'country.name__upper': 'GERMANY',
          },
        ]);
        expect(await dated.flat('visitedAt__time').all()).toEqual(['12:30:15.25', '23:59:59.999']);
        expect(await dated.inZone('Asia/Tokyo').valuesList('visitedAt__date', 'visitedAt__hour').all()).toEqual([
          ['2024-02-29', 21],
          ['2024-01-01', 8],
        ]);
      });

      it('of documents, and of related rows', async () => {
        expect(await cities.filter({ name: 'Berlin' }).flat('data.a__length').all()).toEqual([2]);
        expect(await cities.filter({ name: 'Berlin' }).orderBy().flat('tags.name__upper').all()).toHaveLength(2);
        const marks = cities.filter({ name: 'Berlin' }).orderBy('landmarks.name').values('landmarks.name__length');
        expect((await marks.all()).map((row) => row['landmarks.name__length'])).toEqual(expect.arrayContaining([4, 5]));
      });

      it('of annotations, of joined queries and of tables', async () => {
        const last = app.db
          .objects(Country)
          .orderBy('code')
          .annotate({ seen: Max('cities.visitedAt') });
        expect(await last.filter({ seen__year: 2024 }).values('code', 'seen__month').all()).toEqual([
          { code: 'DE', seen__month: 2 },
        ]);
        const states = app.db.objects(Country).values('code', 'name');
        const joined = dated.join('state', states, { on: { country: F('state.code') } });
        expect(await joined.valuesList('name', 'state.name__lower').all()).toEqual([
          ['Berlin', 'germany'],
          ['Köln', 'germany'],
        ]);
        const table = dated.values('name', 'visitedAt').asTable().orderBy('name');
        expect(await table.valuesList('name__upper', 'visitedAt__year').all()).toEqual([
          ['BERLIN', 2024],
          ['KÖLN', 2023],
        ]);
        expect(await table.aggregate({ year: Max('visitedAt__year') })).toEqual({ year: 2024 });
      });
    });

    describe('stand in expressions', () => {
      it('of conditions', async () => {
        expect(
          await cities
            .filter({ name__length__gt: F('country.name__length') })
            .flat('name')
            .all(),
        ).toEqual([]);
        expect(
          await cities
            .filter({ name__length: F('twin.name__length').plus(1) })
            .flat('name')
            .all(),
        ).toEqual(['Berlin']);
        const same = { 'landmarks.name__length': F('name__length').minus(1) };
        expect(await cities.filter(same).flat('name').all()).toEqual(['Berlin', 'Köln']);
        const older = cities.filter({
          visitedAt__lt: OuterRef('visitedAt'),
          name__length__lt: OuterRef('name__length'),
        });
        expect(await cities.filter(Exists(older)).flat('name').all()).toEqual(['Berlin']);
        const long = cities.joined({
          long: FilteredRelation('landmarks', { 'landmarks.name__length': F('name__length').plus(1) }),
        });
        expect(await long.filter({ long__isnull: false }).flat('name').all()).toEqual(['Paris']);
      });

      it('that are asked whether they are there', async () => {
        const names = (condition: object): Promise<unknown[]> => cities.untyped().filter(condition).flat('name').all();
        expect(await names({ visitedAt__year__isnull: false })).toEqual(['Berlin', 'Köln']);
        expect(await names({ founded__year__isnull: false })).toEqual(['Berlin', 'Paris']);
        expect(await names({ name__lower__isnull: true })).toEqual([]);
        expect(await names({ 'tags.name__length__isnull': true })).toEqual(['Empty']);
        expect(await names({ 'data.a__length__isnull': false })).toEqual(['Berlin']);
        const excluded = cities.exclude({ notes__length__isnull: true, name__length__gt: 5 });
        expect(await excluded.flat('name').all()).toEqual(['Empty', 'Köln', 'Paris', 'Tokyo', 'nice']);
        await expect(names({ name__lower__isnull: 'x' })).rejects.toMatchObject({ code: 'orm.bad_lookup_value' });
      });

      it('of annotations, functions and choices', async () => {
        const rows = dated
          .annotate({
            year: F('visitedAt__year'),
            next: F('visitedAt__year').plus(1),
            loud: Upper('country.name__lower'),
            when: Case(When({ visitedAt__year: F('founded__year') }, F('name__lower'))).otherwise(F('name__upper')),
          })
          .valuesList('year', 'next', 'loud', 'when');
        expect(await rows.all()).toEqual([
          [2024, 2025, 'GERMANY', 'BERLIN'],
          [2023, 2024, 'GERMANY', 'KÖLN'],
        ]);
        const twin = Subquery(cities.filter({ id: OuterRef('twin') }).flat('name__upper'));
        expect(await cities.annotate({ other: twin }).filter({ other: 'PARIS' }).flat('name').all()).toEqual([
          'Berlin',
        ]);
      });

      it('of aggregates', async () => {
        expect(await cities.aggregate({ letters: Sum('name__length'), first: Max('visitedAt__year') })).toEqual({
          letters: 29,
          first: 2024,
        });
        const counted = cities.annotate({ letters: Sum('landmarks.name__length') }).values('name', 'letters');
        expect(await counted.filter({ letters__gte: 9 }).all()).toEqual([
          { name: 'Berlin', letters: 9 },
          { name: 'Paris', letters: 12 },
        ]);
      });

      it('of updates', async () => {
        await app.db.atomic(async () => {
          const berlin = app.db.objects(City).filter({ name: 'Berlin' });
          await berlin.update({ name: F('name__upper'), population: F('name__length'), notes: F('name__lower') });
          expect(await app.db.objects(City).filter({ name: 'BERLIN' }).values('population', 'notes').all()).toEqual([
            { population: 6, notes: 'berlin' },
          ]);
          await app.db
            .objects(City)
            .filter({ name: 'BERLIN' })
            .update({ name: 'Berlin', population: 3_600_000, notes: null });
        });
      });
    });

    describe('order, group and tell apart', () => {
      it('rows', async () => {
        expect(await cities.orderBy('-name__length', 'name').flat('name').all()).toEqual([
          'Berlin',
          'Empty',
          'Paris',
          'Tokyo',
          'Köln',
          'nice',
        ]);
        const page = await cities.orderBy('name__length', '-name').page({ size: 4 });
        const rest = await cities.orderBy('name__length', '-name').page({ size: 4, after: page.next! });
        expect([...page.rows, ...rest.rows].map(({ name }) => name)).toEqual([
          'nice',
          'Köln',
          'Tokyo',
          'Paris',
          'Empty',
          'Berlin',
        ]);
        expect((await dated.latest('visitedAt__month')).name).toBe('Köln');
        expect(await cities.orderBy('name').distinctOn('name__length').flat('name').all()).toEqual([
          'Berlin',
          'Empty',
          'Köln',
        ]);
        const numbered = cities.annotate({ n: Window(RowNumber(), { partitionBy: 'name__length', orderBy: '-name' }) });
        expect(await numbered.filter({ n: 1 }).orderBy('name').flat('name').all()).toEqual(['Berlin', 'Tokyo', 'nice']);
      });

      it('groups, by what is made of a value', async () => {
        const groups = app.db
          .objects(City)
          .values('name__length')
          .annotate({ n: Count('id') });
        expect(await groups.orderBy('name__length').all()).toEqual([
          { name__length: 4, n: 2 },
          { name__length: 5, n: 3 },
          { name__length: 6, n: 1 },
        ]);
        expect(await groups.filter({ n__gt: 1, name__length__gt: 4 }).orderBy('-n').all()).toEqual([
          { name__length: 5, n: 3 },
        ]);
        const years = dated
          .inZone('Asia/Tokyo')
          .values('visitedAt__year')
          .annotate({ n: Count('id') });
        expect(await years.orderBy('visitedAt__year').all()).toEqual([{ visitedAt__year: 2024, n: 2 }]);
        const tags = app.db
          .objects(City)
          .values('tags.name__length')
          .annotate({ n: Count('id') });
        expect(await tags.filter({ 'tags.name__length__isnull': false }).orderBy('-tags.name__length').all()).toEqual([
          { 'tags.name__length': 5, n: 3 },
          { 'tags.name__length': 3, n: 7 },
        ]);
      });

      it('groups, behind a value that they have', async () => {
        const groups = app.db
          .objects(City)
          .values('country.name')
          .annotate({ seen: Max('visitedAt'), n: Count('id') });
        expect(await groups.orderBy('-country.name__length', 'country.name').flat('country.name').all()).toEqual([
          'Germany',
          'Nowhere',
          'France',
          'Japan',
        ]);
        expect(await groups.filter({ seen__year: 2024 }).flat('country.name').all()).toEqual(['Germany']);
        const again = groups.asTable().aggregate({ year: Max('seen__year') });
        expect(await again).toEqual({ year: 2024 });
        const values = dated.values('visitedAt').aggregate({ year: Max('visitedAt__year') });
        expect(await values).toEqual({ year: 2024 });
      });
    });

    describe('are refused', () => {
      const untyped = (): QuerySet => cities.untyped();

      it('where there are none of the name', async () => {
        const unknown = { code: 'orm.unknown_transform', status: 400 };
        for (const path of ['name__lowr', 'name__icontains', 'visitedAt__yaer', 'data.a__size', 'country__upper']) {
          await expect(untyped().values(path).all(), path).rejects.toMatchObject(unknown);
          await expect(untyped().orderBy(path).all(), path).rejects.toMatchObject(unknown);
          await expect(
            untyped()
              .annotate({ x: F(path) })
              .all(),
            path,
          ).rejects.toMatchObject(unknown);
          await expect(
            untyped()
              .filter({ notes: F(path) })
              .all(),
            path,
          ).rejects.toMatchObject(unknown);
        }
        await expect(untyped().values('name__lowr').all()).rejects.toThrow('Did you mean "lower"?');
        await expect(untyped().values('nam__lower').all()).rejects.toThrow('Did you mean "name"?');
        await expect(untyped().values('name__lower__year').all()).rejects.toMatchObject(unknown);
      });

      it('where fields are named, and not values', async () => {
        const unfit = { code: 'orm.unknown_path' };
        await expect(untyped().only('name__lower').all()).rejects.toMatchObject(unfit);
        await expect(untyped().selectRelated('twin__name').all()).rejects.toMatchObject(unfit);
        await expect(untyped().update({ name__lower: 'x' })).rejects.toMatchObject(unfit);
        await expect(
          untyped()
            .values('name')
            .annotate({ n: Count('id') })
            .values('founded__year')
            .all(),
        ).rejects.toMatchObject({ code: 'orm.query_usage' });
      });
    });

    it('are read of the row as it was by updates of several fields', async () => {
      await app.db.atomic(async () => {
        const tag = app.db.objects(Tag).filter({ name: 'sea' });
        const choice = Case(When({ weight: 2 }, 'two')).otherwise('other');
        await tag.update({ weight: 5, name: choice });
        expect(await app.db.objects(Tag).filter({ weight: 5 }).flat('name').all()).toEqual(['two']);
        const named = app.db
          .objects(Tag)
          .alias({ was: F('weight') })
          .filter({ weight: 5 });
        await named.update({ weight: 2, name: Case(When(Q({ was: 5 }), 'sea')).otherwise('lost') });
        expect(await app.db.objects(Tag).filter({ weight: 2 }).flat('name').all()).toEqual(['sea']);
      });
    });
  });
});
