import { type BadLookupValueError, type Database, type IntegrityError } from 'bowerbird/orm';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, SERVERS, type OrmTestApp } from '../../support/databases.js';
import { Category, Price, Product, Sheet, SHOP, Tag } from './shop.entities.js';

describe('database errors', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    let category: Category;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: SHOP });
      db = app.db;
      // TypeORM's synchronize() makes no checks on MySQL; migrations do.
      if (db.dialect === 'mysql')
        await db.query('ALTER TABLE product ADD CONSTRAINT CK_product_stock CHECK (stock >= 0)');
    });
    afterAll(() => app.close());
    beforeEach(async () => {
      for (const entity of [Price, Sheet, Product, Category])
        await db.dataSource.createQueryBuilder().delete().from(entity).execute();
      category = await db.save(Object.assign(new Category(), { name: 'Tools' }));
    });

    const product = (values: object): Product =>
      Object.assign(new Product(), { name: 'Saw', address: { city: '' }, category, ...values });
    const failure = async (work: Promise<unknown>): Promise<IntegrityError> =>
      work.then(
        () => Promise.reject(new Error('did not fail')),
        (error: unknown) => error as IntegrityError,
      );

    it('name the field of a unique rule', async () => {
      const error = await failure(db.save(Object.assign(new Category(), { name: 'Tools' })));
      expect(error).toMatchObject({ code: 'orm.unique', status: 409, fields: ['name'] });
      expect(error.message).toContain('Category');
    });

    it('name all fields of a composite unique rule, relations by their own name', async () => {
      await db.save(product({ code: 'A' }));
      const error = await failure(db.save(product({ code: 'A' })));
      expect(error).toMatchObject({ code: 'orm.unique', fields: ['category', 'code'] });
    });

    it('name the key when it is taken', async () => {
      const saved = await db.save(product({}));
      const insert = (): Promise<unknown> =>
        db.mapped(() => db.dataSource.manager.insert(Price, { productId: saved.id, currency: 'EUR', amount: '1.00' }));
      await insert();
      const error = await failure(insert());
      expect(error.code).toBe('orm.unique');
      expect([...error.fields].sort()).toEqual(['currency', 'product']);
    });

    it('tell of functions that the database lacks', async () => {
      expect(await failure(db.query('SELECT nothing_like_it(1)'))).toMatchObject({
        code: 'orm.unknown_function',
        status: 500,
      });
    });

    it('name the relation that leads to a missing row', async () => {
      const missing = Object.assign(new Category(), { id: 999_999 });
      const error = await failure(db.save(product({ category: missing })));
      expect(error).toMatchObject({ code: 'orm.foreign_key', reason: 'missing' });
      expect(error.fields).toEqual(['category']);
      expect(error.message).toContain('Product');
    });

    it('name it for updates and for several rows as well, and leave nothing behind', async () => {
      const [saw] = await db.save([product({}), product({ name: 'Axe', code: 'x' })]);
      const products = db.objects(Product);
      const changes = [
        () => products.update({ category: 999_999 }),
        () => db.save(Object.assign(saw, { category: Object.assign(new Category(), { id: 999_999 }) })),
        () => db.atomic(() => products.filter({ name: 'Axe' }).update({ category: 999_999 })),
        () =>
          db.mapped(() =>
            db.dataSource.manager.insert(Price, [
              { productId: saw.id, currency: 'EUR', amount: '1.00' },
              { productId: 999_999, currency: 'EUR', amount: '1.00' },
            ]),
          ),
      ];
      const failures = [];
      for (const change of changes) failures.push(await failure(change()));
      expect(failures.map(({ code, fields }) => [code, fields])).toEqual([
        ...changes.slice(1).map(() => ['orm.foreign_key', ['category']]),
        ['orm.foreign_key', ['product']],
      ]);
      for (const error of failures) expect(error).toMatchObject({ reason: 'missing' });
      expect(await products.filter({ category: category.id }).count()).toBe(2);
      expect(await db.objects(Price).count()).toBe(0);
    });

    it('break a transaction that goes on as if nothing had been, on every database alike', async () => {
      const work = db.atomic(async () => {
        await db.save(Object.assign(new Category(), { name: 'before' }));
        await failure(db.save(product({ category: Object.assign(new Category(), { id: 999_999 }) })));
        await db.save(product({ name: 'after' }));
      });
      await expect(work).rejects.toMatchObject({ code: 'orm.transaction_broken' });
      expect(await db.objects(Category).filter({ name: 'before' }).exists()).toBe(false);
      expect(await db.objects(Product).count()).toBe(0);
    });

    it('leave a transaction whole where they end a savepoint of its own', async () => {
      await db.atomic(async () => {
        await db.save(Object.assign(new Category(), { name: 'before' }));
        const inner = db.atomic(() => db.save(product({ category: Object.assign(new Category(), { id: 999_999 }) })));
        await failure(inner);
        await db.save(product({ name: 'after' }));
      });
      expect(await db.objects(Category).filter({ name: 'before' }).exists()).toBe(true);
      expect(await db.objects(Product).flat('name').all()).toEqual(['after']);
    });

    it('say that a row is still referred to', async () => {
      await db.save(product({}));
      const error = await failure(db.remove(category));
      expect(error).toMatchObject({ code: 'orm.foreign_key', reason: 'referenced', fields: ['category'] });
      await expect(db.objects(Category).delete()).rejects.toMatchObject({ reason: 'referenced', fields: ['category'] });
    });

    it('name the field whose value is too long or too great, before the database sees it', async () => {
      const saw = await db.save(product({}));
      const products = db.objects(Product).filter({ id: saw.id });
      const refused = [
        db.save(product({ code: 'x'.repeat(21) })),
        db.mapped(() => db.dataSource.getRepository(Product).update(saw.id, { code: 'x'.repeat(21) })),
        products.update({ code: 'x'.repeat(21), name: 'fits' }),
        db.save(product({ code: 'c', stock: 3_000_000_000 })),
        db.mapped(() =>
          db.dataSource.manager.insert(Price, { productId: saw.id, currency: 'EUR', amount: '12345678901.00' }),
        ),
        db.save([product({ code: 'a' }), product({ code: 'b', name: 'n'.repeat(121) })]),
      ];
      const found = (await Promise.all(refused.map(failure))).map((error) => {
        const { code, status, entity, path } = error as unknown as BadLookupValueError;
        return [code, status, entity, path];
      });
      const ofProduct = ['code', 'code', 'code', 'stock'].map((path) => ['Product', path]);
      const fields = [...ofProduct, ['Price', 'amount'], ['Product', 'name']];
      expect(found).toEqual(fields.map((field) => ['orm.bad_lookup_value', 400, ...field]));
    });

    it('name the field that has no value', async () => {
      const error = await failure(db.save(product({ name: null })));
      expect(error).toMatchObject({ code: 'orm.not_null', fields: ['name'] });
    });

    it('name the fields of a check rule', async () => {
      const error = await failure(db.save(product({ stock: -1 })));
      expect(error).toMatchObject({ code: 'orm.check', constraint: 'CK_product_stock', fields: ['stock'] });
    });

    it('are typed for query builders inside of atomic as well', async () => {
      const error = await failure(
        db.atomic(() => db.dataSource.createQueryBuilder().insert().into(Category).values({ name: 'Tools' }).execute()),
      );
      expect(error).toMatchObject({ code: 'orm.unique', fields: ['name'] });
    });

    it('leave other errors as they are', async () => {
      const error = await failure(db.atomic(() => Promise.reject(new RangeError('mine'))));
      expect(error).toBeInstanceOf(RangeError);
    });

    it('leave nothing of a save whose second row fails', async () => {
      const rows = [{ name: 'x' }, { name: 'x' }].map((values) => Object.assign(new Tag(), values));
      expect(await failure(db.save(rows))).toMatchObject({ code: 'orm.unique' });
      expect(await db.dataSource.getRepository(Tag).count()).toBe(0);
    });

    if (database.dialect !== 'sqlite')
      it('tell when the connection is killed inside of a transaction, and the next work gets another one', async () => {
        const admin = await new DataSource({
          type: database.dialect as 'postgres',
          url: SERVERS[database.dialect],
          entities: [],
        }).initialize();
        const work = db.atomic(async () => {
          await db.save(Object.assign(new Category(), { name: 'lost' }));
          const [own] = await db.query<{ id: string }[]>(
            database.dialect === 'postgres' ? 'SELECT pg_backend_pid() AS id' : 'SELECT CONNECTION_ID() AS id',
          );
          await admin.query(
            database.dialect === 'postgres' ? `SELECT pg_terminate_backend(${own!.id})` : `KILL ${own!.id}`,
          );
          await new Promise((resolve) => setTimeout(resolve, 50));
          await db.query('SELECT 1');
        });
        expect(await failure(work)).toMatchObject({ code: 'orm.connection', status: 503 });
        await admin.destroy();
        const names = (await db.dataSource.getRepository(Category).find()).map(({ name }) => name);
        expect(names).toEqual(['Tools']);
        await db.atomic(() => db.save(Object.assign(new Category(), { name: 'next' })));
      });
  });
});
