import { createHash } from 'node:crypto';

import { DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';

import { type Database } from '../../connection/database.js';
import { type Dialect } from '../../describe/entity-description.js';

/** A number that no other program is likely to use for an advisory lock. */
const POSTGRES_KEY = '7308332136517230';
/** Seconds that one attempt on MySQL waits. */
const ATTEMPT = 1;
/** Milliseconds between two attempts on SQLite. */
const PAUSE = 100;

/**
 * Lets one process at a time migrate a database. The lock lives on a connection of its own and is held by the server
 * (on SQLite by the operating system, on a small file beside the database), so that a killed process never leaves it behind.
 */
export async function withMigrationLock<R>(database: Database, onWait: () => void, work: () => Promise<R>): Promise<R> {
  const options = lockOptions(database);
  if (!options) return work();
  const source = new DataSource(options);
  await source.initialize();
  try {
    const runner = source.createQueryRunner();
    const giveBack = await LOCKS[database.dialect](runner, onWait);
    try {
      return await work();
    } finally {
      // Closing the connection gives the lock back in any case, also where it broke; but servers take their time for that.
      await giveBack().catch(() => undefined);
      await runner.release();
    }
  } finally {
    await source.destroy();
  }
}

/** The connection of the database with nothing of the application on it; null where no other process can come in. */
function lockOptions({ dataSource, dialect }: Database): DataSourceOptions | null {
  const own = { entities: [], migrations: [], subscribers: [], logging: false, cache: false };
  const still = { synchronize: false, dropSchema: false, migrationsRun: false };
  if (dialect !== 'sqlite') return { ...dataSource.options, ...own, ...still, poolSize: 1 } as DataSourceOptions;
  const { database } = dataSource.options as { readonly database: string };
  if (database === ':memory:' || database === '') return null;
  const bare = { enableWAL: false, timeout: 1, prepareDatabase: undefined };
  return { ...dataSource.options, ...own, ...still, ...bare, database: `${database}-migrate` } as DataSourceOptions;
}

/** Takes the lock and tells how it is given back. */
type Acquire = (runner: QueryRunner, onWait: () => void) => Promise<() => Promise<unknown>>;

const LOCKS: Readonly<Record<Dialect, Acquire>> = {
  postgres: async (runner, onWait) => {
    await runner.query('SET statement_timeout = 0');
    const [row] = (await runner.query(`SELECT pg_try_advisory_lock(${POSTGRES_KEY}) AS got`)) as { got: boolean }[];
    if (!row!.got) {
      onWait();
      await runner.query(`SELECT pg_advisory_lock(${POSTGRES_KEY})`);
    }
    return () => runner.query(`SELECT pg_advisory_unlock(${POSTGRES_KEY})`);
  },
  mysql: async (runner, onWait) => {
    const [name] = (await runner.query('SELECT DATABASE() AS name')) as { name: string }[];
    const key = `bowerbird_migrate_${createHash('sha256').update(name!.name).digest('hex').slice(0, 32)}`;
    const attempt = async (seconds: number) => {
      const [row] = (await runner.query('SELECT GET_LOCK(?, ?) AS got', [key, seconds])) as { got: number | string }[];
      return Number(row!.got) === 1;
    };
    if (!(await attempt(0))) {
      onWait();
      while (!(await attempt(ATTEMPT)));
    }
    return () => runner.query('SELECT RELEASE_LOCK(?)', [key]);
  },
  sqlite: async (runner, onWait) => {
    let told = false;
    for (;;) {
      try {
        await runner.query('BEGIN EXCLUSIVE');
        return () => runner.query('ROLLBACK');
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (!told) onWait();
        told = true;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  },
};

function isBusy(error: unknown): boolean {
  return String((error as { driverError?: { code?: unknown } }).driverError?.code).startsWith('SQLITE_BUSY');
}
