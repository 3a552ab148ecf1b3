import { type Database } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Category, Product, SHOP } from './shop.entities.js';

const ACCOUNTS = 10;
const START = 100_000;
const TRANSFERS = 200;

/** One movement of money, and what goes wrong with it. */
interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
  readonly trouble: 'none' | 'in the middle' | 'at the end' | 'inside' | 'swallowed';
}

const TROUBLES = ['none', 'none', 'none', 'in the middle', 'at the end', 'inside', 'swallowed'] as const;

describe('200 transactions at once', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: SHOP, options: { pool: { max: 12 } } });
      db = app.db;
      // PostgreSQL looks for deadlocks after a second, too seldom for a test that provokes many.
      if (db.dialect === 'postgres') await quickDeadlocks(db);
    });
    afterAll(() => app.close());

    it('with random failures leave exact sums, and nothing of one in another', async () => {
      const accounts = await db.save(
        Array.from({ length: ACCOUNTS }, (_, index) =>
          Object.assign(new Product(), { name: `account ${index}`, stock: START, address: { city: '' } }),
        ),
      );
      const transfers = randomTransfers(42);
      const results = await Promise.allSettled(
        transfers.map((transfer, index) => db.atomic(() => move(transfer, index), { retries: 50 })),
      );

      const kept = transfers.filter(({ trouble }) => trouble === 'none' || trouble === 'inside');
      const wanted = new Map(accounts.map(({ id }) => [id, START]));
      for (const { from, to, amount } of kept) {
        wanted.set(accounts[from]!.id, wanted.get(accounts[from]!.id)! - amount);
        wanted.set(accounts[to]!.id, wanted.get(accounts[to]!.id)! + amount);
      }
      const failures = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
      expect(failures.filter((text) => !/boom|nothing of it can be kept/.test(text))).toEqual([]);
      expect(results.map(({ status }) => status)).toEqual(
        transfers.map((transfer) => (kept.includes(transfer) ? 'fulfilled' : 'rejected')),
      );
      const stored = await db.objects(Product).all();
      expect(stored.reduce((sum, { stock }) => sum + stock, 0)).toBe(ACCOUNTS * START);
      expect(new Map(stored.map(({ id, stock }) => [id, stock]))).toEqual(wanted);
      const journal = (await db.objects(Category).flat('name').all()).map(Number);
      expect(journal.sort((a, b) => a - b)).toEqual(
        [...transfers.keys()].filter((index) => kept.includes(transfers[index]!)),
      );

      /** Takes from one account and gives to another, each time in an inner transaction. */
      async function move({ from, to, amount, trouble }: Transfer, index: number): Promise<void> {
        const change = (account: number, by: number): Promise<unknown> =>
          db.dataSource.getRepository(Product).increment({ id: accounts[account]!.id }, 'stock', by);
        await db.save(Object.assign(new Category(), { name: String(index) }));
        await db.atomic(() => change(from, -amount));
        if (trouble === 'in the middle') throw new Error('boom');
        if (trouble === 'swallowed')
          await db.save(Object.assign(new Category(), { name: String(index) })).catch(() => undefined);
        if (trouble === 'inside') await spoil(() => change(from, -7 * amount));
        await db.atomic(() => change(to, amount));
        if (trouble === 'at the end') throw new Error('boom');
      }

      /** An inner transaction that does something and fails. */
      async function spoil(work: () => Promise<unknown>): Promise<void> {
        const spoiled = db.atomic(async () => {
          await work();
          throw new Error('spoiled');
        });
        await spoiled.catch((error: Error) => {
          if (error.message !== 'spoiled') throw error;
        });
      }
    });
  });
});

/** For connections that are made from now on. */
async function quickDeadlocks(db: Database): Promise<void> {
  const [row] = await db.query<{ name: string }[]>('SELECT current_database() AS name');
  await db.query(`ALTER DATABASE "${row!.name}" SET deadlock_timeout = '30ms'`);
}

/** The same ones in every run. */
function randomTransfers(seed: number): readonly Transfer[] {
  const random = numbers(seed);
  return Array.from({ length: TRANSFERS }, () => {
    const from = random(ACCOUNTS);
    return {
      from,
      to: (from + 1 + random(ACCOUNTS - 1)) % ACCOUNTS,
      amount: 1 + random(50),
      trouble: TROUBLES[random(TROUBLES.length)]!,
    };
  });
}

/** Whole numbers below a limit, by a linear congruential generator. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
