import { Logger, type LoggerService } from '@nestjs/common';
import { type Database } from 'bowerbird/orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { openProxy, type BreakingProxy } from '../../support/breaking-proxy.js';
import { createDatabase, DIALECTS, eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Category, SHOP } from './shop.entities.js';

const ID = { postgres: 'SELECT pg_backend_pid() AS id', mysql: 'SELECT CONNECTION_ID() AS id' } as const;
const KILL = {
  postgres: (id: number) => `SELECT pg_terminate_backend(${id})`,
  mysql: (id: number) => `KILL ${id}`,
} as const;

type Networked = 'postgres' | 'mysql';

describe.each(DIALECTS.filter((dialect): dialect is Networked => dialect !== 'sqlite'))(
  'a lost connection on %s',
  (dialect) => {
    let proxy: BreakingProxy;
    let app: OrmTestApp;
    let other: OrmTestApp;
    let db: Database;
    beforeAll(async () => {
      const database = await createDatabase(dialect);
      proxy = await openProxy(database.url);
      app = await openOrm({ database: proxy.url, entities: SHOP, options: { pool: { max: 3 }, waitTimeout: '400ms' } });
      other = await openOrm({ database: database.url, entities: [], synchronize: false });
      db = app.db;
      return () => database.drop();
    });
    afterAll(async () => {
      await app.close();
      await other.close();
      await proxy.close();
    });
    afterEach(() => proxy.up());

    const add = (name: string): Promise<Category> => db.save(Object.assign(new Category(), { name }));
    const kill = async (id: number): Promise<void> => void (await other.db.query(KILL[dialect](id)));
    /** Runs work as if all connections had been idle for a second. */
    const afterSecond = async <R>(work: () => Promise<R>): Promise<R> => {
      const now = performance.now.bind(performance);
      const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 1_000);
      return work().finally(() => later.mockRestore());
    };
    const fill = (): Promise<unknown> => Promise.all([1, 2, 3].map(() => db.atomic(() => db.query('SELECT 1'))));

    it('that was idle is noticed: the next request works', async () => {
      const [{ id }] = (await db.query(ID[dialect])) as [{ id: number }];
      await kill(id);
      await afterSecond(() => add('after an idle one'));
      expect(await db.objects(Category).count()).toBeGreaterThan(0);
    });

    it('is asked before a single write, so that nobody has to wonder whether that was done', async () => {
      await fill();
      proxy.breakNext(2);
      const { id } = await afterSecond(() => add('after two dead ones'));
      expect(await db.objects(Category).filter({ name: 'after two dead ones' }).flat('id').all()).toEqual([id]);
      proxy.breakNext(1);
      await expect(add('under way')).rejects.toMatchObject({ code: 'orm.connection' });
      expect(await db.objects(Category).filter({ name: 'under way' }).count()).toBe(0);
    });

    it('in a transaction fails it, keeps nothing, and the next one works', async () => {
      const work = db.atomic(async () => {
        await add('lost');
        const [{ id }] = (await db.query(ID[dialect])) as [{ id: number }];
        await kill(id);
        await add('never');
      });
      await expect(work).rejects.toMatchObject({ code: 'orm.connection' });
      await db.atomic(() => add('after the loss'));
      expect(
        await db
          .objects(Category)
          .filter({ name__in: ['lost', 'never'] })
          .count(),
      ).toBe(0);
    });

    it('that breaks under a read is replaced', async () => {
      await fill();
      proxy.breakNext(2);
      expect(await db.objects(Category).count()).toBeGreaterThan(0);
    });

    it('that breaks when a transaction begins is replaced', async () => {
      await fill();
      proxy.breakNext(3);
      await db.atomic(() => add('begun anew'));
      expect(await db.objects(Category).filter({ name: 'begun anew' }).count()).toBe(1);
    });

    it('that breaks under a write fails it: nobody knows whether it was done', async () => {
      await fill();
      await Promise.all([1, 2, 3].map(() => db.query('SELECT 1')));
      proxy.breakNext(1);
      await expect(db.query(`INSERT INTO category (name) VALUES ('once')`)).rejects.toMatchObject({
        code: 'orm.connection',
      });
      await db.query(`INSERT INTO category (name) VALUES ('once')`);
    });

    it('of a server that is away gives an error, and works when it is back', async () => {
      proxy.down();
      await expect(db.objects(Category).count()).rejects.toMatchObject({ code: 'orm.connection', status: 503 });
      await expect(db.atomic(() => add('x'))).rejects.toMatchObject({ code: 'orm.connection' });
      proxy.up();
      expect(await db.objects(Category).count()).toBeGreaterThan(0);
    });

    it('is not waited for without end: a pool in which all are used says so', async () => {
      const runners = [1, 2, 3].map(() => db.dataSource.createQueryRunner());
      for (const runner of runners) await runner.connect();
      await expect(db.objects(Category).count()).rejects.toMatchObject({ code: 'orm.pool_wait', status: 503 });
      for (const runner of runners) await runner.release();
      expect(await db.objects(Category).count()).toBeGreaterThan(0);
    });
  },
);

describe('the log of slow queries', () => {
  eachDatabase((database) => {
    const lines: string[] = [];
    const logger: LoggerService = { log: () => undefined, error: () => undefined, warn: (line) => lines.push(line) };
    let app: OrmTestApp;
    afterEach(async () => {
      await app.close();
      Logger.overrideLogger(false);
      lines.length = 0;
    });

    const SLOW = {
      sqlite: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n WHERE 'hunter2' <> ?`,
      postgres: `SELECT pg_sleep(0.05) WHERE 'hunter2' <> $1`,
      mysql: `SELECT SLEEP(0.05) FROM DUAL WHERE 'hunter2' <> ?`,
    };

    it('names the statement without its values, and the place in the code that wanted it', async () => {
      app = await openOrm({ database: database.url, entities: SHOP, options: { slowQuery: '5ms' } });
      Logger.overrideLogger(logger);
      lines.length = 0;
      await app.db.query(SLOW[database.dialect], ['correct horse']);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(
        /^Slow query on "default" \(\d+ ms\) at .*databases-lost\.spec\.ts:\d+:\d+: (WITH|SELECT)/,
      );
      expect(lines[0]).not.toMatch(/hunter2|correct horse/);
      expect(lines[0]).toContain('<> ?');
    });

    it('is silent about others, and unless it is asked for', async () => {
      app = await openOrm({ database: database.url, entities: SHOP, options: { slowQuery: '1h' } });
      Logger.overrideLogger(logger);
      await app.db.query('SELECT 1');
      await app.close();
      app = await openOrm({ database: database.url, entities: SHOP, synchronize: false });
      Logger.overrideLogger(logger);
      await app.db.query(SLOW[database.dialect], ['']);
      expect(lines).toEqual([]);
    });
  });
});
