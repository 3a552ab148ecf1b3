import { MultipleRowsError, QueryUsageError, UniqueError } from 'bowerbird/orm';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Continent, Country, fillWorld, Landmark, openWorld, Tag } from './query.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  let other: OrmTestApp;
  beforeEach(async () => {
    app ??= await openWorld(database.url);
    other ??= await openWorld(database.url, { synchronize: false });
    await app.db.objects(City).delete();
    await app.db.objects(Country).delete();
    await app.db.objects(Tag).delete();
    await fillWorld(app);
  });
  afterAll(async () => {
    await app?.close();
    await other?.close();
  });

  const countries = (from = app) => from.db.objects(Country);
  const spain = { name: 'Spain', continent: Continent.Europe, population: '47000000' };

  describe('create', () => {
    it('stores a row and returns it with its key', async () => {
      const tag = await app.db.objects(Tag).create({ name: 'new' });
      expect(tag).toBeInstanceOf(Tag);
      expect(await app.db.objects(Tag).get({ id: tag.id })).toMatchObject({ name: 'new', weight: 0 });
    });

    it('keeps a key that its values give, and takes keys for relations', async () => {
      const tag = await app.db.objects(Tag).create({ id: 40_000, name: 'keyed' });
      expect([tag.id, (await app.db.objects(Tag).get({ name: 'keyed' })).id]).toEqual([40_000, 40_000]);
      const city = await app.db.objects(City).create({ name: 'Ulm', country: 'DE' });
      expect(city.country.code).toBe('DE');
      expect(await app.db.objects(City).filter({ 'country.name': 'Germany', name: 'Ulm' }).count()).toBe(1);
    });

    it('links it to the rows that its values hold', async () => {
      const tags = await app.db
        .objects(Tag)
        .filter({ name__in: ['old', 'sea'] })
        .all();
      const country = await countries().get({ code: 'FR' });
      const { id } = await app.db.objects(City).create({ name: 'Brest', country, tags });
      const stored = await app.db.objects(City).selectRelated('country').prefetchRelated('tags').get({ id });
      expect(stored).toMatchObject({ name: 'Brest', country: { code: 'FR' } });
      expect(new Set(stored.tags.map(({ name }) => name))).toEqual(new Set(['old', 'sea']));
    });

    it('never changes a row that is there', async () => {
      await expect(countries().create({ code: 'DE', ...spain })).rejects.toBeInstanceOf(UniqueError);
      expect((await countries().get({ code: 'DE' })).name).toBe('Germany');
    });

    it('needs whole rows', async () => {
      await expect(app.db.objects(Tag).flat('name').create({ name: 'x' })).rejects.toBeInstanceOf(QueryUsageError);
    });
  });

  describe('getOrCreate', () => {
    it('returns the row that is there, untouched', async () => {
      const { row, created } = await countries().getOrCreate({ code: 'DE' }, spain);
      expect([created, row.name]).toEqual([false, 'Germany']);
      expect(await countries().count()).toBe(4);
    });

    it('makes one of the values and the defaults', async () => {
      const { row, created } = await countries().getOrCreate({ code: 'ES' }, spain);
      expect([created, row.name]).toEqual([true, 'Spain']);
      expect(await countries().get({ code: 'ES' })).toMatchObject({ code: 'ES', ...spain });
    });

    it('looks at the rows of the query alone', async () => {
      const european = countries().filter({ continent: 'europe' as Continent });
      await expect(european.getOrCreate({ code: 'JP' }, spain)).rejects.toBeInstanceOf(UniqueError);
      expect(await countries().get({ code: 'JP' })).toMatchObject({ name: 'Japan' });
    });

    it('refuses several rows, slices and projections', async () => {
      const match = { continent: Continent.Europe };
      await expect(countries().getOrCreate(match)).rejects.toBeInstanceOf(MultipleRowsError);
      await expect(countries().slice(0, 1).getOrCreate(match)).rejects.toBeInstanceOf(QueryUsageError);
      await expect(countries().flat('name').getOrCreate(match)).rejects.toBeInstanceOf(QueryUsageError);
    });

    it('makes one row when many ask at once, over two connections', async () => {
      const asked = Array.from({ length: 12 }, (_, index) =>
        countries(index % 2 ? app : other).getOrCreate({ code: 'ES' }, spain),
      );
      const results = await Promise.all(asked);
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(results.every(({ row }) => row.name === 'Spain')).toBe(true);
      expect(await countries().filter({ code: 'ES' }).count()).toBe(1);
    });

    it('leaves a transaction usable when somebody else was first', async () => {
      await app.db.atomic(async () => {
        expect(await countries().count()).toBe(4);
        if (database.dialect !== 'sqlite') await countries(other).create({ code: 'ES', ...spain });
        const { row } = await countries().getOrCreate({ code: 'ES' }, { ...spain, name: 'Mine' });
        expect(row.name).toBe(database.dialect === 'sqlite' ? 'Mine' : 'Spain');
        await app.db.objects(Tag).create({ name: 'after' });
      });
      expect(await app.db.objects(Tag).filter({ name: 'after' }).count()).toBe(1);
    });
  });

  describe('updateOrCreate', () => {
    it('changes the row that is there', async () => {
      const { row, created } = await countries().updateOrCreate({ code: 'DE' }, { name: 'Deutschland' }, spain);
      expect([created, row.name]).toEqual([false, 'Deutschland']);
      expect(await countries().get({ code: 'DE' })).toMatchObject({ name: 'Deutschland', population: '83000000' });
    });

    it('makes one of the values, the changes and what a new row gets', async () => {
      const initial = { continent: Continent.Europe, population: '1' };
      const { created } = await countries().updateOrCreate({ code: 'ES' }, { name: 'España' }, initial);
      expect(created).toBe(true);
      expect(await countries().get({ code: 'ES' })).toMatchObject({ name: 'España', ...initial });
    });

    it('loses no change of many at once', async () => {
      await app.db.objects(Tag).create({ name: 'counter', weight: 0 });
      const add = (from: OrmTestApp) =>
        from.db.atomic(async () => {
          const tag = await from.db.objects(Tag).selectForUpdate().get({ name: 'counter' });
          await from.db.objects(Tag).updateOrCreate({ name: 'counter' }, { weight: tag.weight + 1 });
        });
      await Promise.all(Array.from({ length: 10 }, (_, index) => add(index % 2 ? app : other)));
      expect((await app.db.objects(Tag).get({ name: 'counter' })).weight).toBe(10);
    });
  });

  describe('selectForUpdate', () => {
    it('is an error outside of a transaction, and for what are no whole rows', async () => {
      await expect(countries().selectForUpdate().all()).rejects.toBeInstanceOf(QueryUsageError);
      await app.db.atomic(async () => {
        await expect(countries().selectForUpdate().flat('name').all()).rejects.toBeInstanceOf(QueryUsageError);
        await expect(countries().selectForUpdate().distinct().all()).rejects.toBeInstanceOf(QueryUsageError);
        expect(await countries().selectForUpdate().count()).toBe(4);
        expect(await countries().selectForUpdate().exists()).toBe(true);
      });
      expect(() => countries().selectForUpdate({ nowait: true, skipLocked: true })).toThrow(QueryUsageError);
    });

    it.skipIf(database.dialect === 'sqlite')('gives each of two workers other rows with skipLocked', async () => {
      const next = (from: OrmTestApp) => countries(from).orderBy('code').selectForUpdate({ skipLocked: true }).first();
      await app.db.atomic(async () => {
        expect((await next(app))!.code).toBe('DE');
        await other.db.atomic(async () => expect((await next(other))!.code).toBe('FR'));
      });
    });

    it.skipIf(database.dialect === 'sqlite')('fails at once with nowait', async () => {
      await app.db.atomic(async () => {
        await countries().selectForUpdate().get({ code: 'DE' });
        const asked = other.db.atomic(() => countries(other).selectForUpdate({ nowait: true }).get({ code: 'DE' }));
        await expect(asked).rejects.toThrow();
        await other.db.atomic(() => countries(other).selectForUpdate({ nowait: true }).get({ code: 'FR' }));
      });
    });

    it('locks rows that relations lead to, and names those that cannot be', async () => {
      const { id } = await app.db.objects(Landmark).get({ name: 'Dom' });
      const towns = await app.db.objects(City).inBulk();
      const idOf = (name: string): number => [...towns.values()].find((city) => city.name === name)!.id;
      const [koln, paris] = [idOf('Köln'), idOf('Paris')];
      await app.db.atomic(async () => {
        const dom = await app.db
          .objects(Landmark)
          .filter({ id })
          .selectRelated('city')
          .selectForUpdate({ of: ['self', 'city'] })
          .get();
        expect(dom.city.name).toBe('Köln');
        if (database.dialect === 'sqlite') return;
        const cities = other.db.objects(City).selectForUpdate({ nowait: true });
        await expect(other.db.atomic(() => cities.get({ id: koln }))).rejects.toThrow();
        await other.db.atomic(() => cities.get({ id: paris }));
      });
      await app.db.atomic(async () => {
        const locked = (path: 'twin' | 'landmarks' | 'name') =>
          app.db
            .objects(City)
            .selectForUpdate({ of: [path] })
            .all();
        await expect(locked('twin')).rejects.toMatchObject({ code: 'orm.unfit_path' });
        await expect(locked('landmarks')).rejects.toMatchObject({ code: 'orm.unfit_path' });
        await expect(locked('name')).rejects.toMatchObject({ code: 'orm.unfit_path' });
      });
      expect(() => countries().selectForUpdate({ of: [] })).toThrow(QueryUsageError);
    });

    it.runIf(database.dialect === 'postgres')('lets others refer to the rows with noKey', async () => {
      const refer = () =>
        other.db.atomic(async () => {
          await other.db.query("SET LOCAL lock_timeout = '100ms'");
          await other.db.objects(City).create({ name: 'Bonn', country: 'DE' });
        });
      await app.db.atomic(async () => {
        await countries().selectForUpdate({ noKey: true }).get({ code: 'DE' });
        await refer();
        await countries().selectForUpdate().get({ code: 'DE' });
        await expect(refer()).rejects.toThrow();
      });
    });

    it.runIf(database.dialect !== 'postgres')(
      'takes noKey where the database locks against references anyway',
      async () => {
        await app.db.atomic(async () => {
          expect(await countries().selectForUpdate({ noKey: true }).get({ code: 'DE' })).toMatchObject({
            name: 'Germany',
          });
        });
      },
    );
  });
});
