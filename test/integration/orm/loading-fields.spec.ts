import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import { load } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, Landmark, openWorld } from './query.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openWorld(database.url);
    await fillWorld(app);
  });
  afterAll(() => app?.close());

  const cities = () => app.db.objects(City).orderBy('id');
  const landmarks = () => app.db.objects(Landmark).orderBy('id');
  const deferred = expect.objectContaining({ code: 'orm.deferred_field' }) as Error;

  async function statements<T>(work: () => Promise<T>): Promise<[T, string[]]> {
    const log: QueryRecord[] = [];
    const result = await runWith(QUERY_LOG, log, work);
    return [result, log.map(({ sql }) => sql)];
  }

  describe('only', () => {
    it('loads some fields and the key, of rows that stay of their class', async () => {
      const [[berlin], sent] = await statements(() => cities().only('name', 'capital').all());
      expect(sent[0]).not.toContain('population');
      expect(berlin).toBeInstanceOf(City);
      expect(berlin!.constructor).toBe(City);
      expect({ ...berlin }).toEqual({ id: berlin!.id, name: 'Berlin', capital: true });
      expect(JSON.parse(JSON.stringify(berlin))).toEqual({ id: berlin!.id, name: 'Berlin', capital: true });
    });

    it('makes touching another field an error that names it', async () => {
      const [berlin] = await cities().only('name').all();
      expect(() => (berlin as City).population).toThrow(deferred);
      expect(() => (berlin as City).population).toThrow('"population" of this City was not loaded');
      (berlin as City).population = 1;
      expect((berlin as City).population).toBe(1);
    });

    it('loads a field that was left out for all rows at once, when asked to', async () => {
      const rows = (await cities().only('name').all()) as City[];
      const [population, sent] = await statements(() => load(rows[0]!, 'population'));
      expect(population).toBe(3_600_000);
      expect(sent).toHaveLength(1);
      expect(rows.map((row) => row.population)).toEqual(await cities().flat('population').all());
      expect((await statements(() => load(rows[1]!, 'population')))[1]).toEqual([]);
    });

    it('takes embedded objects, whole or in part', async () => {
      const [whole] = await cities().only('location').all();
      expect(whole!.location).toMatchObject({ latitude: 52.5, zone: 'Europe/Berlin' });
      const [part] = await cities().only('location.zone').all();
      expect(part!.location.zone).toBe('Europe/Berlin');
      expect(part!.location.latitude).toBeUndefined();
    });

    it('reaches what selectRelated joins, and nothing that is not loaded', async () => {
      const [berlin] = await cities().selectRelated('country').only('name', 'country.name').all();
      expect(Object.entries(berlin!.country)).toEqual([
        ['code', 'DE'],
        ['name', 'Germany'],
      ]);
      expect(() => berlin!.country.continent).toThrow(deferred);
      const [whole] = await cities().selectRelated('country').only('name').all();
      expect(whole!.country.continent).toBe('europe');
      await expect(cities().only('name', 'country.name').all()).rejects.toMatchObject({ code: 'orm.query_usage' });
      await expect(cities().untyped().only('nmae').all()).rejects.toMatchObject({ code: 'orm.unknown_path' });
      expect(() => cities().untyped().values('name').only('name')).toThrow('only() needs whole rows');
    });

    it('keeps what other statements need without showing it', async () => {
      const [berlin] = await cities().only('name').prefetchRelated('country', 'landmarks').all();
      expect(berlin!.country.name).toBe('Germany');
      expect(berlin!.landmarks).toHaveLength(2);
      const rows = await landmarks().only('name').selectRelated('city').only('name').all();
      expect(rows[0]!.city.name).toBe('Berlin');
    });

    it('takes the last call, less what is deferred after it', async () => {
      const [one] = await cities().only('name').only('capital').all();
      expect(Object.keys(one!).sort()).toEqual(['capital', 'id']);
      const [two] = await cities().only('name', 'capital').defer('capital').all();
      expect(Object.keys(two!).sort()).toEqual(['id', 'name']);
    });

    it('is of use with the key, page() and iterator()', async () => {
      const [berlin] = await cities().all();
      expect({ ...(await cities().only('name').get({ id: berlin!.id })) }).toEqual({ id: berlin!.id, name: 'Berlin' });
      expect(
        Object.keys(
          await cities()
            .only('name')
            .get({ id: berlin!.id + 1 }),
        ).sort(),
      ).toEqual(['id', 'name']);
      expect((await cities().get({ id: berlin!.id })).population).toBe(3_600_000);
      const { rows } = await cities().only('name').page({ size: 2 });
      expect(rows.map((row) => Object.keys(row).length)).toEqual([2, 2]);
      for await (const row of cities().only('name').iterator({ chunk: 2 })) expect(Object.keys(row)).toHaveLength(2);
    });
  });

  describe('defer', () => {
    it('loads everything else', async () => {
      const [berlin] = await cities().defer('notes', 'data').all();
      expect(berlin!.population).toBe(3_600_000);
      expect(() => (berlin as City).notes).toThrow(deferred);
      expect(() => (berlin as City).data).toThrow(deferred);
      const [more] = await cities().defer('notes').defer('data', 'id').all();
      expect(Object.keys(more!)).not.toContain('data');
      expect(more!.id).toBe(berlin!.id);
    });

    it('leaves fields alone that the column itself leaves out', async () => {
      const [berlin] = await cities().defer('notes').all();
      expect(berlin!.secret).toBeUndefined();
    });
  });

  describe('saving rows of which some fields were loaded', () => {
    it('writes what is loaded and leaves the rest, by the database and by a repository', async () => {
      const [nice] = await cities().filter({ name: 'nice' }).only('name').all();
      await app.db.objects(City).filter({ name: 'nice' }).update({ population: 77 });
      nice!.name = 'Nizza';
      await app.db.save(nice!);
      expect(await cities().get({ id: nice!.id })).toMatchObject({ name: 'Nizza', population: 77, motto: 'X' });
      nice!.name = 'nice';
      await app.db.dataSource.getRepository(City).save(nice as City);
      expect(await cities().get({ id: nice!.id })).toMatchObject({ name: 'nice', population: 77 });
      (nice as City).population = 340_000;
      await app.db.save(nice!);
      expect((await cities().get({ id: nice!.id })).population).toBe(340_000);
    });

    it('removes them as any', async () => {
      await app.db.objects(Country).create({ code: 'ZZ', name: 'Zz', continent: 'asia' as never, population: '1' });
      const [row] = await app.db.objects(Country).filter({ code: 'ZZ' }).only('name').all();
      await app.db.remove(row!);
      expect(await app.db.objects(Country).filter({ code: 'ZZ' }).exists()).toBe(false);
    });
  });
});
