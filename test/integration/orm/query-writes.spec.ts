import { Injectable } from '@nestjs/common';
import { OnWrite, Q, WriteListener, type EntityDescription, type WriteEvent } from 'bowerbird/orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, Landmark, Mayor, openWorld, School, Tag } from './query.world.js';

@OnWrite()
@Injectable()
class Recorder extends WriteListener {
  readonly events: WriteEvent[] = [];
  failing = false;

  interested({ name }: EntityDescription): boolean {
    return name === 'Landmark' || name === 'School';
  }

  async written(event: WriteEvent): Promise<void> {
    if (this.failing) throw new Error('refused');
    this.events.push(event);
  }
}

eachDatabase((database) => {
  let app: OrmTestApp;
  let recorder: Recorder;
  beforeAll(async () => {
    app = await openWorld(database.url, { providers: [Recorder] });
    recorder = app.get(Recorder);
  });
  beforeEach(async () => {
    for (const entity of [Mayor, Country, Tag, School]) await app.db.objects<object>(entity).delete();
    await fillWorld(app);
    recorder.events.length = 0;
  });
  afterAll(() => app?.close());

  const cities = () => app.db.objects(City);

  describe('update', () => {
    it('sets columns of every matching row and counts them', async () => {
      expect(
        await cities()
          .filter({ capital: true })
          .update({ population: 7, 'location.zone': 'UTC', area: '1.25', motto: 'Hi' }),
      ).toBe(3);
      expect(await cities().filter({ population: 7 }).values('area', 'location.zone', 'motto').first()).toEqual({
        area: '1.25',
        'location.zone': 'UTC',
        motto: 'HI',
      });
      expect(await cities().filter({ population: 7 }).count()).toBe(3);
      expect(await cities().filter({ name: 'none' }).update({ population: 1 })).toBe(0);
      expect(await cities().update({})).toBe(0);
    });

    it('reaches rows through relations, also of its own table', async () => {
      expect(await cities().filter({ 'country.name': 'France' }).update({ notes: 'fr' })).toBe(2);
      expect(await cities().filter({ 'tags.name': 'sea' }).update({ notes: 'sea' })).toBe(2);
      expect(await cities().filter({ 'twin.twin.name': 'Tokyo' }).update({ notes: 'twin' })).toBe(1);
      expect(await cities().filter({ 'country.cities.name': 'Köln' }).update({ notes: 'both' })).toBe(2);
      expect(await cities().exclude({ 'landmarks.height__gt': 0 }).update({ notes: 'flat' })).toBe(2);
      expect(await app.db.objects(School).filter({ 'ward.city.name': 'Berlin' }).update({ name: 'Z' })).toBe(2);
    });

    it('takes rows, keys and null for relations', async () => {
      const tokyo = await cities().get({ name: 'Tokyo' });
      await cities().filter({ name: 'nice' }).update({ twin: tokyo, country: 'JP' });
      expect(await cities().filter({ name: 'nice' }).values('twin.name', 'country').first()).toEqual({
        'twin.name': 'Tokyo',
        country: 'JP',
      });
      await cities().filter({ name: 'nice' }).update({ twin: null });
      expect(await cities().filter({ twin: tokyo }).flat('name').all()).toEqual(['Paris']);
    });

    it('moves the date of the last change and the version', async () => {
      const before = await app.db.objects(Mayor).get({ name: 'Kai' });
      await app.db.query(
        database.dialect === 'mysql'
          ? "UPDATE `mayor` SET `updatedAt` = '2001-01-01'"
          : 'UPDATE "mayor" SET "updatedAt" = \'2001-01-01 00:00:00.000\'',
      );
      await app.db.objects(Mayor).filter({ pk: before.id }).update({ name: 'Kay' });
      const after = await app.db.objects(Mayor).get({ pk: before.id });
      expect(after.version).toBe(before.version + 1);
      expect(after.updatedAt.getTime()).toBeGreaterThanOrEqual(before.updatedAt.getTime());
    });

    it('refuses what the rules of the database refuse', async () => {
      await expect(cities().update({ country: 'QQ' })).rejects.toMatchObject({ code: 'orm.foreign_key' });
      await expect(app.db.objects<object>(City).update({ name: null })).rejects.toMatchObject({
        code: 'orm.bad_lookup_value',
      });
      await expect(app.db.objects(Country).update({ code: 'ZZ' })).rejects.toMatchObject({ status: 409 });
    });

    it('refuses slices and foreign columns', async () => {
      await expect(cities().slice(0, 1).update({ population: 1 })).rejects.toMatchObject({ code: 'orm.query_usage' });
      await expect(cities().update({ 'country.name': 'x' })).rejects.toMatchObject({ code: 'orm.unfit_path' });
      await expect(app.db.objects<object>(City).update({ tags: 1 })).rejects.toMatchObject({ code: 'orm.unfit_path' });
      await expect(app.db.objects<object>(City).update({ nope: 1 })).rejects.toMatchObject({
        code: 'orm.unknown_path',
      });
      await expect(app.db.objects<object>(City).update({ population: 'many' })).rejects.toMatchObject({
        code: 'orm.bad_lookup_value',
      });
    });
  });

  describe('delete', () => {
    it('deletes every matching row and counts them; foreign keys do the rest', async () => {
      expect(await cities().filter({ 'country.code': 'DE' }).delete()).toBe(2);
      expect(await cities().count()).toBe(4);
      expect(await app.db.objects(Landmark).count()).toBe(3);
      expect((await app.db.objects(Mayor).selectRelated('city').get({ name: 'Kai' })).city).toBeNull();
      expect(await cities().none().delete()).toBe(0);
    });

    it('reaches rows through relations of its own table', async () => {
      expect(
        await cities()
          .filter(Q({ 'twin.name': 'Paris' }).or({ 'tags.name': 'sea' }))
          .delete(),
      ).toBe(3);
      expect(await cities().filter({ 'country.cities.name': 'Köln' }).delete()).toBe(1);
      expect(await app.db.objects(Tag).filter({ cities__isnull: true }).delete()).toBe(1);
    });

    it('joins the transaction around it', async () => {
      const failed = app.db.atomic(async () => {
        await cities().delete();
        throw new Error('no');
      });
      await expect(failed).rejects.toThrow('no');
      expect(await cities().count()).toBe(6);
    });
  });

  describe('listeners', () => {
    it('hear of each updated row with its values before and after', async () => {
      const count = await app.db.objects(Landmark).filter({ 'city.name': 'Berlin' }).update({ height: 26 });
      expect(count).toBe(2);
      expect(recorder.events).toMatchObject([
        { kind: 'update', text: 'Tower', before: { name: 'Tower', height: 368 }, after: { name: 'Tower', height: 26 } },
      ]);
      const [event] = recorder.events;
      expect(event!.before!['city']).toBe(String((await cities().get({ name: 'Berlin' })).id));
      expect(event!.key).toBe(String((await app.db.objects(Landmark).get({ name: 'Tower' })).id));
    });

    it('hear of each deleted row', async () => {
      expect(await app.db.objects(School).filter({ ward__isnull: false }).delete()).toBe(3);
      const berlin = await cities().get({ name: 'Berlin' });
      expect(recorder.events.map(({ kind, text, before }) => [kind, text, before!['ward']])).toEqual(
        expect.arrayContaining([['delete', 'A', { cityId: String(berlin.id), number: '1' }]]),
      );
      expect(recorder.events).toHaveLength(3);
    });

    it('stop the write with their error', async () => {
      recorder.failing = true;
      await expect(app.db.objects(Landmark).delete()).rejects.toThrow('refused');
      recorder.failing = false;
      expect(await app.db.objects(Landmark).count()).toBe(6);
    });
  });
});
