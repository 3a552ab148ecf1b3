import {
  Avg,
  Coalesce,
  Count,
  Exists,
  F,
  Length,
  Lower,
  Max,
  Min,
  OuterRef,
  Q,
  Subquery,
  Sum,
  type QuerySet,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, Landmark, openWorld, School, Tag, Visit, Ward } from './query.world.js';

class Undo extends Error {}

describe('joined queries', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let cities: QuerySet<City>;
    let marks: QuerySet<Landmark>;
    let countries: QuerySet<Country>;

    beforeAll(async () => {
      app = await openWorld(database.url);
      await fillWorld(app);
      cities = app.db.objects(City).orderBy('name');
      marks = app.db.objects(Landmark).orderBy('name');
      countries = app.db.objects(Country).orderBy('code');
    });
    afterAll(async () => {
      await app?.close();
    });

    /** Runs work whose changes are taken back. */
    async function undone(work: () => Promise<void>): Promise<void> {
      const run = app.db.atomic(async () => {
        await work();
        throw new Undo();
      });
      const error: unknown = await run.catch((thrown: unknown) => thrown);
      if (!(error instanceof Undo)) throw error;
    }

    /** Each city with its number of landmarks and the highest: one row at most. */
    const sights = () =>
      marks
        .orderBy()
        .values('city')
        .annotate({ n: Count('id'), top: Max('height') });
    const counted = () => cities.join('sights', sights(), { on: { id: F('sights.city') }, kind: 'left' });
    /** Each city with each of its landmarks. */
    const marked = () => cities.join('mark', marks, { on: { id: F('mark.city') } });
    const maybe = () => cities.join('mark', marks, { on: { id: F('mark.city') }, kind: 'left' });

    describe('that have one row at most', () => {
      it('give values beside those of the row', async () => {
        expect(await counted().values('name', 'sights.n', 'sights.top').all()).toEqual([
          { name: 'Berlin', 'sights.n': 2, 'sights.top': 368 },
          { name: 'Empty', 'sights.n': null, 'sights.top': null },
          { name: 'Köln', 'sights.n': 1, 'sights.top': 157 },
          { name: 'Paris', 'sights.n': 2, 'sights.top': 330 },
          { name: 'Tokyo', 'sights.n': 1, 'sights.top': 634 },
          { name: 'nice', 'sights.n': null, 'sights.top': null },
        ]);
      });

      it('leave entities what they are', async () => {
        const rows = await counted().filter({ 'sights.n__gt': 1 }).all();
        expect(rows.map(({ name }) => name)).toEqual(['Berlin', 'Paris']);
        expect(rows[0]).toBeInstanceOf(City);
      });

      it('annotate and order entities', async () => {
        const rows = await counted()
          .annotate({ n: Coalesce(F('sights.n'), 0), share: F('population').dividedBy(F('sights.n')) })
          .orderBy('-sights.top', '-n', 'name')
          .all();
        expect(rows.map(({ name, n, share }) => [name, n, share])).toEqual([
          ['Empty', 0, null],
          ['nice', 0, null],
          ['Tokyo', 1, 14_000_000],
          ['Berlin', 2, 1_800_000],
          ['Paris', 2, 1_050_000],
          ['Köln', 1, 1_000_000],
        ]);
      });

      it('are asked whether they are there', async () => {
        expect(await counted().filter({ sights__isnull: true }).flat('name').all()).toEqual(['Empty', 'nice']);
        expect(await counted().filter({ sights__isnull: false }).count()).toBe(4);
        expect(await counted().values('name', 'sights').slice(0, 2).all()).toEqual([
          { name: 'Berlin', sights: true },
          { name: 'Empty', sights: null },
        ]);
      });

      it('keep rows out that find none, unless the join is a left one', async () => {
        const inner = cities.join('sights', sights(), { on: { id: F('sights.city') } });
        expect(await inner.flat('name').all()).toEqual(['Berlin', 'Köln', 'Paris', 'Tokyo']);
        expect([await inner.count(), await counted().count(), await inner.exists()]).toEqual([4, 6, true]);
      });

      it('load relations beside them', async () => {
        const rows = await counted()
          .selectRelated('country')
          .prefetchRelated('landmarks')
          .annotate({ n: F('sights.n') })
          .filter({ 'country.code': 'FR' })
          .all();
        expect(rows.map((city) => [city.name, city.country.name, city.landmarks.length, city.n])).toEqual([
          ['Paris', 'France', 2, 2],
          ['nice', 'France', 0, null],
        ]);
      });

      it('are told by every unique set of the other query', async () => {
        const one = await marks.get({ name: 'Tower' });
        const byKey = marks.join('town', cities, { on: { 'town.id': F('city') } });
        expect(
          await byKey
            .annotate({ at: F('town.name') })
            .values('name', 'at')
            .first(),
        ).toEqual({ name: 'Dom', at: 'Köln' });
        const byPk = marks.join('town', cities, { on: { city: F('town.pk') } }).annotate({ at: F('town.name') });
        expect((await byPk.get({ id: one.id })).at).toBe('Berlin');
        const byName = marks.join('town', cities, { on: { city: F('town') } }).annotate({ at: F('town.name') });
        expect((await byName.get({ id: one.id })).at).toBe('Berlin');
        const first = marks.join('town', cities.slice(0, 1), { on: {} }).annotate({ at: F('town.name') });
        expect((await first.all()).map(({ at }) => at)).toEqual(Array(6).fill('Berlin'));
        const named = countries.orderBy().values('name').distinct();
        const byValue = countries
          .join('same', named, { on: { name: F('same.name') } })
          .annotate({ again: F('same.name') });
        expect((await byValue.get({ code: 'JP' })).again).toBe('Japan');
      });

      it('are updated, deleted, locked, paged and listed through', async () => {
        const many = counted().filter({ 'sights.n': 2 });
        await undone(async () => {
          expect(await many.update({ notes: 'two' })).toBe(2);
          expect(await cities.filter({ notes: 'two' }).flat('name').all()).toEqual(['Berlin', 'Paris']);
          expect((await many.selectForUpdate().all()).map(({ name }) => name)).toEqual(['Berlin', 'Paris']);
          expect(await counted().filter({ sights__isnull: true }).delete()).toBe(2);
          expect(await cities.count()).toBe(4);
        });
        const page = await counted().page({ size: 4 });
        const next = await counted().page({ size: 4, after: page.next! });
        expect([...page.rows, ...next.rows].map(({ name }) => name)).toEqual(await cities.flat('name').all());
        const back = await counted().orderBy('-sights.n').page({ size: 2 });
        const rest = await counted().orderBy('-sights.n').page({ size: 9, after: back.next! });
        expect([...back.rows, ...rest.rows]).toHaveLength(6);
        const read: string[] = [];
        for await (const { name } of many.iterator({ chunk: 1 })) read.push(name);
        for await (const { name } of many.stream({ chunk: 1 })) read.push(name);
        expect(read).toEqual(['Berlin', 'Paris', 'Berlin', 'Paris']);
        expect((await many.inBulk()).size).toBe(2);
        const paris = await cities.get({ name: 'Paris' });
        expect([await many.contains(paris), await many.filter({ name: 'x' }).contains(paris)]).toEqual([true, false]);
        expect(await app.db.objects(Country).filter({ cities__in: many }).orderBy('code').flat('code').all()).toEqual([
          'DE',
          'FR',
        ]);
        expect(await many.union(cities.filter({ name: 'nice' })).count()).toBe(3);
        expect(await cities.difference(many).count()).toBe(4);
        expect(await many.intersection(cities.filter({ capital: true })).count()).toBe(2);
        await undone(async () => {
          const rows = (await cities.all()).map((city) => Object.assign(city, { notes: 'bulk' }));
          expect(await many.bulkUpdate(rows, ['notes'])).toBe(2);
          expect(await cities.filter({ notes: 'bulk' }).count()).toBe(2);
        });
      });

      it('are added up without multiplying anything', async () => {
        expect(
          await counted().aggregate({ people: Sum('population'), marks: Sum('sights.n'), top: Max('sights.top') }),
        ).toEqual({
          people: 21_040_000,
          marks: 6,
          top: 634,
        });
        const grouped = counted()
          .orderBy()
          .values('country')
          .annotate({ people: Sum('population'), n: Sum('sights.n') });
        expect(await grouped.orderBy('country').all()).toEqual([
          { country: 'DE', people: 4_600_000, n: 3 },
          { country: 'FR', people: 2_440_000, n: 2 },
          { country: 'JP', people: 14_000_000, n: 1 },
          { country: 'XX', people: 0, n: null },
        ]);
      });

      it('have windows and first rows', async () => {
        const first = counted().distinctOn('sights.n').orderBy('sights.n', 'name');
        expect(await first.values('name', 'sights.n').all()).toEqual([
          { name: 'Köln', 'sights.n': 1 },
          { name: 'Berlin', 'sights.n': 2 },
          { name: 'Empty', 'sights.n': null },
        ]);
      });
    });

    describe('that may have several rows', () => {
      it('make a row of values for each pair', async () => {
        expect(
          await marked().orderBy('name', 'mark.name').values('name', 'mark.name', 'mark.city.country.name').all(),
        ).toEqual([
          { name: 'Berlin', 'mark.name': 'Gate', 'mark.city.country.name': 'Germany' },
          { name: 'Berlin', 'mark.name': 'Tower', 'mark.city.country.name': 'Germany' },
          { name: 'Köln', 'mark.name': 'Dom', 'mark.city.country.name': 'Germany' },
          { name: 'Paris', 'mark.name': 'Eiffel', 'mark.city.country.name': 'France' },
          { name: 'Paris', 'mark.name': 'Louvre', 'mark.city.country.name': 'France' },
          { name: 'Tokyo', 'mark.name': 'Skytree', 'mark.city.country.name': 'Japan' },
        ]);
        expect(await maybe().values('name').count()).toBe(8);
      });

      it('make as many rows whichever values are selected', async () => {
        expect(await marked().flat('name').all()).toEqual(['Berlin', 'Berlin', 'Köln', 'Paris', 'Paris', 'Tokyo']);
        expect(await marked().values('name').count()).toBe(6);
        expect(await marked().values('name').distinct().count()).toBe(4);
        expect(await marked().orderBy('-mark.height').valuesList('name', 'mark').slice(0, 1).all()).toHaveLength(1);
      });

      it('leave each entity once', async () => {
        expect((await marked().all()).map(({ name }) => name)).toEqual(['Berlin', 'Köln', 'Paris', 'Tokyo']);
        expect(await maybe().all()).toHaveLength(6);
        expect([await marked().count(), await maybe().count(), await maybe().exists()]).toEqual([4, 6, true]);
      });

      it('are filtered as pairs, by one call or several', async () => {
        const none = marked().filter({ 'mark.height__gt': 300 }).filter({ 'mark.name': 'Gate' });
        expect([await none.count(), await none.values('name').count()]).toEqual([0, 0]);
        const tall = marked().filter({ 'mark.height__gt': 100 });
        expect(await tall.values('mark.name').orderBy('mark.name').all()).toEqual([
          { 'mark.name': 'Dom' },
          { 'mark.name': 'Eiffel' },
          { 'mark.name': 'Skytree' },
          { 'mark.name': 'Tower' },
        ]);
        expect(await tall.flat('name').count()).toBe(4);
        expect(await marked().exclude({ 'mark.height__gt': 100 }).flat('mark.name').all()).toEqual(['Gate', 'Louvre']);
        expect((await marked().exclude({ 'mark.height__gt': 100 }).all()).map(({ name }) => name)).toEqual([
          'Berlin',
          'Paris',
        ]);
        expect(await maybe().filter({ mark__isnull: true }).flat('name').all()).toEqual(['Empty', 'nice']);
      });

      it('have values that are worked out of both sides', async () => {
        const rows = marked()
          .annotate({ label: Lower('mark.name'), dense: F('population').dividedBy(F('mark.height')) })
          .filter({ dense__gt: 10_000 })
          .orderBy('-dense')
          .values('label', 'dense');
        expect(await rows.all()).toEqual([
          { label: 'gate', dense: 3_600_000 / 26 },
          { label: 'skytree', dense: 14_000_000 / 634 },
        ]);
      });

      it('are first, last, sliced and reversed', async () => {
        const rows = marked().orderBy('mark.height').values('mark.name');
        expect(await rows.first()).toEqual({ 'mark.name': 'Gate' });
        expect(await rows.last()).toEqual({ 'mark.name': 'Louvre' });
        expect(await rows.slice(1, 2).all()).toEqual([{ 'mark.name': 'Dom' }, { 'mark.name': 'Eiffel' }]);
        expect((await rows.reverse().all())[1]).toEqual({ 'mark.name': 'Skytree' });
        expect(await marked().orderBy().values('name', 'mark.name').first()).toEqual({
          name: 'Berlin',
          'mark.name': 'Tower',
        });
        expect(await rows.latest('mark.name')).toEqual({ 'mark.name': 'Tower' });
      });

      it('are read in one go', async () => {
        const read: unknown[] = [];
        for await (const row of marked().values('mark.name').iterator({ chunk: 1 })) read.push(row);
        for await (const row of marked().values('mark.name').stream({ chunk: 1 })) read.push(row);
        expect(read).toHaveLength(12);
        const towns: string[] = [];
        for await (const { name } of marked().iterator({ chunk: 2 })) towns.push(name);
        expect(towns).toEqual(['Berlin', 'Köln', 'Paris', 'Tokyo']);
      });

      it('make groups', async () => {
        const rows = marked()
          .orderBy()
          .values('country')
          .annotate({
            pairs: Count(),
            marks: Count('mark'),
            tall: Count('mark', { filter: { 'mark.height__gt': 300 } }),
            sum: Sum('mark.height'),
            mean: Avg('mark.height'),
            least: Min('population'),
            towns: Count('id', { distinct: true }),
          });
        expect(await rows.orderBy('country').all()).toEqual([
          { country: 'DE', pairs: 3, marks: 3, tall: 1, sum: 551, mean: 551 / 3, least: 1_000_000, towns: 2 },
          { country: 'FR', pairs: 2, marks: 2, tall: 1, sum: 330, mean: 330, least: 2_100_000, towns: 1 },
          { country: 'JP', pairs: 1, marks: 1, tall: 1, sum: 634, mean: 634, least: 14_000_000, towns: 1 },
        ]);
        expect(
          await rows.filter({ marks__gte: 2, 'mark.height__gt': 100 }).flat('country').all().catch(String),
        ).toEqual(['DE']);
      });

      it('make groups by what is joined', async () => {
        const tags = app.db.objects(Tag);
        const rows = cities
          .orderBy()
          .join('tag', tags, { on: { 'tag.weight': Length('name') } })
          .values('tag.name')
          .annotate({ n: Count() });
        expect(await rows.all()).toEqual([{ 'tag.name': 'Big', n: 2 }]);
        const keyed = marked()
          .orderBy()
          .values('mark.id', 'mark.name')
          .annotate({ people: Sum('population') });
        expect(await keyed.orderBy('mark.name').flat('people').all()).toHaveLength(6);
      });

      it('are added up as rows of values', async () => {
        expect(
          await marked()
            .values('name', 'mark.height')
            .aggregate({ n: Count('name'), sum: Sum('mark.height') }),
        ).toEqual({
          n: 6,
          sum: 1515,
        });
        expect(await marked().aggregate({ people: Sum('population'), n: Count('id') })).toEqual({
          people: 20_700_000,
          n: 4,
        });
      });

      it('are updated, deleted, locked, paged and listed through, each row once', async () => {
        const tall = marked().filter({ 'mark.height__gt': 20 });
        await undone(async () => {
          expect(await tall.update({ population: F('population').plus(1) })).toBe(4);
          expect(await cities.filter({ name: 'Berlin' }).flat('population').get()).toBe(3_600_001);
          expect(await tall.selectForUpdate().all()).toHaveLength(4);
          expect(await marked().filter({ 'mark.height__gt': 300 }).delete()).toBe(3);
          expect(await cities.flat('name').all()).toEqual(['Empty', 'Köln', 'nice']);
        });
        const page = await tall.page({ size: 3 });
        expect(page.rows).toHaveLength(3);
        expect((await tall.page({ size: 3, after: page.next! })).rows.map(({ name }) => name)).toEqual(['Tokyo']);
        expect(await cities.filter({ pk__in: tall }).count()).toBe(4);
        expect(await cities.filter({ pk__in: tall.flat('id') }).count()).toBe(4);
        expect(await tall.union(cities.filter({ name: 'nice' })).count()).toBe(5);
      });
    });

    describe('on conditions', () => {
      it('that are no equalities', async () => {
        const higher = marks.join('higher', marks, { on: { height__lt: F('higher.height') } });
        const ranks = higher
          .orderBy()
          .values('name')
          .annotate({ n: Count('higher') })
          .orderBy('-n', 'name');
        expect(await ranks.all()).toEqual([
          { name: 'Gate', n: 4 },
          { name: 'Dom', n: 3 },
          { name: 'Eiffel', n: 2 },
          { name: 'Tower', n: 1 },
        ]);
      });

      it('that nest and negate', async () => {
        const on = Q({ country: F('other.country') })
          .and(Q({ id: F('other.id') }).not())
          .and(Q({ 'other.capital': true }).or({ 'other.population__lt': 400_000 }));
        const rows = cities.join('other', cities, { on }).values('name', 'other.name');
        expect(await rows.all()).toEqual([
          { name: 'Köln', 'other.name': 'Berlin' },
          { name: 'Paris', 'other.name': 'nice' },
          { name: 'nice', 'other.name': 'Paris' },
        ]);
      });

      it('that hold for all', async () => {
        expect(await countries.join('tag', app.db.objects(Tag), { on: {} }).values('code', 'tag.name').count()).toBe(
          16,
        );
        expect(await countries.join('tag', app.db.objects(Tag), { on: {} }).count()).toBe(4);
        expect(
          await countries.join('tag', app.db.objects(Tag).none(), { on: {}, kind: 'left' }).values('tag').count(),
        ).toBe(4);
        expect(await countries.join('tag', app.db.objects(Tag).none(), { on: {} }).count()).toBe(0);
        expect(await countries.none().join('tag', app.db.objects(Tag), { on: {} }).count()).toBe(0);
      });

      it('with values of their own', async () => {
        const on = { id: F('mark.city'), 'mark.height__range': [100, 340], 'mark.name__ne': 'Dom' } as const;
        const rows = cities.join('mark', marks, { on, kind: 'left' }).values('name', 'mark.name');
        expect(await rows.filter({ mark__isnull: false }).all()).toEqual([{ name: 'Paris', 'mark.name': 'Eiffel' }]);
        expect(await rows.count()).toBe(6);
      });

      it('over relations of both sides', async () => {
        const rows = marks.join('town', cities, {
          on: { 'city.country.continent': F('town.country.continent'), 'town.capital': true },
        });
        expect(await rows.filter({ name: 'Dom' }).orderBy('town.name').flat('town.name').all()).toEqual([
          'Berlin',
          'Paris',
        ]);
        const many = countries.join('tag', app.db.objects(Tag), { on: { 'cities.tags': F('tag.id') } });
        expect(await many.orderBy('code', 'tag.weight').valuesList('code', 'tag.name').all()).toEqual([
          ['DE', 'river'],
          ['DE', 'old'],
          ['DE', 'Big'],
          ['FR', 'river'],
          ['FR', 'sea'],
          ['FR', 'old'],
          ['FR', 'Big'],
          ['JP', 'sea'],
          ['JP', 'Big'],
        ]);
      });

      it('by expressions', async () => {
        const on = Q({ 'tag.weight': Length('name') }).and(Exists(marks.filter({ city: OuterRef('id') })));
        const rows = cities.join('tag', app.db.objects(Tag), { on, kind: 'left' }).values('name', 'tag.name');
        expect(await rows.filter({ tag__isnull: false }).all()).toEqual([{ name: 'Köln', 'tag.name': 'Big' }]);
      });

      it('that use joins before them', async () => {
        const rows = counted()
          .join('tag', app.db.objects(Tag), { on: { 'tag.weight': F('sights.n') }, kind: 'left' })
          .values('name', 'tag.name');
        expect(await rows.all()).toEqual([
          { name: 'Berlin', 'tag.name': 'sea' },
          { name: 'Empty', 'tag.name': null },
          { name: 'Köln', 'tag.name': 'river' },
          { name: 'Paris', 'tag.name': 'sea' },
          { name: 'Tokyo', 'tag.name': 'river' },
          { name: 'nice', 'tag.name': null },
        ]);
      });

      it('that use annotations and narrowed relations', async () => {
        const rows = cities
          .alias({ marks: Count('landmarks') })
          .join('tag', app.db.objects(Tag), { on: { marks: F('tag.weight') } })
          .values('name', 'tag.name');
        expect(await rows.filter({ name: 'Berlin' }).get()).toEqual({ name: 'Berlin', 'tag.name': 'sea' });
      });

      it('with NULL on a side find nothing', async () => {
        const rows = cities.join('same', cities, { on: { area: F('same.area') } });
        expect(await rows.count()).toBe(4);
      });
    });

    describe('of every sort', () => {
      it('are filtered, ordered, sliced and annotated', async () => {
        const source = marks
          .orderBy('-height')
          .filter({ height__isnull: false })
          .annotate({ size: F('height').times(2) })
          .slice(0, 3);
        const rows = cities
          .join('top', source, { on: { id: F('top.city') } })
          .orderBy('top.size')
          .valuesList('name', 'top.size');
        expect(await rows.all()).toEqual([
          ['Paris', 660],
          ['Berlin', 736],
          ['Tokyo', 1268],
        ]);
      });

      it('have joins of their own', async () => {
        const inner = marks.join('town', cities, { on: { city: F('town.id') } });
        const rows = app.db.objects(Visit).join('mark', inner, { on: { landmark: F('mark.id') } });
        expect(await rows.orderBy('stars').valuesList('stars', 'mark.name', 'mark.town.name').all()).toEqual([
          [1, 'Tower', 'Berlin'],
          [3, 'Eiffel', 'Paris'],
          [5, 'Tower', 'Berlin'],
        ]);
      });

      it('are distinct, grouped twice, or rows of several queries', async () => {
        const small = cities.orderBy().values('name').filter({ population__lt: 1_000 });
        const names = cities.orderBy().values('name').filter({ capital: true }).union(small);
        const rows = cities.join('any', names, { on: { name: F('any.name') } });
        expect(await rows.flat('any.name').all()).toEqual(['Berlin', 'Empty', 'Paris', 'Tokyo']);
        const tagged = cities.orderBy().values('country.code', 'tags.name').distinct();
        const each = countries.join('tag', tagged, { on: { code: F('tag.country.code') }, kind: 'left' });
        expect(
          await each.orderBy('code', 'tag.tags.name').valuesList('code', 'tag.tags.name').filter({ code: 'JP' }).all(),
        ).toEqual([
          ['JP', 'Big'],
          ['JP', 'sea'],
        ]);
      });

      it('keep every kind of value exact', async () => {
        const rows = marks.join('town', cities, { on: { city: F('town.id') } }).filter({ name: 'Tower' });
        const row = await rows
          .values(
            'town.area',
            'town.country.population',
            'town.founded',
            'town.visitedAt',
            'town.capital',
            'town.motto',
            'town.data',
            'town.data.a.0',
            'town.location.zone',
            'town.location.latitude',
            'town.country',
            'town',
          )
          .get();
        const berlin = await cities.get({ name: 'Berlin' });
        expect(row).toEqual({
          'town.area': '891.70',
          'town.country.population': '83000000',
          'town.founded': '1237-10-28',
          'town.visitedAt': new Date('2024-02-29T12:30:15.250Z'),
          'town.capital': true,
          'town.motto': 'ARM',
          'town.data': { a: [1, 2] },
          'town.data.a.0': 1,
          'town.location.zone': 'Europe/Berlin',
          'town.location.latitude': 52.5,
          'town.country': 'DE',
          town: berlin.id,
        });
        const big = cities.join('land', countries, { on: { country: F('land.code') } });
        expect(
          await big.filter({ 'land.population': '9007199254740993' }).values('name', 'land.population').all(),
        ).toEqual([{ name: 'Tokyo', 'land.population': '9007199254740993' }]);
      });

      it('are asked by every lookup', async () => {
        const rows = marks.join('town', cities, { on: { city: F('town.id') } });
        const count = (lookups: object): Promise<number> => rows.untyped().filter(lookups).count();
        const paris = await cities.get({ name: 'Paris' });
        expect(await count({ 'town.area': '891.70' })).toBe(2);
        expect(await count({ 'town.area__gt': '400' })).toBe(4);
        expect(await count({ 'town.founded__year__lt': 1000 })).toBe(2);
        expect(await count({ 'town.visitedAt__date': '2024-02-29' })).toBe(2);
        expect(await count({ 'town.visitedAt': new Date('2023-12-31T23:59:59.999Z') })).toBe(1);
        expect(await count({ 'town.name__in': ['Paris', 'Köln'] })).toBe(3);
        expect(await count({ 'town.name__iexact': 'pARIS', 'town.name__length': 5 })).toBe(2);
        expect(await count({ 'town.name__regex': '^[KT]' })).toBe(2);
        expect(await count({ 'town.capital': false })).toBe(1);
        expect(await count({ 'town.country': 'FR' })).toBe(2);
        expect(await count({ 'town.country__in': countries.filter({ name: 'France' }) })).toBe(2);
        expect(await count({ town: paris })).toBe(2);
        expect(await count({ town__in: [paris, 1] })).toBe(4);
        expect(await count({ 'town.pk': paris.id })).toBe(2);
        expect(await count({ 'town.data.a.0': 1 })).toBe(2);
        expect(await count({ 'town.data__hasKey': 'a' })).toBe(2);
        expect(await count({ 'town.data__contains': { a: [1, 2] } })).toBe(2);
        expect(await count({ 'town.data__isnull': true })).toBe(4);
        expect(await count({ 'town.location.zone__isnull': false })).toBe(2);
        expect(await count({ 'town.name': F('name') })).toBe(0);
        expect(await count({ 'town.population__gt': F('height') })).toBe(5);
      });

      it('are spoken of by subqueries', async () => {
        const best = app.db
          .objects(Visit)
          .filter({ landmark: OuterRef('mark.id') })
          .orderBy('-stars')
          .flat('stars');
        const rows = marked()
          .annotate({ best: Subquery(best) })
          .filter({ best__isnull: false })
          .values('mark.name', 'best');
        expect(await rows.orderBy('best').all()).toEqual([
          { 'mark.name': 'Eiffel', best: 3 },
          { 'mark.name': 'Tower', best: 5 },
        ]);
        const town = marked()
          .filter({ 'mark.id': OuterRef('landmark') })
          .flat('name');
        expect(
          await app.db
            .objects(Visit)
            .orderBy('stars')
            .annotate({ town: Subquery(town) })
            .flat('town')
            .all(),
        ).toEqual(['Berlin', 'Paris', 'Berlin']);
        const around = cities.join('mark', marks, { on: { id: F('mark.city'), 'mark.id': OuterRef('landmark') } });
        expect(await app.db.objects(Visit).filter(Exists(around)).count()).toBe(3);
      });

      it('have keys of several columns', async () => {
        const wards = app.db.objects(Ward);
        const rows = app.db
          .objects(School)
          .join('part', wards, { on: { 'ward.cityId': F('part.cityId'), 'ward.number': F('part.number') } });
        expect(
          await rows
            .orderBy('name')
            .annotate({ at: F('part.name') })
            .values('name', 'at')
            .all(),
        ).toEqual([
          { name: 'A', at: 'Ward 1' },
          { name: 'B', at: 'Ward 2' },
          { name: 'C', at: 'Louvre' },
        ]);
      });

      it('list dates of both sides', async () => {
        const rows = marks.join('town', cities, { on: { city: F('town.id') } });
        expect(await rows.dates('town.founded', 'year')).toEqual(['0250-01-01', '1237-01-01']);
        expect(await rows.datetimes('town.visitedAt', 'hour')).toHaveLength(2);
      });

      it('are explained and shown', async () => {
        expect(marked().values('name').toSQL().sql).toMatch(/INNER JOIN \(SELECT/);
        expect((await marked().values('name').explain()).length).toBeGreaterThan(0);
      });
    });
  });
});
