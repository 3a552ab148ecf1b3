import { CoreModule, QUERY_LOG, runWith, SecretKeys, SignalHub, type QueryRecord } from 'bowerbird/core';
import {
  Case,
  Coalesce,
  F,
  Lower,
  Now,
  OuterRef,
  postBulkUpdate,
  Subquery,
  Upper,
  Value,
  When,
  type Expression,
} from 'bowerbird/orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { BulkRecorder, Item, Maker, Seat } from './query-bulk.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  let recorder: BulkRecorder;
  beforeAll(async () => {
    app = await openOrm({
      database: database.url,
      entities: [Maker, Item, Seat],
      providers: [BulkRecorder],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
    });
    recorder = app.get(BulkRecorder);
  });
  beforeEach(async () => {
    for (const entity of [Item, Seat, Maker]) await app.db.objects<object>(entity).delete();
    recorder.heard();
  });
  afterAll(() => app?.close());

  const items = () => app.db.objects(Item);
  const make = (count: number) =>
    items().bulkCreate(Array.from({ length: count }, (_, index) => ({ slug: `s${index}`, stock: index })));
  const stocks = () => items().orderBy('id').flat('stock').all();
  const logged = async <R>(work: () => Promise<R>): Promise<[R, readonly string[]]> => {
    const log: QueryRecord[] = [];
    const result = await runWith(QUERY_LOG, log, work);
    return [result, log.map(({ sql }) => sql).filter((sql) => /^update/i.test(sql))];
  };

  describe('bulkUpdate with expressions', () => {
    it('works out what rows are set to, of the row as it is', async () => {
      const rows = await make(3);
      const [count, statements] = await logged(() =>
        items().bulkUpdate(
          rows.map(({ id }) => ({ id, stock: F('stock').plus(10), slug: Upper('slug') })),
          ['stock', 'slug'],
        ),
      );
      expect([count, statements.length]).toEqual([3, 1]);
      expect(await items().orderBy('id').values('slug', 'stock', 'version').all()).toEqual([
        { slug: 'S0', stock: 10, version: 2 },
        { slug: 'S1', stock: 11, version: 2 },
        { slug: 'S2', stock: 12, version: 2 },
      ]);
    });

    it('mixes values, different expressions and none in one statement', async () => {
      const [maker] = await app.db.objects(Maker).bulkCreate([{ name: 'Ann' }]);
      const rows = await make(5);
      const given = rows.map(({ id }, index) => ({
        id,
        stock: index === 0 ? 100 : F('stock').times(index),
        price: index < 2 ? '3.25' : F('price').plus(index),
        maker: index === 4 ? maker!.id : null,
        code: index % 2 === 0 ? Value('even') : null,
        day: index === 3 ? '2026-02-03' : null,
      }));
      const fields = ['stock', 'price', 'maker', 'code', 'day'] as const;
      const [, statements] = await logged(() => items().untyped().bulkUpdate(given, fields));
      expect(statements).toHaveLength(1);
      expect(await items().orderBy('id').values('stock', 'price', 'maker', 'code', 'day').all()).toEqual([
        { stock: 100, price: '3.25', maker: null, code: 'even', day: null },
        { stock: 1, price: '3.25', maker: null, code: null, day: null },
        { stock: 4, price: '3.50', maker: null, code: 'even', day: null },
        { stock: 9, price: '4.50', maker: null, code: null, day: '2026-02-03' },
        { stock: 16, price: '5.50', maker: maker!.id, code: 'even', day: null },
      ]);
    });

    it('takes values and expressions of every kind beside each other', async () => {
      const at = new Date('2026-02-03T04:05:06.789Z');
      const rows = await items().bulkCreate([
        { slug: 'a', data: { x: 1 }, day: '2026-01-01', at, state: 'used', motto: 'LOUD' },
        { slug: 'b' },
      ]);
      const [a, b] = rows as [Item, Item];
      await items().bulkUpdate(
        [
          { id: a.id, views: F('views').plus(1), at: F('at'), day: F('day'), state: F('state'), active: F('active') },
          { id: b.id, views: '7', at, day: '2026-05-06', state: 'used', active: false },
        ],
        ['views', 'at', 'day', 'state', 'active'],
      );
      expect(await items().orderBy('slug').values('views', 'at', 'day', 'state', 'active').all()).toEqual([
        { views: '9007199254740994', at, day: '2026-01-01', state: 'used', active: true },
        { views: '7', at, day: '2026-05-06', state: 'used', active: false },
      ]);
      const before = Date.now();
      await items().bulkUpdate([{ id: b.id, at: Now() }], ['at']);
      expect((await items().get({ id: b.id })).at!.getTime()).toBeGreaterThan(before - 5_000);
    });

    it('counts in Case and reads other rows by subqueries', async () => {
      const makers = await app.db.objects(Maker).bulkCreate([{ name: 'Ann' }, { name: 'Bob' }]);
      const rows = await items().bulkCreate(makers.map((maker, stock) => ({ slug: maker.name, maker, stock })));
      const size = Case(When({ stock: 0 }, 'none')).otherwise('some');
      const name = Subquery(
        app.db
          .objects(Maker)
          .filter({ id: OuterRef('maker') })
          .flat('name'),
      );
      await items()
        .untyped()
        .bulkUpdate(
          rows.map(({ id }) => ({ id, code: size })),
          ['code'],
        );
      expect(await items().orderBy('id').flat('code').all()).toEqual(['none', 'some']);
      await items()
        .untyped()
        .bulkUpdate(
          rows.map(({ id }) => ({ id, code: Coalesce(name, Value('?')) })),
          ['code'],
        );
      expect(await items().orderBy('id').flat('code').all()).toEqual(['Ann', 'Bob']);
    });

    it('sets the same for all rows, beside values of their own', async () => {
      const rows = await make(3);
      for (const row of rows) row.slug = `new ${row.slug}`;
      const [, statements] = await logged(() =>
        items().bulkUpdate(rows, ['slug'], { set: { stock: F('stock').plus(1), state: 'used', code: null } }),
      );
      expect(statements).toHaveLength(1);
      expect(await items().orderBy('id').values('slug', 'stock', 'state').all()).toEqual([
        { slug: 'new s0', stock: 1, state: 'used' },
        { slug: 'new s1', stock: 2, state: 'used' },
        { slug: 'new s2', stock: 3, state: 'used' },
      ]);
      expect(
        await items()
          .filter({ stock__gt: 1 })
          .bulkUpdate(rows, [], { set: { stock: F('stock').minus(2) } }),
      ).toBe(2);
      expect(await stocks()).toEqual([1, 0, 1]);
    });

    it('reads fields as they were, whichever is set first', async () => {
      const rows = await make(2);
      await items()
        .untyped()
        .bulkUpdate(
          rows.map(({ id }, index) => ({ id, stock: 50, price: F('stock').plus(index) })),
          ['stock', 'price'],
        );
      expect(await items().orderBy('id').flat('price').all()).toEqual(['0.00', '2.00']);
      expect(await stocks()).toEqual([50, 50]);
      const swapped = items()
        .untyped()
        .bulkUpdate(
          rows.map(({ id }) => ({ id, stock: F('price'), price: F('stock') })),
          ['stock', 'price'],
        );
      if (database.dialect === 'mysql') await expect(swapped).rejects.toMatchObject({ code: 'orm.query_usage' });
      else expect([await swapped, await stocks()]).toEqual([2, [0, 2]]);
    });

    it('splits what one statement cannot take, and stores all or nothing', async () => {
      const rows = await make(600);
      const long = (index: number) => {
        const steps = Array.from({ length: 30 }, (_, step) => step + index);
        return steps.reduce<Expression<number, 'stock'>>((sum, step) => sum.plus(step), F('stock').times(1) as never);
      };
      const [, statements] = await logged(() =>
        items().bulkUpdate(
          rows.map(({ id }, index) => ({ id, stock: index < 100 ? long(index) : F('stock').plus(1) })),
          ['stock'],
          { batch: 600 },
        ),
      );
      expect(statements.length).toBeGreaterThan(1);
      expect(statements.length).toBeLessThan(20);
      expect((await stocks()).filter((_, index) => index % 50 === 2)).toEqual(
        [2, 52].map((index) => 31 * index + 435).concat([103, 153, 203, 253, 303, 353, 403, 453, 503, 553]),
      );
      const broken = rows.map(({ id }, index) => ({ id, slug: index === 599 ? Value('s1') : Lower('slug') }));
      await expect(items().bulkUpdate(broken, ['slug'], { batch: 100 })).rejects.toMatchObject({ code: 'orm.unique' });
      expect(await items().filter({ version: 2 }).count()).toBe(600);
    });

    it('is heard of, with what is the same for all', async () => {
      const [maker] = await app.db.objects(Maker).bulkCreate([{ name: 'A' }]);
      const seats = await app.db.objects(Seat).bulkCreate(['a', 'b'].map((place) => ({ maker: maker!, place })));
      recorder.heard();
      const told: unknown[] = [];
      const connection = app.get(SignalHub).connect(postBulkUpdate, Seat, ({ changed, values }) => {
        told.push([changed, Object.keys(values)]);
      });
      await app.db.objects(Seat).bulkUpdate(
        seats.map(({ makerId, place }, index) => ({ makerId, place, taken: F('taken').plus(index) })),
        ['taken'],
      );
      await app.db.objects(Seat).bulkUpdate(seats, [], { set: { taken: F('taken').plus(1) } });
      connection.disconnect();
      expect(recorder.heard().map(({ before, after }) => [before!.taken, after!.taken])).toEqual([
        [0, 1],
        [0, 1],
        [1, 2],
      ]);
      expect(told).toEqual([
        [['taken'], []],
        [['taken'], ['taken']],
      ]);
    });

    it('refuses what an update refuses', async () => {
      const [row] = await make(1);
      const { id } = row!;
      const untyped = items().untyped();
      const refused = (values: object, fields: readonly string[], set?: object) =>
        untyped
          .bulkUpdate([{ id, ...values }], fields, { set: set as never })
          .catch((error: { code: string }) => error.code);
      expect(await refused({ stock: F('stok') }, ['stock'])).toBe('orm.unknown_path');
      expect(await refused({ stock: F('maker.name') }, ['stock'])).toBe('orm.query_usage');
      expect(await refused({ stock: F('slug') }, ['stock'])).toBe('orm.query_usage');
      expect(await refused({ id: F('stock'), stock: 1 }, ['stock'])).toBe('orm.misplaced_expression');
      expect(await refused({}, [], { stok: 1 })).toBe('orm.unknown_path');
      expect(await refused({}, [], { stock: 'x' })).toBe('orm.bad_lookup_value');
      expect(await refused({}, [], { id: 3 })).toBe('orm.query_usage');
      expect(await refused({ stock: 1 }, ['stock'], { stock: 3 })).toBe('orm.query_usage');
      expect(await refused({}, [], {})).toBe('orm.query_usage');
      expect(await refused({}, [], { sellers: [] })).toBe('orm.unfit_path');
      expect(await stocks()).toEqual([0]);
    });
  });
});
