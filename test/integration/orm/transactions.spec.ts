import { Logger } from '@nestjs/common';
import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import { SerializationError, type Database } from 'bowerbird/orm';
import { type InsertEvent, type Repository } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Category, Product, SHOP, Tag } from './shop.entities.js';

const boom = new Error('boom');

describe('transactions', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    let categories: Repository<Category>;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: SHOP, options: { waitTimeout: '2s', pool: { max: 8 } } });
      db = app.db;
      categories = db.dataSource.getRepository(Category);
    });
    beforeEach(() => db.dataSource.createQueryBuilder().delete().from(Category).execute());
    afterAll(() => app.close());

    const add = (name: string): Promise<Category> => db.save(Object.assign(new Category(), { name }));
    const names = async (): Promise<string[]> => (await categories.find()).map(({ name }) => name).sort();

    it('commit what every way of writing did inside', async () => {
      await db.atomic(async () => {
        await add('database');
        await categories.save({ name: 'repository' });
        await db.dataSource.manager.insert(Category, { name: 'manager' });
        await db.dataSource.createQueryBuilder().insert().into(Category).values({ name: 'builder' }).execute();
        await db.query(`INSERT INTO category (name) VALUES ('raw')`);
        expect(await categories.count()).toBe(5);
      });
      expect(await names()).toEqual(['builder', 'database', 'manager', 'raw', 'repository']);
    });

    it('roll all of it back on an error, which is thrown on', async () => {
      const work = db.atomic(async () => {
        await add('database');
        await categories.save({ name: 'repository' });
        await db.dataSource.createQueryBuilder().insert().into(Category).values({ name: 'builder' }).execute();
        throw boom;
      });
      await expect(work).rejects.toBe(boom);
      expect(await names()).toEqual([]);
    });

    it('return what the work returns', async () => {
      expect(await db.atomic(async () => 7)).toBe(7);
    });

    it('keep the outer work when an inner one fails', async () => {
      await db.atomic(async () => {
        await add('outer');
        await db
          .atomic(async () => {
            await add('inner');
            throw boom;
          })
          .catch(() => undefined);
        await add('after');
      });
      expect(await names()).toEqual(['after', 'outer']);
    });

    it('go on after a broken rule in an inner one', async () => {
      await db.atomic(async () => {
        await add('a');
        await expect(db.atomic(() => add('a'))).rejects.toMatchObject({ code: 'orm.unique' });
        await add('b');
      });
      expect(await names()).toEqual(['a', 'b']);
    });

    it('join without a savepoint when asked', async () => {
      const work = db.atomic(async () => {
        await db.atomic(() => add('joined'), { savepoint: false });
        throw boom;
      });
      await expect(work).rejects.toBe(boom);
      expect(await names()).toEqual([]);
    });

    it('hold parallel work of one transaction together', async () => {
      await db.atomic(async () => {
        await Promise.all(Array.from({ length: 20 }, (_, index) => add(`n${index}`)));
        expect(await categories.count()).toBe(20);
      });
      expect(await categories.count()).toBe(20);
    });

    it('keep parallel inner transactions apart', async () => {
      await db.atomic(async () => {
        const results = await Promise.allSettled(
          Array.from({ length: 9 }, (_, index) =>
            db.atomic(async () => {
              await add(`a${index}`);
              await add(`b${index}`);
              if (index % 3 === 0) throw boom;
            }),
          ),
        );
        expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3);
      });
      expect(await names()).toEqual([1, 2, 4, 5, 7, 8].flatMap((index) => [`a${index}`, `b${index}`]).sort());
    });

    it('make dataSource.transaction() inside a savepoint in which everything joins', async () => {
      await db.atomic(async () => {
        await db.dataSource
          .transaction(async (manager) => {
            await manager.save(Category, { name: 'manager' });
            await categories.save({ name: 'repository' });
            throw boom;
          })
          .catch(() => undefined);
        await Promise.all([
          db.dataSource.transaction((manager) => manager.save(Category, { name: 'x' })),
          db.dataSource.transaction((manager) => manager.save(Category, { name: 'y' })),
        ]);
      });
      expect(await names()).toEqual(['x', 'y']);
    });

    it('let a query runner made inside make a savepoint of its own', async () => {
      await db.atomic(async () => {
        const runner = db.dataSource.createQueryRunner();
        await runner.startTransaction();
        await runner.manager.save(Category, { name: 'gone' });
        await runner.rollbackTransaction();
        await runner.startTransaction();
        await runner.manager.save(Category, { name: 'kept' });
        await runner.commitTransaction();
        await runner.release();
      });
      expect(await names()).toEqual(['kept']);
    });

    it('let subscribers write inside of the savepoint of a runner', async () => {
      const { dataSource } = db;
      const subscriber = {
        afterInsert: async ({ entity, metadata }: InsertEvent<Tag>) => {
          if (metadata.target === Tag) await categories.save({ name: `of ${entity.name}` });
        },
      };
      dataSource.subscribers.push(subscriber);
      await db.atomic(async () => {
        const runner = dataSource.createQueryRunner();
        await runner.startTransaction();
        await runner.manager.save(Tag, { name: 'gone' });
        await runner.rollbackTransaction();
        await runner.release();
        await db.dataSource.manager.save(Tag, { name: 'kept' });
      });
      dataSource.subscribers.splice(dataSource.subscribers.indexOf(subscriber), 1);
      expect(await names()).toEqual(['of kept']);
    });

    it('make dataSource.transaction() outside a transaction in which everything joins', async () => {
      await db.dataSource
        .transaction(async (manager) => {
          await manager.save(Category, { name: 'manager' });
          await add('ambient');
          throw boom;
        })
        .catch(() => undefined);
      expect(await names()).toEqual([]);
    });

    it('do not see each other before they commit', async () => {
      let seen: Promise<number> | undefined;
      await db.atomic(async () => {
        await add('hidden');
        seen = outside(() => categories.count());
        // On SQLite the outside reader waits for the end instead.
        if (db.dialect !== 'sqlite') expect(await seen).toBe(0);
      });
      expect(await seen).toBe(db.dialect === 'sqlite' ? 1 : 0);
    });

    it('survive 50 parallel saves', async () => {
      await Promise.all(Array.from({ length: 50 }, (_, index) => add(`n${index}`)));
      expect(await categories.count()).toBe(50);
    });

    it('keep three parallel nested transactions and an outside write apart; failing ones leave nothing', async () => {
      const nested = (name: string, fails: boolean): Promise<void> =>
        db.atomic(async () => {
          await add(`${name}-outer`);
          await db.atomic(async () => {
            await add(`${name}-inner`);
            await db.atomic(() => add(`${name}-innermost`));
          });
          if (fails) throw boom;
        });
      const results = await Promise.allSettled([
        nested('a', false),
        nested('b', true),
        nested('c', false),
        categories.save({ name: 'outside' }),
        categories.save([{ name: 'pair' }, { name: 'pair' }]),
      ]);
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
        'rejected',
      ]);
      expect(await names()).toEqual([
        'a-inner',
        'a-innermost',
        'a-outer',
        'c-inner',
        'c-innermost',
        'c-outer',
        'outside',
      ]);
    });

    it('let forgotten promises run outside of the transaction that has ended', async () => {
      let late: Promise<Category> | undefined;
      let start = (): void => undefined;
      const started = new Promise<void>((resolve) => (start = resolve));
      await db.atomic(async () => {
        late = started.then(() => add('late'));
        await add('in time');
      });
      start();
      await late;
      expect(await names()).toEqual(['in time', 'late']);
    });

    describe('onCommit', () => {
      it('runs callbacks in order after the outermost commit, when others see the rows', async () => {
        const order: string[] = [];
        await db.atomic(async () => {
          await db.onCommit(async () => void order.push(`first ${await outside(() => categories.count())}`));
          await db.atomic(async () => {
            await db.onCommit(() => void order.push('second'));
            await add('inner');
          });
          order.push('work');
        });
        expect(order).toEqual(['work', 'first 1', 'second']);
      });

      it('forgets callbacks of a savepoint that is rolled back', async () => {
        const order: string[] = [];
        await db.atomic(async () => {
          await db.onCommit(() => void order.push('kept'));
          await db
            .atomic(async () => {
              await db.onCommit(() => void order.push('dropped'));
              throw boom;
            })
            .catch(() => undefined);
        });
        expect(order).toEqual(['kept']);
      });

      it('forgets all callbacks when the transaction is rolled back', async () => {
        const order: string[] = [];
        const work = db.atomic(async () => {
          await db.onCommit(() => void order.push('dropped'));
          throw boom;
        });
        await expect(work).rejects.toBe(boom);
        expect(order).toEqual([]);
      });

      it('runs a callback at once outside of a transaction', async () => {
        const order: string[] = [];
        await db.onCommit(() => void order.push('now'));
        expect(order).toEqual(['now']);
      });

      const fail = (): never => {
        throw boom;
      };

      it('reports one that fails and leaves out those behind it; the data is saved', async () => {
        const order: string[] = [];
        const work = db.atomic(async () => {
          await add('saved');
          await db.onCommit(() => void order.push('before'));
          await db.onCommit(fail);
          await db.onCommit(() => void order.push('behind'));
          await db.atomic(() => db.onCommit(fail));
        });
        await expect(work).rejects.toMatchObject({ code: 'orm.on_commit', cause: boom, skipped: 2 });
        expect([order, await names()]).toEqual([['before'], ['saved']]);
        await expect(db.onCommit(fail)).rejects.toMatchObject({ code: 'orm.on_commit', cause: boom, skipped: 0 });
      });

      it('logs what a robust one throws, and runs the others', async () => {
        const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
        const order: string[] = [];
        await db.atomic(async () => {
          await db.onCommit(fail, { robust: true });
          await db.atomic(() => db.onCommit(() => Promise.reject(boom), { robust: true }));
          await db.onCommit(() => void order.push('behind'));
        });
        await db.onCommit(fail, { robust: true });
        expect(order).toEqual(['behind']);
        expect(logged.mock.calls.map(([message]) => String(message))).toEqual([
          `A robust onCommit() callback (fail) failed: ${boom.message}`,
          `A robust onCommit() callback (a function) failed: ${boom.message}`,
          `A robust onCommit() callback (fail) failed: ${boom.message}`,
        ]);
        logged.mockRestore();
      });

      it('runs a robust one also behind one that fails, and not when its savepoint is rolled back', async () => {
        const order: string[] = [];
        const work = db.atomic(async () => {
          await db.onCommit(fail);
          await db.onCommit(() => void order.push('robust'), { robust: true });
          const inner = db.atomic(async () => {
            await db.onCommit(() => void order.push('dropped'), { robust: true });
            throw boom;
          });
          await inner.catch(() => undefined);
        });
        await expect(work).rejects.toMatchObject({ code: 'orm.on_commit', skipped: 0 });
        expect(order).toEqual(['robust']);
      });

      it('does not run the transaction again for one that fails', async () => {
        let tries = 0;
        const work = db.atomic(
          async () => {
            tries += 1;
            await db.onCommit(() => Promise.reject(new SerializationError('two met')));
          },
          { retries: 3 },
        );
        await expect(work).rejects.toMatchObject({ code: 'orm.on_commit' });
        expect(tries).toBe(1);
      });

      it('may write in a transaction of its own', async () => {
        await db.atomic(async () => {
          await db.onCommit(() => db.atomic(() => add('callback')));
          await add('work');
        });
        expect(await names()).toEqual(['callback', 'work']);
      });
    });

    describe('retries', () => {
      const failing = (times: number): { readonly tries: () => number; readonly work: () => Promise<string> } => {
        let tries = 0;
        const work = async (): Promise<string> => {
          tries += 1;
          await add(`try ${tries}`);
          await db.onCommit(() => add('told'));
          if (tries <= times) throw new SerializationError('two met');
          return `after ${tries}`;
        };
        return { tries: () => tries, work };
      };

      it('run the work again, and forget what failed tries did and wanted to do after the commit', async () => {
        const { work } = failing(2);
        expect(await db.atomic(work, { retries: 3 })).toBe('after 3');
        expect(await names()).toEqual(['told', 'try 3']);
      });

      it('end with the last error', async () => {
        const { work, tries } = failing(9);
        await expect(db.atomic(work, { retries: 2 })).rejects.toMatchObject({ code: 'orm.serialization' });
        expect([tries(), await names()]).toEqual([3, []]);
      });

      it('are for errors that may pass only', async () => {
        let tries = 0;
        const work = db.atomic(
          async () => {
            tries += 1;
            throw boom;
          },
          { retries: 3 },
        );
        await expect(work).rejects.toBe(boom);
        expect(tries).toBe(1);
      });

      it('are left to the outermost transaction', async () => {
        const { work, tries } = failing(1);
        await db.atomic(() => db.atomic(work, { retries: 5 }), { retries: 1 });
        expect([tries(), await names()]).toEqual([2, ['told', 'try 2']]);
      });

      it.skipIf(database.dialect === 'sqlite')('resolve a deadlock', async () => {
        const { id: a } = await add('a');
        const { id: b } = await add('b');
        const meeting = barrier(2);
        const cross = (ids: readonly number[], by: string): Promise<unknown> =>
          db.atomic(
            async () => {
              for (const id of ids) {
                await db
                  .objects(Category)
                  .filter({ id })
                  .update({ name: `${id} by ${by}` });
                await meeting();
              }
            },
            { retries: 5 },
          );
        await Promise.all([cross([a, b], 'one'), cross([b, a], 'other')]);
        const writers = (await names()).map((name) => name.split(' by ')[1]);
        expect(new Set(writers).size).toBe(1);
      });
    });

    it.skipIf(database.dialect === 'sqlite')('keep nothing when a deadlock inside was swallowed', async () => {
      const { id: a } = await add('a');
      const { id: b } = await add('b');
      const meeting = barrier(2);
      const cross = (first: number, second: number, by: string): Promise<unknown> =>
        db.atomic(async () => {
          await db
            .objects(Category)
            .filter({ id: first })
            .update({ name: `${first} by ${by}` });
          await meeting();
          const inner = db.atomic(() =>
            db
              .objects(Category)
              .filter({ id: second })
              .update({ name: `${second} by ${by}` }),
          );
          await inner.catch(() => undefined);
          await add(`after ${by}`);
        });
      const results = await Promise.allSettled([cross(a, b, 'one'), cross(b, a, 'other')]);
      const winner = results[0].status === 'fulfilled' ? 'one' : 'other';
      expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'orm.transaction_broken' },
      });
      expect(await names()).toEqual([`${a} by ${winner}`, `${b} by ${winner}`, `after ${winner}`]);
    });

    describe('a durable one', () => {
      it('is refused inside of another', async () => {
        const work = db.atomic(() => db.atomic(() => add('inner'), { durable: true }));
        await expect(work).rejects.toMatchObject({ code: 'orm.transaction_durable' });
        await db.atomic(() => add('outermost'), { durable: true });
        expect(await names()).toEqual(['outermost']);
      });
    });

    describe('after a statement that failed and was swallowed', () => {
      const swallow = async (): Promise<void> => {
        await add('a');
        await expect(add('a')).rejects.toMatchObject({ code: 'orm.unique' });
      };

      it('send nothing more and keep nothing', async () => {
        const work = db.atomic(async () => {
          await swallow();
          await expect(categories.count()).rejects.toMatchObject({ code: 'orm.transaction_broken' });
          await expect(add('b')).rejects.toMatchObject({
            code: 'orm.transaction_broken',
            cause: { message: expect.stringMatching(/unique|duplicate/i) },
          });
        });
        await expect(work).rejects.toMatchObject({ code: 'orm.transaction_broken' });
        expect(await names()).toEqual([]);
      });

      it('say so at the end when nothing more was sent', async () => {
        await expect(db.atomic(swallow)).rejects.toMatchObject({ code: 'orm.transaction_broken' });
        expect(await names()).toEqual([]);
      });

      it('go on outside of the inner transaction that broke', async () => {
        await db.atomic(async () => {
          await add('outer');
          await expect(db.atomic(swallow)).rejects.toMatchObject({ code: 'orm.transaction_broken' });
          await add('after');
        });
        expect(await names()).toEqual(['after', 'outer']);
      });
    });

    it('set the moment of an update by query builder with milliseconds', async () => {
      const saved = await db.save(Object.assign(new Product(), { name: 'Saw', address: { city: '' } }));
      const moments = new Set<number>();
      for (let stock = 1; stock <= 5; stock += 1) {
        await db.dataSource.getRepository(Product).update(saved.id, { stock });
        const { updatedAt } = await db.dataSource.getRepository(Product).findOneByOrFail({ id: saved.id });
        moments.add(updatedAt.getMilliseconds());
      }
      expect([...moments].some((milliseconds) => milliseconds !== 0)).toBe(true);
    });

    it('take an isolation level', async () => {
      await db.atomic(() => add('serial'), { isolation: 'SERIALIZABLE' });
      expect(await names()).toEqual(['serial']);
    });

    if (database.dialect === 'sqlite') {
      it('end a wait that can never succeed with an error', async () => {
        const runner = db.dataSource.createQueryRunner();
        await runner.startTransaction();
        await expect(add('never')).rejects.toMatchObject({ code: 'orm.transaction_wait' });
        await runner.release();
        await add('later');
        expect(await names()).toEqual(['later']);
      });

      it('wait for another process that writes without stopping this one', async () => {
        const other = await openOrm({ database: database.url, entities: SHOP, synchronize: false });
        let begun = (): void => undefined;
        const theirs = new Promise<void>((resolve) => (begun = resolve));
        // If waiting stopped this process, the other one, which is the same here, would never end.
        await Promise.all([
          other.db.atomic(async () => {
            await other.db.save(Object.assign(new Category(), { name: 'theirs' }));
            begun();
            for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setTimeout(resolve, 10));
          }),
          theirs.then(() => db.atomic(() => add('ours'))),
        ]);
        expect(await names()).toEqual(['ours', 'theirs']);
        await other.close();
      });
    }

    it('log their statements where somebody wants to see them', async () => {
      const log: QueryRecord[] = [];
      await runWith(QUERY_LOG, log, async () => {
        await db.query('SELECT 1');
        await db.atomic(() => add('logged'));
      });
      expect(log.map(({ sql }) => sql.split(' ')[0])).toEqual(['SELECT', expect.any(String), 'INSERT', 'COMMIT']);
      expect(log.every(({ duration }) => duration >= 0)).toBe(true);
    });

    /** Runs work as another request would: outside of the ambient transaction. */
    function outside<R>(work: () => Promise<R>): Promise<R> {
      return elsewhere(work);
    }
  });
});

/** A flow that was started before any transaction, to which work can be sent. */
const elsewhere = (() => {
  const jobs: (() => void)[] = [];
  const timer = setInterval(() => jobs.splice(0).forEach((job) => job()), 5);
  timer.unref();
  return <R>(work: () => Promise<R>): Promise<R> =>
    new Promise((resolve, reject) => jobs.push(() => void work().then(resolve, reject)));
})();

/** Resolves once for all who wait when so many have come; whoever comes later does not wait. */
function barrier(count: number): () => Promise<void> {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let here = 0;
  return () => {
    here += 1;
    if (here === count) open();
    return opened;
  };
}
