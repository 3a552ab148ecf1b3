import { Avg, Count, Exists, F, Length, Max, OuterRef, Q, Subquery, Sum, type QuerySet } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { Blog, BLOGS, Post } from './model.world.js';
import { City, Country, fillWorld, Landmark, Mayor, openWorld, Tag, Visit, WORLD } from './query.world.js';

describe('right and full joins', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let cities: QuerySet<City>;
    let mayors: QuerySet<Mayor>;
    let marks: QuerySet<Landmark>;
    let tags: QuerySet<Tag>;

    beforeAll(async () => {
      app = await openWorld(database.url, { entities: [...WORLD, ...BLOGS] });
      await fillWorld(app);
      cities = app.db.objects(City);
      mayors = app.db.objects(Mayor);
      marks = app.db.objects(Landmark).orderBy();
      tags = app.db.objects(Tag).orderBy();
    });
    afterAll(async () => {
      await app?.close();
    });

    const full = () => cities.join('boss', mayors, { on: { id: F('boss.city') }, kind: 'full' });
    const right = () => cities.join('boss', mayors, { on: { id: F('boss.city') }, kind: 'right' });
    const both = (rows: QuerySet<object, unknown>) =>
      rows.untyped().orderBy('name', 'boss.name').valuesList('name', 'boss.name').all();

    it('return the unmatched rows of both sides', async () => {
      expect(await full().orderBy('name', 'boss.name').values('name', 'boss.name').all()).toEqual([
        { name: 'Berlin', 'boss.name': 'Kai' },
        { name: 'Empty', 'boss.name': null },
        { name: 'Köln', 'boss.name': null },
        { name: 'Paris', 'boss.name': 'Anne' },
        { name: 'Tokyo', 'boss.name': null },
        { name: 'nice', 'boss.name': null },
        { name: null, 'boss.name': 'Idle' },
      ]);
    });

    it('return every row of the right side', async () => {
      expect(await both(right().untyped())).toEqual([
        ['Berlin', 'Kai'],
        ['Paris', 'Anne'],
        [null, 'Idle'],
      ]);
    });

    it('are counted as pairs', async () => {
      expect([await full().count(), await right().count(), await full().values('name').count()]).toEqual([7, 3, 7]);
      expect([await full().exists(), await full().filter({ name: 'x' }).exists()]).toEqual([true, false]);
      expect(await full().values('boss.name').distinct().count()).toBe(4);
    });

    it('take what the query says before them as the left side', async () => {
      const before = cities.filter({ capital: true, name__ne: 'Paris' });
      const rows = before.join('boss', mayors, { on: { id: F('boss.city') }, kind: 'full' });
      expect(await both(rows.untyped())).toEqual([
        ['Berlin', 'Kai'],
        ['Tokyo', null],
        [null, 'Anne'],
        [null, 'Idle'],
      ]);
    });

    it('are filtered as pairs by what follows', async () => {
      expect(await both(full().filter({ capital: true }).untyped())).toEqual([
        ['Berlin', 'Kai'],
        ['Paris', 'Anne'],
        ['Tokyo', null],
      ]);
      expect(await full().filter({ id__isnull: true }).flat('boss.name').all()).toEqual(['Idle']);
      expect(await full().filter({ boss__isnull: true }).orderBy('name').flat('name').all()).toEqual([
        'Empty',
        'Köln',
        'Tokyo',
        'nice',
      ]);
      expect(await full().filter({ boss__isnull: false, id__isnull: false }).count()).toBe(2);
      expect(await full().exclude({ 'boss.name__startswith': 'K' }).count()).toBe(6);
      expect(await full().filter({ 'country.code': 'FR' }).orderBy('name').flat('name').all()).toEqual([
        'Paris',
        'nice',
      ]);
      expect(
        await full()
          .filter(Q({ 'boss.name': 'Idle' }).or({ name: 'Tokyo' }))
          .count(),
      ).toBe(2);
    });

    it('reach related rows of the left side', async () => {
      expect(await full().filter({ 'landmarks.height__gt': 300 }).orderBy('name').flat('name').all()).toEqual([
        'Berlin',
        'Paris',
        'Tokyo',
      ]);
      const counted = full()
        .annotate({ n: Count('landmarks') })
        .orderBy('-n', 'name')
        .values('name', 'n');
      expect(await counted.slice(0, 3).all()).toEqual([
        { name: 'Berlin', n: 2 },
        { name: 'Paris', n: 2 },
        { name: 'Köln', n: 1 },
      ]);
    });

    it('are ordered, sliced, first and last', async () => {
      const rows = full().orderBy('-boss.name', 'name').values('name', 'boss.name');
      expect(await rows.slice(3, 3).all()).toEqual([
        { name: 'nice', 'boss.name': null },
        { name: 'Berlin', 'boss.name': 'Kai' },
        { name: null, 'boss.name': 'Idle' },
      ]);
      expect([await rows.last(), await full().values('name').first()]).toEqual([
        { name: 'Paris', 'boss.name': 'Anne' },
        { name: 'Berlin' },
      ]);
      expect(
        await cities
          .orderBy('-name')
          .join('boss', mayors, { on: { id: F('boss.city') }, kind: 'full' })
          .values('name')
          .first(),
      ).toEqual({ name: null });
    });

    it('find pairs by any condition', async () => {
      const rows = cities.filter({ country: 'FR' }).join('tag', tags, {
        on: Q({ 'tag.weight__lt': Length('name') }).and({ 'tag.name__contains': 'e', population__gt: 1_000_000 }),
        kind: 'full',
      });
      expect(await rows.orderBy('name', 'tag.name').valuesList('name', 'tag.name').all()).toEqual([
        ['Paris', 'river'],
        ['Paris', 'sea'],
        ['nice', null],
        [null, 'Big'],
        [null, 'old'],
      ]);
      const all = cities.join('tag', tags, { on: {}, kind: 'full' });
      expect(await all.count()).toBe(24);
      expect(await cities.join('tag', tags, { on: { id: 0 }, kind: 'full' }).count()).toBe(10);
      expect(
        await cities.join('tag', tags, { on: { 'landmarks.height__gt': 600, 'tag.weight': 1 }, kind: 'full' }).count(),
      ).toBe(9);
    });

    it('have an empty side', async () => {
      expect(
        await cities.none().join('boss', mayors, { on: {}, kind: 'full' }).values('name', 'boss.name').count(),
      ).toBe(3);
      expect(
        await cities.none().join('boss', mayors, { on: {}, kind: 'right' }).filter({ id__isnull: true }).count(),
      ).toBe(3);
      expect(await cities.join('boss', mayors.none(), { on: {}, kind: 'full' }).values('id').count()).toBe(6);
      expect(await cities.join('boss', mayors.none(), { on: {}, kind: 'right' }).values('id').all()).toEqual([]);
      expect(await full().none().values('id').all()).toEqual([]);
    });

    it('carry annotations, narrowed relations and joins of the left side', async () => {
      const left = cities
        .annotate({ marks: Count('landmarks'), size: F('population').dividedBy(1000) })
        .join('top', marks.values('city').annotate({ height: Max('height') }), {
          on: { id: F('top.city') },
          kind: 'left',
        });
      const rows = left.join('boss', mayors, { on: { id: F('boss.city'), marks__gt: 0 }, kind: 'full' });
      expect(
        await rows
          .orderBy('name')
          .values('name', 'marks', 'size', 'top.height', 'boss.name')
          .filter({ boss__isnull: false })
          .all(),
      ).toEqual([
        { name: 'Berlin', marks: 2, size: 3600, 'top.height': 368, 'boss.name': 'Kai' },
        { name: 'Paris', marks: 2, size: 2100, 'top.height': 330, 'boss.name': 'Anne' },
        { name: null, marks: null, size: null, 'top.height': null, 'boss.name': 'Idle' },
      ]);
      expect(await rows.filter({ marks__gt: 1 }).count()).toBe(2);
    });

    it('are joined again', async () => {
      const more = full().join('tag', tags, { on: { 'tag.weight': Length('boss.name') }, kind: 'left' });
      expect(
        await more.filter({ tag__isnull: false }).orderBy('boss.name').valuesList('boss.name', 'tag.name').all(),
      ).toEqual([
        ['Anne', 'Big'],
        ['Idle', 'Big'],
        ['Kai', 'old'],
      ]);
      const twice = full().join('tag', tags, { on: { 'tag.weight': Length('boss.name') }, kind: 'full' });
      expect(await twice.count()).toBe(9);
      expect(
        await twice.filter({ boss__isnull: true, id__isnull: true }).orderBy('tag.weight').flat('tag.name').all(),
      ).toEqual(['river', 'sea']);
      const inner = full().join('mark', marks, { on: { id: F('mark.city') } });
      expect(await inner.orderBy('mark.name').valuesList('boss.name', 'mark.name').all()).toEqual([
        [null, 'Dom'],
        ['Anne', 'Eiffel'],
        ['Kai', 'Gate'],
        ['Anne', 'Louvre'],
        [null, 'Skytree'],
        ['Kai', 'Tower'],
      ]);
    });

    it('make groups that count nothing twice', async () => {
      const rows = full()
        .orderBy()
        .values('country')
        .annotate({ pairs: Count(), bosses: Count('boss'), people: Max('population') });
      expect(await rows.orderBy('country').all()).toEqual([
        { country: 'DE', pairs: 2, bosses: 1, people: 3_600_000 },
        { country: 'FR', pairs: 2, bosses: 1, people: 2_100_000 },
        { country: 'JP', pairs: 1, bosses: 0, people: 14_000_000 },
        { country: 'XX', pairs: 1, bosses: 0, people: 0 },
        { country: null, pairs: 1, bosses: 1, people: null },
      ]);
      const many = cities
        .join('mark', marks, { on: { id: F('mark.city') }, kind: 'full' })
        .orderBy()
        .values('country');
      await expect(many.annotate({ people: Sum('population') }).all()).rejects.toMatchObject({
        code: 'orm.query_usage',
      });
      expect(
        await many
          .annotate({ sum: Sum('mark.height') })
          .orderBy('country')
          .flat('sum')
          .all(),
      ).toEqual([551, 330, 634, null]);
      expect(
        await many
          .annotate({ sum: Sum('mark.height') })
          .orderBy('country')
          .values('sum')
          .first(),
      ).toEqual({ sum: 551 });
      expect(
        await full()
          .values('population')
          .aggregate({ people: Sum('population'), n: Count('population') }),
      ).toEqual({
        people: 21_040_000,
        n: 6,
      });
    });

    it('keep every kind of value exact', async () => {
      const rows = mayors
        .join('town', cities, { on: { city: F('town.id') }, kind: 'full' })
        .filter({ 'town.name': 'Berlin' });
      expect(
        await rows
          .values(
            'name',
            'version',
            'town.area',
            'town.country.population',
            'town.founded',
            'town.visitedAt',
            'town.capital',
            'town.motto',
            'town.data',
            'town.location.zone',
            'town.data.a.1',
          )
          .get(),
      ).toEqual({
        name: 'Kai',
        version: 1,
        'town.area': '891.70',
        'town.country.population': '83000000',
        'town.founded': '1237-10-28',
        'town.visitedAt': new Date('2024-02-29T12:30:15.250Z'),
        'town.capital': true,
        'town.motto': 'ARM',
        'town.data': { a: [1, 2] },
        'town.location.zone': 'Europe/Berlin',
        'town.data.a.1': 2,
      });
      const turned = cities
        .join('boss', mayors, { on: { id: F('boss.city') }, kind: 'right' })
        .filter({ 'boss.name': 'Kai' });
      expect(await turned.values('area', 'country.population', 'visitedAt', 'data', 'capital', 'motto').get()).toEqual({
        area: '891.70',
        'country.population': '83000000',
        visitedAt: new Date('2024-02-29T12:30:15.250Z'),
        data: { a: [1, 2] },
        capital: true,
        motto: 'ARM',
      });
      expect(
        await turned
          .filter({
            area: '891.70',
            'country.population__gt': '82999999',
            data__hasKey: 'a',
            visitedAt__year: 2024,
            motto: 'arm',
          })
          .count(),
      ).toBe(1);
    });

    it('stand in other queries', async () => {
      const ids = full().filter({ boss__isnull: false }).flat('id');
      expect(await cities.filter({ id__in: ids }).orderBy('name').flat('name').all()).toEqual(['Berlin', 'Paris']);
      expect(await cities.filter({ id__in: full().flat('id') }).count()).toBe(6);
      const boss = right()
        .filter({ id: OuterRef('id') })
        .flat('boss.name');
      expect(
        await cities
          .orderBy('name')
          .annotate({ boss: Subquery(boss) })
          .valuesList('name', 'boss')
          .slice(0, 2)
          .all(),
      ).toEqual([
        ['Berlin', 'Kai'],
        ['Empty', null],
      ]);
      expect(await cities.filter(Exists(right().filter({ id: OuterRef('id') }))).count()).toBe(2);
      const outer = app.db
        .objects(Visit)
        .join('pair', full().values('name', 'boss.name', 'id'), { on: { 'landmark.city': F('pair.id') } });
      expect(await outer.orderBy('stars').valuesList('stars', 'pair.boss.name').all()).toEqual([
        [1, 'Kai'],
        [3, 'Anne'],
        [5, 'Kai'],
      ]);
      expect(await full().untyped().values('name').union(cities.untyped().values('name')).count()).toBe(7);
      expect(await right().untyped().values('name').unionAll(full().untyped().values('name')).count()).toBe(10);
    });

    it('are read in one go', async () => {
      const read: unknown[] = [];
      for await (const row of full().values('name').iterator({ chunk: 2 })) read.push(row);
      for await (const row of full().values('name').stream({ chunk: 2 })) read.push(row);
      expect(read).toHaveLength(14);
      expect((await full().values('name').explain()).length).toBeGreaterThan(0);
    });

    it('leave out what default scopes hide on both sides', async () => {
      const blogs = app.db.objects(Blog);
      const posts = app.db.objects(Post);
      await app.db.save(['a', 'b', 'gone'].map((name) => Object.assign(new Blog(), { name })));
      const [a, , gone] = await blogs.orderBy('id').all();
      await posts.bulkCreate([
        { title: 'one', blog: a! },
        { title: 'two', blog: gone! },
        { title: 'old', blog: a!, archived: true },
        { title: 'thrown', blog: a! },
      ]);
      await posts.filter({ title: 'thrown' }).delete();
      await blogs.filter({ name: 'gone' }).update({ deletedAt: new Date() });
      const pairs = posts
        .join('home', blogs, { on: { blog: F('home.id') }, kind: 'full' })
        .orderBy('title', 'home.name');
      expect(await pairs.valuesList('title', 'home.name').all()).toEqual([
        ['one', 'a'],
        ['two', null],
        [null, 'b'],
      ]);
      const all = posts.withoutScopes().join('home', blogs.withTrashed(), { on: { blog: F('home.id') }, kind: 'full' });
      expect(await all.count()).toBe(5);
      const inner = posts.join('home', blogs, { on: { blog: F('home.id') } });
      expect(await inner.flat('title').all()).toEqual(['one']);
    });
  });
});

describe('queries as tables', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let cities: QuerySet<City>;

    beforeAll(async () => {
      app = await openWorld(database.url);
      await fillWorld(app);
      cities = app.db.objects(City);
    });
    afterAll(async () => {
      await app?.close();
    });

    const grouped = () => cities.values('country').annotate({ n: Count('id'), people: Sum('population') });
    const table = () => grouped().asTable();

    it('are filtered, ordered and annotated like rows', async () => {
      const rows = table()
        .filter({ n__gt: 1, country__ne: 'XX' })
        .annotate({ mean: F('people').dividedBy(F('n')), big: Q({ people__gt: 3_000_000 }) })
        .orderBy('-people');
      expect(await rows.all()).toEqual([
        { country: 'DE', n: 2, people: 4_600_000, mean: 2_300_000, big: true },
        { country: 'FR', n: 2, people: 2_440_000, mean: 1_220_000, big: false },
      ]);
      expect(await rows.values('mean').get({ country: 'FR' })).toEqual({ mean: 1_220_000 });
    });

    it('are added up: the mean of counts', async () => {
      expect(await table().aggregate({ mean: Avg('n'), most: Max('people'), groups: Count('country') })).toEqual({
        mean: 1.5,
        most: 14_000_000,
        groups: 4,
      });
      expect(
        await table()
          .filter({ n: 1 })
          .aggregate({ people: Sum('people') }),
      ).toEqual({ people: 14_000_000 });
    });

    it('are grouped again', async () => {
      const rows = table()
        .values('n')
        .annotate({ countries: Count('country'), people: Sum('people') });
      expect(await rows.orderBy('n').all()).toEqual([
        { n: 1, countries: 2, people: 14_000_000 },
        { n: 2, countries: 2, people: 7_040_000 },
      ]);
      expect(await rows.filter({ people__gt: 10_000_000 }).values('n').all()).toEqual([{ n: 1 }]);
      expect(await rows.asTable().aggregate({ n: Count('n') })).toEqual({ n: 2 });
    });

    it('are counted, sliced, first, last and distinct', async () => {
      expect([
        await table().count(),
        await table().filter({ n: 9 }).exists(),
        await table().slice(1, 2).count(),
      ]).toEqual([4, false, 2]);
      expect([await table().first(), await table().last()]).toEqual([
        { country: 'DE', n: 2, people: 4_600_000 },
        { country: 'XX', n: 1, people: 0 },
      ]);
      expect(await table().values('n').distinct().orderBy('-n').all()).toEqual([{ n: 2 }, { n: 1 }]);
      expect(await table().flat('n').distinct().count()).toBe(2);
      expect(await table().none().all()).toEqual([]);
    });

    it('keep slices and orders of the query', async () => {
      const top = cities.orderBy('-population').values('name', 'population').slice(0, 3).asTable();
      expect(await top.orderBy('name').flat('name').all()).toEqual(['Berlin', 'Paris', 'Tokyo']);
      expect(await top.aggregate({ people: Sum('population') })).toEqual({ people: 19_700_000 });
    });

    it('ask windows', async () => {
      const { Window, Rank } = await import('bowerbird/orm');
      const ranked = cities.annotate({ place: Window(Rank(), { partitionBy: 'country', orderBy: '-population' }) });
      const firsts = ranked.values('name', 'place', 'country').asTable().filter({ place: 1 });
      expect(await firsts.orderBy('name').flat('name').all()).toEqual(['Berlin', 'Empty', 'Paris', 'Tokyo']);
      const over = table()
        .annotate({ place: Window(Rank(), { orderBy: '-people' }) })
        .orderBy('place');
      expect((await over.all()).map(({ country, place }) => [country, place])).toEqual([
        ['JP', 1],
        ['DE', 2],
        ['FR', 3],
        ['XX', 4],
      ]);
    });

    it('are joined, and joined to', async () => {
      const countries = app.db.objects(Country);
      const rows = table()
        .join('land', countries, { on: { country: F('land.code') } })
        .orderBy('land.name');
      expect(await rows.valuesList('land.name', 'n').all()).toEqual([
        ['France', 2],
        ['Germany', 2],
        ['Japan', 1],
        ['Nowhere', 1],
      ]);
      const sums = cities
        .values('country.code')
        .annotate({ n: Count('id') })
        .asTable()
        .filter({ n: 2 });
      const back = countries.join('sum', sums, { on: { code: F('sum.country.code') } }).annotate({ n: F('sum.n') });
      expect(await back.orderBy('code').valuesList('code', 'n').all()).toEqual([
        ['DE', 2],
        ['FR', 2],
      ]);
      const all = table()
        .filter({ n: 2 })
        .join('land', countries, { on: { country: F('land.code') }, kind: 'full' });
      expect(await all.orderBy('land.code').valuesList('country', 'land.code').all()).toEqual([
        ['DE', 'DE'],
        ['FR', 'FR'],
        [null, 'JP'],
        [null, 'XX'],
      ]);
      expect(
        await all.asTable
          .call(all.values('n', 'land.name') as never)
          .filter({ n__isnull: true } as never)
          .count(),
      ).toBe(2);
    });

    it('have names with dots, keys into documents and every kind of value', async () => {
      const rows = cities.values('country.name', 'data', 'area', 'visitedAt', 'capital', 'tags.name').asTable();
      expect(await rows.filter({ 'country.name': 'Germany', 'tags.name': 'river' }).count()).toBe(2);
      expect(
        await rows
          .filter({ 'data.a.0': 1 })
          .values('area', 'data', 'visitedAt', 'capital', 'data.a.1')
          .distinct()
          .get(),
      ).toEqual({
        area: '891.70',
        data: { a: [1, 2] },
        visitedAt: new Date('2024-02-29T12:30:15.250Z'),
        capital: true,
        'data.a.1': 2,
      });
      expect(await rows.filter({ area__gt: '400.5', visitedAt__year: 2024 }).count()).toBe(2);
      const shared = rows.values('tags.name').annotate({ n: Count() }).filter({ n: 3 }).orderBy('tags.name');
      expect(await shared.all()).toEqual([
        { 'tags.name': 'Big', n: 3 },
        { 'tags.name': 'river', n: 3 },
      ]);
    });

    it('are made of rows of several queries', async () => {
      const names = cities.values('name').union(cities.values('country.name')).asTable();
      expect(await names.filter({ name__startswith: 'J' }).flat('name').all()).toEqual(['Japan']);
      expect(await names.count()).toBe(10);
    });

    it('stand in other queries, and read in one go', async () => {
      expect(await cities.filter({ country__in: table().filter({ n: 1 }).flat('country') }).count()).toBe(2);
      const read: unknown[] = [];
      for await (const row of table().iterator({ chunk: 1 })) read.push(row);
      for await (const row of table().stream({ chunk: 1 })) read.push(row);
      expect(read).toHaveLength(8);
      expect(
        await table()
          .filter({ n: 1 })
          .union(table().filter({ n: 2 }))
          .count(),
      ).toBe(4);
      const people = table()
        .filter({ country: OuterRef('code') })
        .flat('people');
      expect(
        await app.db
          .objects(Country)
          .orderBy('code')
          .annotate({ people: Subquery(people) })
          .values('people')
          .first(),
      ).toEqual({ people: 4_600_000 });
    });
  });
});
