import { type Database } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Ledger, Sample, Status } from './shop.entities.js';

describe('portable columns', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Sample, Ledger] });
      db = app.db;
    });
    afterAll(() => app.close());

    const roundTrip = async (values: Partial<Sample>): Promise<Sample> => {
      const saved = await db.save(Object.assign(new Sample(), values));
      return db.dataSource.getRepository(Sample).findOneByOrFail({ id: saved.id });
    };

    it('keep milliseconds in every spelling of a datetime', async () => {
      const moment = new Date('2024-02-29T23:59:59.987Z');
      const row = await roundTrip({ moment, moment2: moment, moment3: moment, moment4: moment });
      expect([row.moment, row.moment2, row.moment3, row.moment4]).toEqual([moment, moment, moment, moment]);
    });

    it('set the moment of creation with milliseconds, in UTC', async () => {
      const rows = await Promise.all(Array.from({ length: 5 }, () => roundTrip({})));
      for (const { createdAt } of rows) expect(Math.abs(createdAt.getTime() - Date.now())).toBeLessThan(60_000);
      expect(rows.some(({ createdAt }) => createdAt.getMilliseconds() !== 0)).toBe(true);
    });

    it('set the moment of an update with milliseconds', async () => {
      const row = await roundTrip({ body: 'a' });
      row.body = 'b';
      await db.save(row);
      const again = await db.dataSource.getRepository(Sample).findOneByOrFail({ id: row.id });
      expect(again.updatedAt).toEqual(row.updatedAt);
      expect(again.updatedAt.getTime()).toBeGreaterThanOrEqual(again.createdAt.getTime());
    });

    it('keep days and times of day as text', async () => {
      const row = await roundTrip({ day: '2024-03-31', clock: '23:59:58' });
      expect([row.day, row.clock]).toEqual(['2024-03-31', '23:59:58']);
    });

    it.each(['0.10', '12.50', '-0.01', '9999999999.99', '0.00'])(
      'return the decimal %s digit by digit',
      async (price) => {
        expect((await roundTrip({ price })).price).toBe(price);
      },
    );

    it('fill decimals up to their scale and round them half up', async () => {
      const row = await roundTrip({ price: '7.005', rate: '1.5' });
      expect([row.price, row.rate]).toEqual(['7.01', '1.500000']);
    });

    it.each(['9007199254740993', '-9223372036854775808', '9223372036854775807', '0'])(
      'return the bigint %s digit by digit',
      async (big) => {
        expect((await roundTrip({ big })).big).toBe(big);
      },
    );

    it('keep JSON of every shape, in every spelling', async () => {
      const values = [{ a: [1, 'x', null, { b: true }] }, [1, 2], 'text', '12', 7, true, { "it's": 'ü"\\' }];
      for (const value of values) {
        const row = await roundTrip({ data: value, data2: value, data3: value });
        expect([row.data, row.data2, row.data3]).toEqual([value, value, value]);
      }
    });

    it('keep lists whose items have commas', async () => {
      expect((await roundTrip({ list: ['x', 'y,z', ''] })).list).toEqual(['x', 'y,z', '']);
    });

    it('keep keys, enums, numbers, booleans, texts and bytes', async () => {
      const values = {
        token: '0b0e7f5c-6f0e-4b5e-9d8c-1f2e3d4c5b6a',
        status: Status.Live,
        level: 2,
        ratio: 0.1,
        ratio2: 1e100,
        active: false,
        body: 'ü'.repeat(100_000),
        bytes: Buffer.from([0, 1, 255]),
        small: -7,
      };
      expect(await roundTrip(values)).toMatchObject(values);
    });

    it('return null where nothing was given', async () => {
      expect(await roundTrip({})).toMatchObject({ moment: null, price: null, big: null, data: null, active: true });
    });

    it('generate bigint keys that are text before and after loading', async () => {
      const parent = await db.save(Object.assign(new Ledger(), { text: 'a' }));
      const child = await db.save(Object.assign(new Ledger(), { text: 'b', parent }));
      const [loaded] = await db.dataSource.getRepository(Ledger).find({
        where: { id: child.id },
        relations: { parent: true },
      });
      expect([typeof parent.id, loaded!.id, loaded!.parent!.id]).toEqual(['string', child.id, parent.id]);
    });

    it('make a schema in which TypeORM finds nothing to change', async () => {
      const { upQueries } = await db.dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    });

    if (database.dialect === 'sqlite')
      it('refuse a decimal with more digits than SQLite keeps', async () => {
        await expect(roundTrip({ large: '99999999999999.99' })).rejects.toMatchObject({
          code: 'orm.decimal_precision',
        });
      });
  });
});
