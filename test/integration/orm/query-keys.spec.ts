import { BadLookupValueError, F, FieldError, UnknownTimeZoneError } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, openWorld, Visit } from './query.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openWorld(database.url);
    await fillWorld(app);
  });
  afterAll(() => app?.close());

  const cities = () => app.db.objects(City);

  describe('a query by key, asked again and again', () => {
    it('finds each row by its own key', async () => {
      const all = await cities().orderBy('id').all();
      const found = [];
      for (const { id } of all) found.push(await cities().filter({ id }).first());
      expect(found).toEqual(all);
      expect(await cities().get({ id: all[2]!.id })).toEqual(all[2]);
      expect(await cities().filter({ id: 0 }).first()).toBe(null);
    });

    it('takes keys of uuid and text', async () => {
      for (const visit of await app.db.objects(Visit).all())
        expect(await app.db.objects(Visit).get({ id: visit.id })).toEqual(visit);
      for (const { code, name } of await app.db.objects(Country).all())
        expect(await app.db.objects(Country).get({ code })).toMatchObject({ code, name });
    });

    it('loads the relations that it is told to load', async () => {
      const [first, second] = await cities().orderBy('id').all();
      expect((await cities().selectRelated('country').get({ id: first!.id })).country.code).toBe('DE');
      expect((await cities().get({ id: second!.id })).country).toBeUndefined();
      expect((await cities().selectRelated('country').get({ id: second!.id })).country.code).toBe('DE');
      expect((await cities().prefetchRelated('tags').get({ id: first!.id })).tags).toHaveLength(2);
      expect((await cities().prefetchRelated('tags').get({ id: second!.id })).tags).toHaveLength(
        (await cities().filter({ id: second!.id }).values('tags').all()).length,
      );
    });

    it('refuses what is no key the first and the second time', async () => {
      for (const id of ['x', 1.5, '1; drop table city'])
        for (const _ of [1, 2])
          await expect(
            cities()
              .filter({ id: id as number })
              .first(),
          ).rejects.toBeInstanceOf(BadLookupValueError);
    });

    it('keeps every other condition', async () => {
      const [{ id, name }] = (await cities().orderBy('id').all()) as [City];
      expect(await cities().filter({ id }).exclude({ name }).first()).toBe(null);
      expect(await cities().filter({ id, name: 'nowhere' }).first()).toBe(null);
      expect(await cities().filter({ id__gt: id }).first()).not.toMatchObject({ id });
    });

    it('takes the short name of the key, and zones that there are', async () => {
      const [first, second] = await cities().orderBy('id').all();
      for (const { id } of [first!, second!]) expect(await cities().filter({ pk: id }).first()).toMatchObject({ id });
      await expect(cities().filter({ id: first!.id }).inZone('Nowhere/Land').first()).rejects.toBeInstanceOf(
        UnknownTimeZoneError,
      );
    });

    it('gives rows the values that it is told to give', async () => {
      const of = (id: number, path: 'population' | 'name') =>
        cities()
          .annotate({ extra: F(path) })
          .get({ id });
      for (const { id, name, population } of await cities().orderBy('id').all()) {
        expect(await of(id, 'name')).toMatchObject({ extra: name });
        expect(await of(id, 'population')).toMatchObject({ extra: population });
      }
    });
  });

  describe('a query of all rows, asked again and again', () => {
    it('keeps its order and its slice', async () => {
      const all = await cities().orderBy('name', 'id').all();
      for (const [offset, limit] of [
        [0, 2],
        [2, 2],
        [1, 3],
        [0, 2],
      ] as const) {
        const end = offset + limit;
        expect(await cities().orderBy('name', 'id').slice(offset, limit).all()).toEqual(all.slice(offset, end));
        expect(await cities().orderBy('-name', '-id').slice(offset, limit).all()).toEqual(
          [...all].reverse().slice(offset, end),
        );
      }
    });

    it('is told from one whose names only look alike', async () => {
      await cities().orderBy('name', 'id').all();
      await expect(
        cities()
          .orderBy('name,id' as 'name')
          .all(),
      ).rejects.toBeInstanceOf(FieldError);
    });

    it('loads what it is told to load', async () => {
      for (const _ of [1, 2]) {
        for (const { country } of await cities().selectRelated('country').all()) expect(country.code).toBeDefined();
        for (const { country } of await cities().all()) expect(country).toBeUndefined();
        for (const city of await cities().only('name').all())
          expect(() => (city as City).population).toThrow(/population/);
      }
    });
  });
});
