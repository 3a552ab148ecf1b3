import { DoesNotExistError, QueryUsageError, UniqueError } from 'bowerbird/orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { BulkRecorder, Item, Maker, Seat, Ticket } from './query-bulk.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  let recorder: BulkRecorder;
  beforeAll(async () => {
    app = await openOrm({ database: database.url, entities: [Maker, Item, Seat, Ticket], providers: [BulkRecorder] });
    recorder = app.get(BulkRecorder);
  });
  beforeEach(async () => {
    for (const entity of [Item, Seat, Maker]) await app.db.objects<object>(entity).delete();
    recorder.heard();
  });
  afterAll(() => app?.close());

  const items = () => app.db.objects(Item);

  describe('save with fields', () => {
    it('leaves what others have changed meanwhile', async () => {
      const item = await items().create({ slug: 'a', stock: 1 });
      const [maker] = await app.db.objects(Maker).bulkCreate([{ name: 'A' }]);
      await items().filter({ slug: 'a' }).update({ price: '9.00', stock: 2 });
      Object.assign(item, { stock: 50, price: '0.01', state: 'used', maker });
      expect(await app.db.save(item, { fields: ['stock', 'maker'] })).toBe(item);
      const stored = await items().selectRelated('maker').get();
      expect(stored).toMatchObject({ stock: 50, price: '9.00', state: 'new', maker: { name: 'A' }, version: 3 });
      expect([item.version, item.updatedAt]).toEqual([3, stored.updatedAt]);
      item.size = { width: 4, unit: 'in' };
      await app.db.save(item, { fields: ['size.width'] });
      expect(await items().values('size.width', 'size.unit').get()).toEqual({ 'size.width': 4, 'size.unit': 'cm' });
    });

    it('takes several rows, all or none, and tells listeners', async () => {
      const [maker] = await app.db.objects(Maker).bulkCreate([{ name: 'A' }]);
      const seats = await app.db.objects(Seat).bulkCreate([
        { maker: maker!, place: 'x' },
        { maker: maker!, place: 'y' },
      ]);
      recorder.heard();
      for (const seat of seats) seat.taken = 4;
      await app.db.save(seats, { fields: ['taken'] });
      expect(recorder.heard().map(({ kind, after }) => [kind, after!.taken])).toEqual([
        ['update', 4],
        ['update', 4],
      ]);
      await app.db.objects(Seat).filter({ place: 'y' }).delete();
      for (const seat of seats) seat.taken = 5;
      await expect(app.db.save(seats, { fields: ['taken'] })).rejects.toBeInstanceOf(DoesNotExistError);
      expect(await app.db.objects(Seat).flat('taken').all()).toEqual([4]);
    });

    it('refuses keys, unknown names and nothing at all', async () => {
      const item = await items().create({ slug: 'a' });
      await expect(app.db.save(item, { fields: ['id'] })).rejects.toBeInstanceOf(QueryUsageError);
      await expect(app.db.save(item, { fields: [] })).rejects.toBeInstanceOf(QueryUsageError);
      await expect(app.db.save<object>(item, { fields: ['nope'] })).rejects.toMatchObject({ code: 'orm.unknown_path' });
      await expect(app.db.save(item, { fields: ['maker.name'] })).rejects.toMatchObject({ code: 'orm.unfit_path' });
      await expect(app.db.save(item, { fields: ['stock'], force: 'insert' })).rejects.toBeInstanceOf(QueryUsageError);
    });
  });

  describe('save with force', () => {
    it('inserts only, or updates only', async () => {
      const maker = await app.db.save(Object.assign(new Maker(), { id: 5, name: 'A' }), { force: 'insert' });
      await expect(
        app.db.save(Object.assign(new Maker(), { id: 5, name: 'B' }), { force: 'insert' }),
      ).rejects.toBeInstanceOf(UniqueError);
      maker.name = 'C';
      await app.db.save(maker, { force: 'update' });
      expect(await app.db.objects(Maker).flat('name').all()).toEqual(['C']);
      await expect(
        app.db.save(Object.assign(new Maker(), { id: 6, name: 'D' }), { force: 'update' }),
      ).rejects.toBeInstanceOf(DoesNotExistError);
      expect(await app.db.objects(Maker).count()).toBe(1);
      const sellers = [maker];
      await app.db.save(Object.assign(new Item(), { slug: 'sold', sellers }), { force: 'insert' });
      expect((await items().prefetchRelated('sellers').get()).sellers).toHaveLength(1);
    });
  });

  describe('refresh', () => {
    it('reads columns and loaded relations again, into the same object', async () => {
      const [a, b] = await app.db.objects(Maker).bulkCreate([{ name: 'A' }, { name: 'B' }]);
      const item = await items().create({ slug: 'a', maker: a! });
      item.stock = 77;
      await items().update({ price: '3.00', maker: b!, motto: 'new' });
      expect(await app.db.refresh(item)).toBe(item);
      expect(a!.name).toBe('A');
      expect(item).toMatchObject({
        slug: 'a',
        stock: 5,
        price: '3.00',
        motto: 'NEW',
        maker: { name: 'B' },
        version: 2,
      });
      await items().update({ maker: null });
      expect((await app.db.refresh(item)).maker).toBeNull();
    });

    it('reads named fields and relations alone', async () => {
      const item = await items().create({ slug: 'a' });
      await app.db.related(item, 'sellers').add(await app.db.objects(Maker).create({ name: 'S' }));
      await items().update({ price: '3.00', stock: 8 });
      await app.db.refresh(item, ['price', 'sellers', 'secret', 'size.unit']);
      expect(item).toMatchObject({ price: '3.00', stock: 5, secret: 'hidden', sellers: [{ name: 'S' }] });
    });

    it('is an error for a row that is gone', async () => {
      const item = await items().create({ slug: 'a' });
      await items().delete();
      await expect(app.db.refresh(item)).rejects.toBeInstanceOf(DoesNotExistError);
      await expect(app.db.refresh(item, ['maker'])).rejects.toBeInstanceOf(DoesNotExistError);
    });
  });

  describe('replicate', () => {
    it('copies values and relations to one row, without key, version and dates', async () => {
      const maker = await app.db.objects(Maker).create({ name: 'A' });
      const item = await items().create({
        slug: 'a',
        maker,
        price: '4.00',
        data: { a: 1 },
        motto: 'HI',
        size: { width: 3, unit: 'mm' },
      });
      const copy = app.db.replicate(await items().selectRelated('maker').get({ pk: item }));
      expect(copy).toBeInstanceOf(Item);
      expect([copy.id, copy.version, copy.createdAt]).toEqual([undefined, undefined, undefined]);
      copy.slug = 'b';
      copy.data!.a = 2;
      await app.db.save(copy);
      const stored = await items().orderBy('slug').selectRelated('maker').all();
      expect(stored).toMatchObject([
        { slug: 'a', data: { a: 1 }, price: '4.00' },
        {
          slug: 'b',
          data: { a: 2 },
          price: '4.00',
          motto: 'HI',
          size: { width: 3, unit: 'mm' },
          maker: { name: 'A' },
          version: 1,
        },
      ]);
    });
  });
});
