import { BadLookupValueError, ForeignKeyError, QueryUsageError, UniqueError } from 'bowerbird/orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { BulkRecorder, Film, Item, Ledger, Maker, Media, Seat, Ticket } from './query-bulk.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  let recorder: BulkRecorder;
  beforeAll(async () => {
    const entities = [Maker, Item, Seat, Ledger, Media, Film, Ticket];
    app = await openOrm({ database: database.url, entities, providers: [BulkRecorder] });
    recorder = app.get(BulkRecorder);
  });
  beforeEach(async () => {
    for (const entity of [Item, Seat, Maker, Ledger, Media, Ticket]) await app.db.objects<object>(entity).delete();
    recorder.heard();
  });
  afterAll(() => app?.close());

  const items = () => app.db.objects(Item);

  describe('bulkUpdate', () => {
    it('stores named fields of every kind, and nothing else', async () => {
      const [maker] = await app.db.objects(Maker).bulkCreate([{ name: 'A' }]);
      const rows = await items().bulkCreate([{ slug: 'a' }, { slug: 'b', day: '2026-01-01' }, { slug: 'c' }]);
      const [a, b, c] = rows as [Item, Item, Item];
      const at = new Date('2026-02-03T04:05:06.789Z');
      Object.assign(a, {
        price: '7.25',
        stock: 70,
        active: false,
        views: '9007199254740995',
        data: { x: "it's" },
        day: '2026-03-04',
        at,
        state: 'used',
        motto: 'LOUD',
        maker,
        slug: 'lost',
      });
      a.size.width = 12;
      Object.assign(b, { day: null, stock: 71 });
      Object.assign(c, { stock: 72, maker: maker!.id });
      const fields = [
        'price',
        'stock',
        'active',
        'views',
        'data',
        'day',
        'at',
        'state',
        'motto',
        'maker',
        'size.width',
      ] as const;
      expect(await items().bulkUpdate(rows, fields)).toBe(3);
      const stored = await items().orderBy('id').selectRelated('maker').all();
      expect(stored[0]).toMatchObject({
        slug: 'a',
        price: '7.25',
        stock: 70,
        active: false,
        views: '9007199254740995',
        data: { x: "it's" },
        day: '2026-03-04',
        at,
        state: 'used',
        motto: 'LOUD',
        maker: { name: 'A' },
        size: { width: 12 },
      });
      expect(stored[1]).toMatchObject({ slug: 'b', price: '1.50', stock: 71, day: null, maker: null });
      expect(stored[2]).toMatchObject({ stock: 72, maker: { name: 'A' } });
      expect(stored.map(({ version }) => version)).toEqual([2, 2, 2]);
    });

    it('works on thousands of rows, those left out that are not there', async () => {
      const rows = await items().bulkCreate(Array.from({ length: 1_200 }, (_, index) => ({ slug: `s${index}` })));
      for (const [index, row] of rows.entries()) row.stock = index + 10;
      expect(await items().bulkUpdate([...rows, { id: 99_999_999, stock: 1 }], ['stock'])).toBe(1_200);
      expect((await items().orderBy('id').flat('stock').all()).every((stock, index) => stock === index + 10)).toBe(
        true,
      );
      expect(await items().bulkUpdate(rows, ['stock'], { batch: 7 })).toBe(1_200);
    });

    it('finds rows by keys of several columns, of text, of 64 bits and by uuids', async () => {
      const [maker, other] = await app.db.objects(Maker).bulkCreate([{ name: 'A' }, { name: 'B' }]);
      await app.db.objects(Seat).bulkCreate([
        { maker: maker!, place: 'x' },
        { maker: other!, place: 'x' },
        { maker: maker!, place: 'y' },
      ]);
      const seats = [
        { maker: maker!, place: 'x', taken: 1 },
        { makerId: other!.id, place: 'x', taken: 2 },
        { maker: maker!, place: 'X', taken: 9 },
      ];
      expect(await app.db.objects(Seat).bulkUpdate(seats, ['taken'])).toBe(2);
      expect(await app.db.objects(Seat).orderBy('makerId', 'place').flat('taken').all()).toEqual([1, 0, 2]);
      const ledgers = [
        { id: '9007199254740992', amount: '1.00' },
        { id: '9007199254740993', amount: '2.00' },
      ];
      await app.db.objects(Ledger).bulkCreate(ledgers);
      const amounts = ledgers.map(({ id }, index) => ({ id, amount: `12345678901.0${index}` }));
      expect(await app.db.objects(Ledger).bulkUpdate(amounts, ['amount'])).toBe(2);
      expect(await app.db.objects(Ledger).orderBy('id').flat('amount').all()).toEqual([
        '12345678901.00',
        '12345678901.01',
      ]);
      const [ticket] = await app.db.objects(Ticket).bulkCreate([{ name: 'a' }]);
      expect(await app.db.objects(Ticket).bulkUpdate([{ id: ticket!.id, name: 'b' }], ['name'])).toBe(1);
      expect(await app.db.objects(Ticket).flat('name').all()).toEqual(['b']);
    });

    it('changes rows of the query alone', async () => {
      const rows = await items().bulkCreate([
        { slug: 'a', stock: 1 },
        { slug: 'b', stock: 2 },
      ]);
      for (const row of rows) row.price = '5.00';
      expect(await items().filter({ stock__gt: 1 }).bulkUpdate(rows, ['price'])).toBe(1);
      expect(await items().none().bulkUpdate(rows, ['price'])).toBe(0);
      expect(await items().orderBy('slug').flat('price').all()).toEqual(['1.50', '5.00']);
      const [paper] = await app.db.objects(Media).bulkCreate([{ title: 'paper' }]);
      expect(await app.db.objects(Film).bulkUpdate([{ id: paper!.id, title: 'film' }], ['title'])).toBe(0);
    });

    it('takes the last of what is given for a row', async () => {
      const [row] = await items().bulkCreate([{ slug: 'a' }]);
      expect(
        await items().bulkUpdate(
          [
            { id: row!.id, stock: 1 },
            { id: row!.id, stock: 2 },
          ],
          ['stock'],
        ),
      ).toBe(1);
      expect(await items().flat('stock').all()).toEqual([2]);
    });

    it('is undone as a whole, and refuses what does not fit', async () => {
      const rows = await items().bulkCreate([{ slug: 'a' }, { slug: 'b' }, { slug: 'c' }]);
      const [a, b, c] = rows as [Item, Item, Item];
      Object.assign(a, { stock: 50 });
      Object.assign(c, { slug: 'b' });
      await expect(items().bulkUpdate(rows, ['slug', 'stock'], { batch: 1 })).rejects.toBeInstanceOf(UniqueError);
      expect(await items().filter({ stock: 50 }).count()).toBe(0);
      const untyped = items().untyped();
      await expect(untyped.bulkUpdate([{ id: b.id, maker: 4711 }], ['maker'])).rejects.toBeInstanceOf(ForeignKeyError);
      await expect(untyped.bulkUpdate([{ id: b.id }], ['stock'])).rejects.toBeInstanceOf(BadLookupValueError);
      await expect(untyped.bulkUpdate([{ stock: 1 }], ['stock'])).rejects.toBeInstanceOf(BadLookupValueError);
      await expect(untyped.bulkUpdate([{ id: b.id, slug: null }], ['slug'])).rejects.toBeInstanceOf(
        BadLookupValueError,
      );
      await expect(untyped.bulkUpdate(rows, ['nope'])).rejects.toMatchObject({ code: 'orm.unknown_path' });
      await expect(untyped.bulkUpdate(rows, ['maker.name'])).rejects.toMatchObject({ code: 'orm.unfit_path' });
      await expect(untyped.bulkUpdate(rows, ['sellers'])).rejects.toMatchObject({ code: 'orm.unfit_path' });
      await expect(untyped.bulkUpdate(rows, ['id'])).rejects.toBeInstanceOf(QueryUsageError);
      await expect(untyped.bulkUpdate(rows, [])).rejects.toBeInstanceOf(QueryUsageError);
      await expect(items().slice(0, 1).bulkUpdate(rows, ['stock'])).rejects.toBeInstanceOf(QueryUsageError);
      expect(await items().bulkUpdate([], ['stock'])).toBe(0);
    });

    it('is heard of by listeners, unchanged rows left out', async () => {
      const [maker] = await app.db.objects(Maker).bulkCreate([{ name: 'A' }]);
      const seats = await app.db
        .objects(Seat)
        .bulkCreate(Array.from({ length: 300 }, (_, index) => ({ maker: maker!, place: `P${index}` })));
      recorder.heard();
      for (const [index, seat] of seats.entries()) seat.taken = index === 7 ? 0 : 1;
      expect(await app.db.objects(Seat).bulkUpdate(seats, ['taken'])).toBe(300);
      const events = recorder.heard();
      expect(events).toHaveLength(299);
      expect(events[0]).toMatchObject({ kind: 'update', before: { place: 'P0', taken: 0 }, after: { taken: 1 } });
    });
  });
});
