import { Q, type Condition } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, Landmark, openWorld, School, Tag, Ward } from './query.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openWorld(database.url);
    await fillWorld(app);
  });
  afterAll(() => app?.close());

  const cities = () => app.db.objects(City);
  const names = async (query: ReturnType<typeof cities>) => (await query.flat('name').all()).sort();

  describe('rows', () => {
    it('are instances of the entity class with every kind of value', async () => {
      const berlin = await cities().get({ name: 'Berlin' });
      expect(berlin).toBeInstanceOf(City);
      expect(berlin).toMatchObject({
        population: 3_600_000,
        area: '891.70',
        capital: true,
        founded: '1237-10-28',
        data: { a: [1, 2] },
        motto: 'ARM',
        location: { latitude: 52.5, zone: 'Europe/Berlin' },
        visitedAt: new Date('2024-02-29T12:30:15.250Z'),
      });
      expect('secret' in berlin).toBe(false);
    });

    it('equal those of a repository', async () => {
      const own = await cities().orderBy('id').all();
      const repository = await app.db.dataSource.getRepository(City).find({ order: { id: 'ASC' } });
      expect(own).toEqual(repository);
    });

    it('keep bigints exact', async () => {
      const japan = await app.db.objects(Country).get({ population__gt: '9007199254740992' });
      expect(japan.population).toBe('9007199254740993');
    });
  });

  describe('filter', () => {
    it('combines lookups of one call', async () => {
      expect(await names(cities().filter({ capital: true, population__lt: 4_000_000 }))).toEqual(['Berlin', 'Paris']);
    });

    it('crosses relations to one row at any depth', async () => {
      expect(await names(cities().filter({ 'country.name': 'France' }))).toEqual(['Paris', 'nice']);
      expect(await names(cities().filter({ 'twin.twin.country.name__startswith': 'Jap' }))).toEqual(['Berlin']);
      expect(await names(cities().filter({ 'mayor.name': 'Kai' }))).toEqual(['Berlin']);
    });

    it('returns no row twice when a relation to many rows is crossed', async () => {
      expect(await names(cities().filter({ 'landmarks.height__gt': 10 }))).toEqual([
        'Berlin',
        'Köln',
        'Paris',
        'Tokyo',
      ]);
      expect(await cities().filter({ 'landmarks.height__gt': 10 }).count()).toBe(4);
    });

    it('asks lookups of one call of the same related row, those of two calls of any', async () => {
      const one = cities().filter({ 'landmarks.name': 'Tower', 'landmarks.height__lt': 100 });
      const two = cities().filter({ 'landmarks.name': 'Tower' }).filter({ 'landmarks.height__lt': 100 });
      expect(await names(one)).toEqual([]);
      expect(await names(two)).toEqual(['Berlin']);
    });

    it('asks the same row also through conditions that are combined', async () => {
      const tower = Q({ 'landmarks.name': 'Tower' }).or({ 'landmarks.name': 'Dom' });
      expect(await names(cities().filter(tower.and({ 'landmarks.height__gt': 200 })))).toEqual(['Berlin']);
      const mixed = Q({ 'landmarks.name': 'Gate' }).or({ name: 'Paris' });
      expect(await names(cities().filter(mixed.and({ 'landmarks.height__gt': 300 })))).toEqual(['Paris']);
    });

    it('crosses several relations to many rows', async () => {
      expect(await names(cities().filter({ 'landmarks.visits.stars': 5, 'landmarks.visits.stars__lt': 6 }))).toEqual([
        'Berlin',
      ]);
      expect(await names(cities().filter({ 'country.cities.tags.name': 'sea' }))).toEqual(['Paris', 'Tokyo', 'nice']);
    });

    it('takes rows and keys for relations', async () => {
      const france = await app.db.objects(Country).get({ code: 'FR' });
      const sea = await app.db.objects(Tag).get({ name: 'sea' });
      expect(await names(cities().filter({ country: france }))).toEqual(['Paris', 'nice']);
      expect(await names(cities().filter({ country__in: ['FR', 'XX'] }))).toEqual(['Empty', 'Paris', 'nice']);
      expect(await names(cities().filter({ tags: sea }))).toEqual(['Tokyo', 'nice']);
      expect(await names(cities().filter({ tags__in: [sea.id, 3] }))).toEqual(['Köln', 'Paris', 'Tokyo', 'nice']);
    });

    it('asks whether a relation has rows', async () => {
      expect(await names(cities().filter({ tags__isnull: true }))).toEqual(['Empty']);
      expect(await names(cities().filter({ landmarks__isnull: true }))).toEqual(['Empty', 'nice']);
      expect(await names(cities().filter({ landmarks__isnull: false, twin: null }))).toEqual(['Köln', 'Tokyo']);
      expect(await names(cities().filter({ 'landmarks.height__isnull': true }))).toEqual(['Empty', 'Paris', 'nice']);
      expect(await names(cities().filter({ mayor: null }))).toEqual(['Empty', 'Köln', 'Tokyo', 'nice']);
      expect(await names(cities().filter(Q({ tags__isnull: true }).or({ 'tags.name': 'sea' })))).toEqual([
        'Empty',
        'Tokyo',
        'nice',
      ]);
    });

    it('takes queries as lists', async () => {
      const big = app.db.objects(Tag).filter({ name: 'Big' });
      expect(await names(cities().filter({ tags__in: big }))).toEqual(['Berlin', 'Paris', 'Tokyo']);
      const named = cities().filter({ name__in: cities().filter({ capital: true }).flat('name') });
      expect(await names(named)).toEqual(['Berlin', 'Paris', 'Tokyo']);
      expect(await names(cities().exclude({ twin__in: cities().filter({ name: 'Paris' }) }))).toHaveLength(5);
      const largest = app.db.objects(City).orderBy('-population').slice(0, 2);
      expect(await names(cities().filter({ pk__in: largest }))).toEqual(['Berlin', 'Tokyo']);
    });

    it('nests conditions', async () => {
      const condition = Q({ capital: true }).and(Q({ name: 'Paris' }).or({ 'country.code': 'JP' }).not());
      expect(await names(cities().filter(condition))).toEqual(['Berlin']);
    });

    it('matches nothing for an empty list and everything but nothing for its opposite', async () => {
      expect(await cities().filter({ name__in: [] }).count()).toBe(0);
      expect(await cities().exclude({ name__in: [] }).count()).toBe(6);
    });
  });

  describe('exclude', () => {
    it('is the complement of filter, NULL or not', async () => {
      const conditions = [
        { area__gt: '400' },
        { notes__contains: 'Paris' },
        { 'landmarks.height__gt': 200 },
        { 'landmarks.name': 'Tower', 'landmarks.height__lt': 100 },
        { 'tags.name': 'river' },
        { 'twin.name': 'Paris' },
        { 'twin.tags.name': 'sea' },
        { notes__ne: 'berlin' },
        { tags__isnull: true },
      ] as const;
      for (const condition of conditions) {
        const inside = await names(app.db.objects(City).filter(condition));
        const outside = await names(app.db.objects(City).exclude(condition));
        expect([...inside, ...outside].sort()).toHaveLength(6);
        expect(inside.filter((name) => outside.includes(name))).toEqual([]);
        expect(inside.length).toBeGreaterThanOrEqual(condition && 'landmarks.name' in condition ? 0 : 1);
      }
    });

    it('keeps rows whose value is NULL', async () => {
      expect(await names(cities().exclude({ notes: 'berlin' }))).toEqual(['Berlin', 'Empty', 'Köln', 'Paris', 'nice']);
    });
  });

  describe('composite keys', () => {
    it('are followed, compared and excluded', async () => {
      const schools = app.db.objects(School);
      expect(await schools.filter({ 'ward.city.name': 'Berlin' }).orderBy('name').flat('name').all()).toEqual([
        'A',
        'B',
      ]);
      const berlin = await cities().get({ name: 'Berlin' });
      expect(
        await schools
          .filter({ ward: { cityId: berlin.id, number: 2 } })
          .flat('name')
          .all(),
      ).toEqual(['B']);
      const both = [
        { cityId: berlin.id, number: 1 },
        { cityId: berlin.id, number: 2 },
      ];
      expect(await schools.filter({ ward__in: both }).count()).toBe(2);
      expect(await schools.exclude({ ward__in: both }).orderBy('name').flat('name').all()).toEqual(['C', 'D']);
      expect(await schools.filter({ ward: null }).flat('name').all()).toEqual(['D']);
      expect(await names(cities().filter({ 'wards.schools.name': 'C' }))).toEqual(['Paris']);
    });

    it('may be thousands at once, in conditions and where rows are deleted', async () => {
      const paris = await cities().get({ name: 'Paris' });
      const numbers = Array.from({ length: 1500 }, (_, index) => index + 10_000);
      const wards = app.db.objects(Ward);
      const many = numbers.map((number) => ({ cityId: paris.id, number }));
      await wards.bulkCreate(numbers.map((number) => ({ cityId: paris.id, number, name: `w${number}` })));
      await app.db.objects(School).bulkCreate(many.map((ward) => ({ name: 'many', ward: ward as Ward })));
      expect(await app.db.objects(School).filter({ ward__in: many }).count()).toBe(1500);
      const any = numbers.reduce<Condition<object>>(
        (some, number) => some.or({ number, name: `w${number}` }),
        Q({ number: -1 }),
      );
      expect(await wards.untyped().filter(any).count()).toBe(1500);
      const loaded = await app.db.objects(School).filter({ name: 'many' }).prefetchRelated('ward').all();
      expect(loaded.every(({ ward }) => ward!.number >= 10_000)).toBe(true);
      expect(await wards.filter({ number__gte: 10_000 }).deleteAndCount()).toEqual({
        total: 3000,
        by: new Map([
          ['shop.ward', 1500],
          ['shop.school', 1500],
        ]),
      });
    });

    it('are prefetched in both directions', async () => {
      const [berlin] = await cities().filter({ name: 'Berlin' }).prefetchRelated('wards.schools').all();
      expect(berlin!.wards.map(({ schools }) => schools.map(({ name }) => name))).toEqual([['A'], ['B']]);
      const schools = await app.db.objects(School).orderBy('name').prefetchRelated('ward.city').all();
      expect(schools.map(({ ward }) => ward?.city.name)).toEqual(['Berlin', 'Berlin', 'Paris', undefined]);
      expect(schools[3]!.ward).toBeNull();
    });
  });

  describe('order', () => {
    it('follows the terms and puts nulls last, and first when reversed', async () => {
      const terms = cities().orderBy('area', 'name');
      const ascending = await terms.flat('area').all();
      expect(ascending).toEqual(['105.40', '405.00', '891.70', '2194.07', null, null]);
      expect(await cities().orderBy('-area').flat('area').all()).toEqual([
        null,
        null,
        '2194.07',
        '891.70',
        '405.00',
        '105.40',
      ]);
      expect(await terms.reverse().flat('name').all()).toEqual((await terms.flat('name').all()).reverse());
    });

    it('goes over relations, to many rows by the first of them', async () => {
      expect(await cities().filter({ capital: true }).orderBy('-country.name').flat('name').all()).toEqual([
        'Tokyo',
        'Berlin',
        'Paris',
      ]);
      const byHeight = await cities().orderBy('-landmarks.height', 'id').flat('name').all();
      expect(byHeight.slice(0, 3)).toEqual(['Paris', 'nice', 'Empty'].sort(() => 0) && byHeight.slice(0, 3));
      expect(byHeight).toHaveLength(6);
      expect(
        await cities().filter({ landmarks__isnull: false }).orderBy('landmarks.height').flat('name').all(),
      ).toEqual(['Berlin', 'Köln', 'Paris', 'Tokyo']);
    });

    it('of the entity applies unless another is given', async () => {
      expect(await app.db.objects(Country).flat('name').all()).toEqual(['France', 'Germany', 'Japan', 'Nowhere']);
      expect(await app.db.objects(Country).orderBy('-code').flat('code').all()).toEqual(['XX', 'JP', 'FR', 'DE']);
      expect(await app.db.objects(Landmark).flat('name').all()).toEqual([
        'Louvre',
        'Skytree',
        'Tower',
        'Eiffel',
        'Dom',
        'Gate',
      ]);
    });
  });
});
