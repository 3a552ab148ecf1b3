import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import {
  BadLookupValueError,
  ForeignKeyError,
  NotNullError,
  QueryUsageError,
  UniqueError,
  UnknownPathError,
} from 'bowerbird/orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { BULK, BulkRecorder, Case, Film, Item, Ledger, Maker, Media, Place, Seat, Ticket } from './query-bulk.world.js';

function withoutMaker(row: Item): Item {
  return Object.assign(new Item(), row, { maker: null });
}

eachDatabase((database) => {
  let app: OrmTestApp;
  let recorder: BulkRecorder;
  beforeAll(async () => {
    // MySQL and MariaDB have no partial indexes.
    const entities = database.dialect === 'mysql' ? BULK.filter((entity) => entity !== Case) : BULK;
    app = await openOrm({ database: database.url, entities, providers: [BulkRecorder] });
    recorder = app.get(BulkRecorder);
  });
  beforeEach(async () => {
    for (const entity of [Item, Seat, Ticket, Maker, Ledger, Media]) await app.db.objects<object>(entity).delete();
    recorder.heard();
  });
  afterAll(() => app?.close());

  const items = () => app.db.objects(Item);

  describe('bulkCreate', () => {
    it('returns instances with keys, defaults, dates and version, as they are stored', async () => {
      const maker = await app.db.objects(Maker).create({ name: 'A' });
      const made = await items().bulkCreate([
        { slug: 'plain' },
        {
          slug: 'full',
          price: '2.75',
          stock: 0,
          active: false,
          views: '12',
          data: { a: [1, "it's"] },
          day: '2026-01-31',
          state: 'used',
          motto: 'LOUD',
          size: { width: 7, unit: 'mm' },
          maker,
          code: 'x',
        },
        { slug: 'keyed', maker: maker.id, at: new Date('2026-02-03T04:05:06.789Z') },
      ]);
      expect(made.every((row) => row instanceof Item)).toBe(true);
      const stored = await items().orderBy('id').selectRelated('maker').all();
      expect(made.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
      expect(stored.map(({ slug }) => slug)).toEqual(['plain', 'full', 'keyed']);
      expect(made.map(withoutMaker)).toEqual(stored.map(withoutMaker));
      expect(made[0]).toMatchObject({
        price: '1.50',
        stock: 5,
        active: true,
        views: '9007199254740993',
        state: 'new',
        motto: null,
        version: 1,
        code: null,
        size: { width: null, unit: 'cm' },
      });
      expect(made[0]!.createdAt).toBeInstanceOf(Date);
      expect(stored[1]).toMatchObject({
        price: '2.75',
        motto: 'LOUD',
        size: { width: 7, unit: 'mm' },
        data: { a: [1, "it's"] },
        maker: { name: 'A' },
      });
      expect(stored[2]).toMatchObject({ maker: { id: maker.id }, at: new Date('2026-02-03T04:05:06.789Z') });
      expect(made[2]!.maker).toMatchObject({ id: maker.id });
      expect(await items().filter({ secret: 'hidden' }).count()).toBe(3);
    });

    it('keeps the instances that it is given, and saves them later as rows that are there', async () => {
      const given = Object.assign(new Item(), { slug: 'mine' });
      const [made] = await items().bulkCreate([given]);
      expect(made).toBe(given);
      await app.db.save(Object.assign(given, { stock: 9 }));
      expect(await items().flat('stock').all()).toEqual([9]);
      expect(given.version).toBe(2);
    });

    it('stores thousands of rows in the order in which they are given', async () => {
      const rows = Array.from({ length: 3_300 }, (_, index) => ({
        slug: `s${index}`,
        stock: index,
        ...(index % 3 === 0 && { price: '9.99' }),
      }));
      const made = await items().bulkCreate(rows);
      const stored = new Map((await items().values('id', 'slug', 'price').all()).map((row) => [row.id, row]));
      expect(stored.size).toBe(3_300);
      for (const { id, slug, price } of made) expect(stored.get(id)).toEqual({ id, slug, price });
      expect(made.filter(({ price }) => price === '1.50')).toHaveLength(2_200);
    });

    it('stores all or nothing, and leaves the instances as they were', async () => {
      const rows = Array.from({ length: 12 }, (_, index) =>
        Object.assign(new Item(), { slug: `n${index === 11 ? 0 : index}` }),
      );
      await expect(items().bulkCreate(rows, { batch: 5 })).rejects.toMatchObject({
        code: 'orm.unique',
        fields: ['slug'],
      });
      expect(await items().count()).toBe(0);
      expect(rows.every(({ id, version }) => id === undefined && version === undefined)).toBe(true);
      await app.db.atomic(async () => {
        await expect(items().bulkCreate(rows, { batch: 5 })).rejects.toBeInstanceOf(UniqueError);
        await expect(items().bulkCreate(rows)).rejects.toBeInstanceOf(UniqueError);
        await items().bulkCreate([{ slug: 'after' }]);
      });
      expect(await items().flat('slug').all()).toEqual(['after']);
    });

    it('takes keys of every kind: made by the database or here, several columns, references, 64 bits', async () => {
      const [maker] = await app.db.objects(Maker).bulkCreate([{ id: 77, name: 'own' }, { name: 'next' }]);
      expect(maker!.id).toBe(77);
      const tickets = await app.db.objects(Ticket).bulkCreate([{ name: 'a' }, { name: 'b', shout: 'c' }]);
      expect(tickets.map(({ shout }) => shout)).toEqual(['a!', 'c']);
      expect(await app.db.objects(Ticket).inBulk(tickets.map(({ id }) => id))).toHaveProperty('size', 2);
      const seats = await app.db.objects(Seat).bulkCreate([
        { maker: 77, place: 'A1' },
        { makerId: 77, place: 'A2', taken: 3 },
      ]);
      expect(seats).toMatchObject([
        { makerId: 77, taken: 0 },
        { makerId: 77, taken: 3 },
      ]);
      const ledgers = await app.db.objects(Ledger).bulkCreate([{ id: '9007199254740993', amount: '12.30' }]);
      expect(await app.db.objects(Ledger).get({ pk: ledgers[0]!.id })).toMatchObject({ amount: '12.30' });
    });

    it('stores what create() stores, at the edges of each kind as well', async () => {
      const edges: Partial<Item>[] = [
        {
          price: '0.01',
          stock: 2_147_483_647,
          views: '1',
          day: '2024-02-29',
          at: new Date('2024-02-29T23:59:59.999Z'),
        },
        { price: '12345678.90', stock: -2_147_483_648, views: '-9223372036854775808', day: '0099-12-31' },
        { price: '7', stock: 0, views: '0007', at: new Date('0099-01-01T00:00:00.000Z'), active: false },
        { price: '-0.50', views: '9223372036854775807', at: new Date('9999-12-31T23:59:59.001Z'), motto: '' },
      ];
      await items().bulkCreate(edges.map((edge, index) => ({ slug: `bulk${index}`, ...edge })));
      for (const [index, edge] of edges.entries()) await items().create({ slug: `one${index}`, ...edge });
      const of = (name: string) =>
        items()
          .filter({ slug__startswith: name })
          .orderBy('id')
          .values('price', 'stock', 'views', 'day', 'at', 'active', 'motto')
          .all();
      expect(await of('bulk')).toEqual(await of('one'));
      const refused = [
        { day: '2026-02-29' },
        { day: '0000-01-01' },
        { stock: 2_147_483_648 },
        { price: '1e3' },
        { views: '9223372036854775808' },
      ];
      for (const values of refused)
        await expect(items().bulkCreate([{ slug: 'bad', ...values }])).rejects.toBeInstanceOf(BadLookupValueError);
    });

    it('splits rows whose values are large', async () => {
      const data = { text: 'x'.repeat(400_000) };
      const log: QueryRecord[] = [];
      const rows = Array.from({ length: 6 }, (_, index) => ({ slug: `large${index}`, data }));
      await runWith(QUERY_LOG, log, () => items().bulkCreate(rows));
      expect(log.filter(({ sql }) => sql.startsWith('INSERT'))).toHaveLength(3);
      expect((await items().get({ slug: 'large5' })).data).toEqual(data);
    });

    it('stores children of a table with their kind', async () => {
      const [film] = await app.db.objects(Film).bulkCreate([{ title: 'M', minutes: 117 }]);
      await app.db.objects(Media).bulkCreate([{ title: 'paper' }]);
      expect(await app.db.objects(Film).flat('id').all()).toEqual([film!.id]);
      expect(await app.db.objects(Media).count()).toBe(2);
      const parents = app.db.objects(Media).bulkCreate([Object.assign(new Film(), { title: 'x' })]);
      await expect(parents).rejects.toBeInstanceOf(QueryUsageError);
    });

    it('refuses what does not fit before anything is stored', async () => {
      const untyped = items().untyped();
      await expect(untyped.bulkCreate([{ slug: 'a' }, { slug: 'b', nope: 1 }])).rejects.toBeInstanceOf(
        UnknownPathError,
      );
      await expect(untyped.bulkCreate([{ slug: 'a', stock: 'many' }])).rejects.toBeInstanceOf(BadLookupValueError);
      await expect(untyped.bulkCreate([{ slug: 'a', state: 'gone' }])).rejects.toBeInstanceOf(BadLookupValueError);
      await expect(untyped.bulkCreate([{ slug: null }])).rejects.toMatchObject({
        code: 'orm.not_null',
        fields: ['slug'],
      });
      await expect(untyped.bulkCreate([{}])).rejects.toBeInstanceOf(NotNullError);
      await expect(untyped.bulkCreate([{ slug: 'a', maker: 4711 }])).rejects.toBeInstanceOf(ForeignKeyError);
      await expect(untyped.bulkCreate([{ slug: 'a', maker: {} }])).rejects.toBeInstanceOf(BadLookupValueError);
      await expect(untyped.bulkCreate([{ slug: 'a', sellers: [{ id: 1 }] }])).rejects.toBeInstanceOf(QueryUsageError);
      await expect(items().bulkCreate([{ slug: 'a' }], { batch: 0 })).rejects.toBeInstanceOf(QueryUsageError);
      await expect(app.db.objects(Place).bulkCreate([{ name: 'root' }])).rejects.toBeInstanceOf(QueryUsageError);
      await expect(items().bulkCreate([{ slug: 'x'.repeat(61) }])).rejects.toBeInstanceOf(BadLookupValueError);
      expect(await items().bulkCreate([])).toEqual([]);
      expect(await items().count()).toBe(0);
    });

    it.runIf(database.dialect === 'mysql')('finds what MySQL has made, which does not tell by itself', async () => {
      const { driver } = app.db.dataSource;
      const { version } = driver;
      Object.assign(driver, { version: '10.4.0' });
      try {
        const made = await items().bulkCreate([{ slug: 'a' }, { slug: 'b', id: 90_000 }, { slug: 'c', price: '2.00' }]);
        const stored = await items().inBulk(made.map(({ id }) => id));
        expect(made.map(({ id }) => stored.get(id)!.slug)).toEqual(['a', 'b', 'c']);
        expect(made).toMatchObject([
          { price: '1.50', version: 1 },
          { id: 90_000, price: '1.50' },
          { price: '2.00', stock: 5 },
        ]);
        expect(made[0]!.createdAt).toBeInstanceOf(Date);
        const rule = { update: ['stock'], unique: ['slug'] } as const;
        const rows = [{ slug: 'a', stock: 6 }, { slug: 'd' }];
        const [kept, added] = await items().bulkCreate(rows, { onConflict: rule });
        expect(kept).toMatchObject({ id: made[0]!.id, price: '1.50', stock: 6, version: 2 });
        expect(added!.id).toBe((await items().get({ slug: 'd' })).id);
        const keyed = { update: ['stock'], unique: ['pk'] } as const;
        const [again, fresh] = await items().bulkCreate([{ id: kept!.id, slug: 'a', stock: 7 }, { slug: 'e' }], {
          onConflict: keyed,
        });
        expect([again!.stock, fresh!.id]).toEqual([7, (await items().get({ slug: 'e' })).id]);
      } finally {
        Object.assign(driver, { version });
      }
    });

    it('is heard of by listeners', async () => {
      const [maker] = await app.db.objects(Maker).bulkCreate([{ name: 'own' }]);
      const seats = Array.from({ length: 300 }, (_, index) => ({ maker: maker!, place: `P${index}` }));
      await app.db.objects(Seat).bulkCreate(seats);
      const events = recorder.heard();
      expect(events).toHaveLength(300);
      expect(events[299]).toMatchObject({
        kind: 'insert',
        key: { makerId: String(maker!.id), place: 'P299' },
        after: { taken: 0 },
      });
    });
  });

  describe('bulkCreate with conflicts', () => {
    it('keeps rows that are there', async () => {
      await items().bulkCreate([{ slug: 'a', stock: 1 }]);
      const given = await items().bulkCreate(
        [
          { slug: 'a', stock: 2 },
          { slug: 'b', stock: 2 },
          { slug: 'b', stock: 3 },
        ],
        { onConflict: 'ignore' },
      );
      expect(given.map(({ id }) => id)).toEqual([undefined, undefined, undefined]);
      expect(await items().orderBy('slug').values('slug', 'stock').all()).toEqual([
        { slug: 'a', stock: 1 },
        { slug: 'b', stock: 2 },
      ]);
    });

    it('ignores nothing but conflicts', async () => {
      const rows = [{ slug: 'a', maker: 4711 }];
      await expect(items().bulkCreate(rows, { onConflict: 'ignore' })).rejects.toBeInstanceOf(ForeignKeyError);
      await expect(
        items()
          .untyped()
          .bulkCreate([{ slug: null }], { onConflict: 'ignore' }),
      ).rejects.toBeInstanceOf(NotNullError);
    });

    it('changes named fields of rows that are there, with their version and date', async () => {
      const [there] = await items().bulkCreate([{ slug: 'a', stock: 1, price: '1.00', code: 'kept' }]);
      const made = await items().bulkCreate(
        [
          { slug: 'a', stock: 2, price: '2.00', code: 'lost' },
          { slug: 'b', stock: 3 },
          { slug: 'a', stock: 4, price: '3.00' },
        ],
        { onConflict: { update: ['stock', 'price'], unique: ['slug'] } },
      );
      const stored = await items().orderBy('slug').all();
      expect(stored).toMatchObject([
        { id: there!.id, stock: 4, price: '3.00', code: 'kept', version: 3 },
        { stock: 3, version: 1 },
      ]);
      expect(made.map(({ id }) => id)).toEqual([there!.id, stored[1]!.id, there!.id]);
      expect(made[0]).toMatchObject({ code: 'kept', version: 2 });
    });

    it('takes sets of several paths, relations among them', async () => {
      const maker = await app.db.objects(Maker).create({ name: 'A' });
      const rows = [{ slug: 'one', maker, code: 'c', stock: 1 }];
      await items().bulkCreate(rows);
      await items().bulkCreate([{ slug: 'two', maker, code: 'c', stock: 2 }], {
        onConflict: { update: ['stock', 'slug', 'size.width'], unique: ['maker', 'code'] },
      });
      expect(await items().values('slug', 'stock').all()).toEqual([{ slug: 'two', stock: 2 }]);
      await app.db
        .objects(Maker)
        .bulkCreate([{ id: maker.id, name: 'B' }], { onConflict: { update: ['name'], unique: ['pk'] } });
      expect(await app.db.objects(Maker).flat('name').all()).toEqual(['B']);
    });

    it('is an error where another set is in the way', async () => {
      const maker = await app.db.objects(Maker).create({ name: 'A' });
      await items().bulkCreate([{ slug: 'one', maker, code: 'c', stock: 1 }]);
      const other = items().bulkCreate([{ slug: 'two', maker, code: 'c', stock: 2 }], {
        onConflict: { update: ['stock'], unique: ['slug'] },
      });
      await expect(other).rejects.toBeInstanceOf(UniqueError);
      expect(await items().flat('stock').all()).toEqual([1]);
    });

    it('names what is unique when the set is not', async () => {
      const asked = items().bulkCreate([{ slug: 'a' }], { onConflict: { update: ['price'], unique: ['stock'] } });
      await expect(asked).rejects.toMatchObject({
        code: 'orm.query_usage',
        hint: expect.stringContaining('slug') as string,
      });
      const none = items().bulkCreate([{ slug: 'a' }], { onConflict: { update: [], unique: ['slug'] } });
      await expect(none).rejects.toBeInstanceOf(QueryUsageError);
      const far = items().bulkCreate([{ slug: 'a' }], { onConflict: { update: ['maker.name'], unique: ['slug'] } });
      await expect(far).rejects.toMatchObject({ code: 'orm.unfit_path' });
    });

    it.skipIf(database.dialect === 'mysql')('takes partial indexes', async () => {
      const cases = app.db.objects(Case);
      await cases.bulkCreate([{ name: 'a', state: 'closed' }, { name: 'a' }]);
      recorder.heard();
      await cases.bulkCreate([{ name: 'a' }, { name: 'b' }], { onConflict: { update: ['state'], unique: ['name'] } });
      expect(await cases.count()).toBe(3);
    });

    it('tells listeners which rows were added and which changed', async () => {
      const maker = await app.db.objects(Maker).create({ name: 'A' });
      const seats = app.db.objects(Seat);
      await seats.bulkCreate([
        { maker, place: 'old' },
        { maker, place: 'same', taken: 1 },
      ]);
      recorder.heard();
      await seats.bulkCreate(
        [
          { maker, place: 'old', taken: 1 },
          { maker, place: 'same', taken: 1 },
          { maker, place: 'new' },
        ],
        {
          onConflict: { update: ['taken'], unique: ['pk'] },
        },
      );
      await seats.bulkCreate(
        [
          { maker, place: 'old', taken: 9 },
          { maker, place: 'newer' },
        ],
        { onConflict: 'ignore' },
      );
      expect(new Set(recorder.heard().map(({ kind, after }) => `${kind} ${String(after!.place)}`))).toEqual(
        new Set(['update old', 'insert new', 'insert newer']),
      );
    });
  });
});
