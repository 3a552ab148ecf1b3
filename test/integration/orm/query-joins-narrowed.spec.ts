import {
  Count,
  Exists,
  F,
  FilteredRelation,
  Length,
  Max,
  OuterRef,
  Prefetch,
  Q,
  Sum,
  Upper,
  type QuerySet,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Continent, Country, fillWorld, Landmark, openWorld, Visit } from './query.world.js';

class Undo extends Error {}

describe('narrowed relations', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let cities: QuerySet<City>;
    const high = () => cities.joined({ high: FilteredRelation('landmarks', { 'landmarks.height__gt': 100 }) });
    const bigger = () =>
      cities.joined({ bigger: FilteredRelation('twin', { 'twin.population__gt': F('population') }) });

    beforeAll(async () => {
      app = await openWorld(database.url);
      await fillWorld(app);
      cities = app.db.objects(City).orderBy('name');
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
      await expect(run).rejects.toBeInstanceOf(Undo);
    }

    it('are found by paths, each row once', async () => {
      expect(await high().filter({ 'high.name__icontains': 'o' }).flat('name').all()).toEqual(['Berlin', 'Köln']);
      expect(await high().filter({ 'high.height__lt': 100 }).count()).toBe(0);
      expect(await cities.filter({ 'landmarks.height__lt': 100 }).count()).toBe(1);
    });

    it('are counted and added up for each row', async () => {
      const rows = high()
        .annotate({ all: Count('landmarks'), few: Count('high'), top: Max('high.height'), sum: Sum('high.height') })
        .values('name', 'all', 'few', 'top', 'sum');
      expect(await rows.filter({ name__in: ['Berlin', 'nice'] }).all()).toEqual([
        { name: 'Berlin', all: 2, few: 1, top: 368, sum: 368 },
        { name: 'nice', all: 0, few: 0, top: null, sum: null },
      ]);
    });

    it('do not multiply each other', async () => {
      const two = high().joined({ light: FilteredRelation('tags', { 'tags.weight__lt': 3 }) });
      const rows = await two
        .annotate({ n: Count('high'), m: Count('light') })
        .values('name', 'n', 'm')
        .all();
      expect(rows.find(({ name }) => name === 'Paris')).toEqual({ name: 'Paris', n: 1, m: 1 });
    });

    it('leave rows without them in values', async () => {
      expect(await high().values('name', 'high.name').all()).toEqual([
        { name: 'Berlin', 'high.name': 'Tower' },
        { name: 'Empty', 'high.name': null },
        { name: 'Köln', 'high.name': 'Dom' },
        { name: 'Paris', 'high.name': 'Eiffel' },
        { name: 'Tokyo', 'high.name': 'Skytree' },
        { name: 'nice', 'high.name': null },
      ]);
      expect(await high().values('high').count()).toBe(6);
    });

    it('order rows', async () => {
      const names = await high().orderBy('-high.height', 'name').flat('name').all();
      expect(names).toEqual(['Empty', 'nice', 'Tokyo', 'Berlin', 'Paris', 'Köln']);
      expect((await high().orderBy('high.height', 'name').reverse().flat('name').all())[0]).toBe('nice');
    });

    it('are asked for absence', async () => {
      expect(await high().filter({ high__isnull: true }).flat('name').all()).toEqual(['Empty', 'nice']);
      expect(await high().filter({ high__isnull: false }).count()).toBe(4);
      expect(await high().filter({ high: null }).count()).toBe(2);
      const tower = await app.db.objects(Landmark).get({ name: 'Tower' });
      const gate = await app.db.objects(Landmark).get({ name: 'Gate' });
      expect(await high().filter({ high: tower }).flat('name').all()).toEqual(['Berlin']);
      expect(await high().filter({ high: gate }).count()).toBe(0);
    });

    it('are left out by exclude()', async () => {
      expect(await high().exclude({ 'high.height__gt': 300 }).flat('name').all()).toEqual(['Empty', 'Köln', 'nice']);
    });

    it('speak of one row in one call and of any in several', async () => {
      const any = cities.joined({ known: FilteredRelation('landmarks', { 'landmarks.height__isnull': false }) });
      expect(await any.filter({ 'known.name': 'Gate', 'known.height__gt': 300 }).count()).toBe(0);
      expect(await any.filter({ 'known.name': 'Gate' }).filter({ 'known.height__gt': 300 }).count()).toBe(1);
    });

    it('load the one row with the entity, or null', async () => {
      const rows = await bigger().selectRelated('bigger', 'bigger.country').all();
      const found = new Map(rows.map((city) => [city.name, city]));
      expect(found.get('Paris')!.bigger).toBeInstanceOf(City);
      expect(found.get('Paris')!.bigger!.country.name).toBe('Japan');
      expect(found.get('Berlin')!.bigger).toBeNull();
      expect(found.get('Berlin')!.twin).toBeUndefined();
    });

    it('and the relation itself stand beside each other', async () => {
      const rows = await bigger().selectRelated('bigger', 'twin').filter({ twin__isnull: false }).all();
      expect(rows.map(({ bigger: one, twin }) => [one?.name, twin?.name])).toEqual([
        [undefined, 'Paris'],
        ['Tokyo', 'Tokyo'],
      ]);
    });

    it('of two queries by the same key have their own conditions', async () => {
      const berlin = await cities.get({ name: 'Berlin' });
      const no = bigger().selectRelated('bigger');
      const yes = cities
        .joined({ bigger: FilteredRelation('twin', { 'twin.population__lt': F('population') }) })
        .selectRelated('bigger');
      expect((await no.get({ id: berlin.id })).bigger).toBeNull();
      expect((await yes.get({ id: berlin.id })).bigger?.name).toBe('Paris');
    });

    it('filter by the one row, which keeps others out', async () => {
      expect(await bigger().filter({ 'bigger.name': 'Tokyo' }).flat('name').all()).toEqual(['Paris']);
      expect(await bigger().filter({ 'bigger.name': 'Paris' }).count()).toBe(0);
      expect(await bigger().filter({ 'bigger.country.continent': Continent.Asia }).flat('name').all()).toEqual([
        'Paris',
      ]);
      expect(await bigger().filter({ bigger__isnull: true }).count()).toBe(5);
    });

    it('lead over several relations, whole or not at all', async () => {
      const good = cities.joined({ good: FilteredRelation('landmarks.visits', { 'landmarks.visits.stars__gte': 3 }) });
      const counted = await good
        .annotate({ n: Count('good') })
        .values('name', 'n')
        .filter({ n__gt: 0 })
        .all();
      expect(counted).toEqual([
        { name: 'Berlin', n: 1 },
        { name: 'Paris', n: 1 },
      ]);
      const values = await good
        .values('name', 'good.stars')
        .filter({ name__in: ['Berlin', 'Köln'] })
        .all();
      expect(values).toEqual([
        { name: 'Berlin', 'good.stars': 5 },
        { name: 'Köln', 'good.stars': null },
      ]);
    });

    it('may set conditions on the row itself and on those on the way', async () => {
      const path = FilteredRelation('landmarks.visits', {
        capital: true,
        'landmarks.height__gt': 350,
        'landmarks.visits.stars__lt': 9,
      });
      const rows = await cities
        .joined({ v: path })
        .annotate({ n: Count('v') })
        .filter({ n__gt: 0 })
        .values('name', 'n')
        .all();
      expect(rows).toEqual([{ name: 'Berlin', n: 2 }]);
    });

    it('compare fields, expressions and alternatives', async () => {
      const like = cities.joined({
        like: FilteredRelation(
          'landmarks',
          Q({ 'landmarks.name__startswith': 'T' }).or(Q({ 'landmarks.height__gt': 300 }).not()),
        ),
      });
      expect(
        await like
          .annotate({ n: Count('like') })
          .flat('n')
          .all(),
      ).toEqual([2, 0, 1, 1, 0, 0]);
      const same = cities.joined({
        same: FilteredRelation('tags', { 'tags.weight__lt': Length('name'), 'tags.name__ne': Upper('name') }),
      });
      expect(
        await same
          .annotate({ n: Count('same') })
          .flat('n')
          .all(),
      ).toEqual([2, 0, 2, 3, 2, 1]);
    });

    it('go over junction tables', async () => {
      const tagged = cities.joined({ old: FilteredRelation('tags', { 'tags.name': 'old' }) });
      expect(await tagged.filter({ old__isnull: false }).flat('name').all()).toEqual(['Köln', 'Paris']);
      expect(await tagged.values('name', 'old.weight').count()).toBe(6);
      expect(await tagged.filter({ 'old.cities.name': 'Paris' }).count()).toBe(2);
    });

    it('go back over one-to-one relations and composite keys', async () => {
      const led = cities.joined({ led: FilteredRelation('mayor', { 'mayor.name__startswith': 'K' }) });
      const rows = await led.selectRelated('led').filter({ led__isnull: false }).all();
      expect(rows.map(({ name, led: mayor }) => [name, mayor?.name])).toEqual([['Berlin', 'Kai']]);
      const wards = cities.joined({ first: FilteredRelation('wards', { 'wards.number': 1 }) });
      expect(
        await wards
          .annotate({ n: Count('first') })
          .filter({ n: 1 })
          .flat('name')
          .all(),
      ).toEqual(['Berlin', 'Paris']);
      expect(await wards.values('name', 'first').filter({ name: 'Empty' }).get()).toEqual({
        name: 'Empty',
        first: { cityId: null, number: null },
      });
    });

    it('are there twice under two names', async () => {
      const both = high().joined({ low: FilteredRelation('landmarks', { 'landmarks.height__lte': 100 }) });
      const rows = both
        .annotate({ up: Count('high'), down: Count('low') })
        .filter({ 'low.name': 'Gate', high__isnull: false });
      expect(await rows.values('name', 'up', 'down').all()).toEqual([{ name: 'Berlin', up: 1, down: 1 }]);
    });

    it('without a condition are the relation under another name', async () => {
      const two = cities.joined({ a: FilteredRelation('landmarks'), b: FilteredRelation('landmarks') });
      expect(
        await two
          .annotate({ n: Count('a'), m: Count('b') })
          .values('n', 'm')
          .first(),
      ).toEqual({ n: 2, m: 2 });
    });

    it('make groups and values of whole queries', async () => {
      expect(
        await high()
          .orderBy()
          .values('high.name')
          .annotate({ n: Count('id') })
          .orderBy('high.name')
          .all(),
      ).toEqual([
        { 'high.name': 'Dom', n: 1 },
        { 'high.name': 'Eiffel', n: 1 },
        { 'high.name': 'Skytree', n: 1 },
        { 'high.name': 'Tower', n: 1 },
        { 'high.name': null, n: 2 },
      ]);
      expect(await high().aggregate({ n: Count('high'), top: Max('high.height'), people: Sum('population') })).toEqual({
        n: 4,
        top: 634,
        people: 21_040_000,
      });
      expect(
        await high()
          .orderBy()
          .values('country')
          .annotate({ n: Count('high'), people: Sum('population') })
          .filter({ n__gt: 1 })
          .all(),
      ).toEqual([{ country: 'DE', n: 2, people: 4_600_000 }]);
    });

    it('hold in updates and deletions', async () => {
      await undone(async () => {
        expect(await high().orderBy().filter({ 'high.height__gt': 300 }).update({ notes: 'x' })).toBe(3);
        expect(await bigger().filter({ 'bigger.name': 'Tokyo' }).update({ notes: 'y' })).toBe(1);
        expect(
          await cities
            .filter({ notes__in: ['x', 'y'] })
            .flat('name')
            .all(),
        ).toEqual(['Berlin', 'Paris', 'Tokyo']);
        expect(await high().filter({ high__isnull: true }).delete()).toBe(2);
        expect(await cities.count()).toBe(4);
      });
    });

    it('hold in lists, sets, pages, locks and iterators', async () => {
      const tall = high().filter({ 'high.height__gt': 300 });
      expect(await app.db.objects(Country).filter({ cities__in: tall }).orderBy('name').flat('code').all()).toEqual([
        'FR',
        'DE',
        'JP',
      ]);
      expect(await tall.union(cities.filter({ name: 'nice' })).count()).toBe(4);
      expect(await tall.difference(cities.filter({ capital: true })).count()).toBe(0);
      const page = await tall.page({ size: 2 });
      expect(page.rows.map(({ name }) => name)).toEqual(['Berlin', 'Paris']);
      expect((await tall.page({ size: 2, after: page.next! })).rows.map(({ name }) => name)).toEqual(['Tokyo']);
      const read: string[] = [];
      for await (const { name } of tall.iterator({ chunk: 1 })) read.push(name);
      expect(read).toEqual(['Berlin', 'Paris', 'Tokyo']);
      await app.db.atomic(async () => expect(await tall.selectForUpdate().all()).toHaveLength(3));
      expect([await tall.exists(), await tall.distinct().count(), await tall.reverse().flat('name').first()]).toEqual([
        true,
        3,
        'Tokyo',
      ]);
    });

    it('may ask other queries', async () => {
      const visits = app.db.objects(Visit).filter({ landmark: OuterRef('landmarks.pk'), stars: 5 });
      const praised = cities.joined({ praised: FilteredRelation('landmarks', Q({}).and(Exists(visits))) });
      expect(
        await praised
          .annotate({ n: Count('praised') })
          .filter({ n: 1 })
          .flat('name')
          .all(),
      ).toEqual(['Berlin']);
      const near = cities.joined({ near: FilteredRelation('landmarks', { 'landmarks.pk': OuterRef('landmark') }) });
      const seen = app.db.objects(Visit).filter(Exists(near.filter({ near__isnull: false, name: 'Paris' })));
      expect(await seen.flat('stars').all()).toEqual([3]);
    });

    it('stand in queries of prefetched rows', async () => {
      const query = high().filter({ high__isnull: false });
      const countries = await app.db
        .objects(Country)
        .orderBy('code')
        .prefetchRelated(Prefetch('cities', { query }))
        .all();
      expect(countries.map(({ cities: found }) => found.map(({ name }) => name))).toEqual([
        ['Berlin', 'Köln'],
        ['Paris'],
        ['Tokyo'],
        [],
      ]);
    });
  });
});
