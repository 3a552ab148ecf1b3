import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DataSource } from 'typeorm';

import { type Dialect } from '#orm';

import { emptyTables } from './empty-tables.js';
import {
  CREATE,
  createTestDatabase,
  DROP,
  type KeptSchema,
  type TestDatabase,
  type TestDatabaseOptions,
} from './test-database.js';

/** Where a kept database on a server writes down what it was made from. */
const TABLE = 'bowerbird_test_schema';
/** Databases that are looked at before somebody is told that all are in use. */
const MOST = 64;

/**
 * A database for one process of a test run, made once and used again by later suites and runs: its tables are made anew
 * only when entities or migrations have changed, and rows that a suite left behind are deleted. On a server the first one
 * is taken that no other process uses, so that any number of workers and runs may go on at once; for SQLite each suite
 * gets a copy of a file that was made once.
 */
export async function workerDatabase(
  dialect: Dialect,
  serverUrl?: string,
  { prefix = 'bowerbird_test' }: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  if (dialect === 'sqlite') return copiedFile(prefix);
  if (!serverUrl) throw new TypeError(`A test database on ${dialect} needs the URL of a server`);
  if (!/^\w{1,40}$/.test(prefix)) throw new TypeError(`"${prefix}" cannot begin the name of a database`);
  const server = await new DataSource({ type: dialect, url: serverUrl, entities: [], poolSize: 1 }).initialize();
  try {
    return await takeFree(dialect, serverUrl, server, prefix);
  } catch (error) {
    await server.destroy();
    throw error;
  }
}

/** A name is taken as long as the connection lives that holds its lock. */
const TAKE = {
  postgres: (name: string) => `SELECT pg_try_advisory_lock(hashtext('${name}')) AS taken`,
  mysql: (name: string) => `SELECT GET_LOCK('${name}', 0) AS taken`,
} as const;

const EXISTS = {
  postgres: (name: string) => `SELECT 1 FROM pg_database WHERE datname = '${name}'`,
  mysql: (name: string) => `SELECT 1 FROM information_schema.schemata WHERE schema_name = '${name}'`,
} as const;

type Networked = 'postgres' | 'mysql';

async function takeFree(
  dialect: Networked,
  serverUrl: string,
  server: DataSource,
  prefix: string,
): Promise<TestDatabase> {
  const runner = server.createQueryRunner();
  for (let number = 1; number <= MOST; number += 1) {
    const name = `${prefix}_kept_${number}`;
    const [{ taken }] = (await runner.query(TAKE[dialect](name))) as [{ taken: unknown }];
    if (taken !== true && Number(taken) !== 1) continue;
    if (((await runner.query(EXISTS[dialect](name))) as unknown[]).length === 0)
      await runner.query(CREATE[dialect](name));
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    const again = async (): Promise<void> => {
      await runner.query(DROP[dialect](name));
      await runner.query(CREATE[dialect](name));
    };
    return { dialect, url: url.href, kept: keptOnServer(dialect, url.href, again), drop: () => server.destroy() };
  }
  throw new Error(`All of the databases ${prefix}_kept_1 to ${prefix}_kept_${MOST} are in use`);
}

function keptOnServer(dialect: Networked, url: string, makeAgain: () => Promise<void>): KeptSchema {
  const inside = async <R>(work: (database: DataSource) => Promise<R>): Promise<R> => {
    const database = await new DataSource({ type: dialect, url, entities: [], poolSize: 1 }).initialize();
    try {
      return await work(database);
    } finally {
      await database.destroy();
    }
  };
  return {
    recall: async (fingerprint) => {
      const known = await inside(async (database) => {
        const [row] = await database
          .query<{ fingerprint: string }[]>(`SELECT fingerprint FROM ${TABLE}`)
          .catch(() => []);
        if (row?.fingerprint !== fingerprint) return false;
        await emptyTables(database, dialect, [TABLE, 'bowerbird_migration']);
        return true;
      });
      if (!known) await makeAgain();
      return known;
    },
    keep: (fingerprint) =>
      inside(async (database) => {
        await database.query(`CREATE TABLE ${TABLE} (fingerprint varchar(64))`);
        await database.query(`INSERT INTO ${TABLE} VALUES ('${fingerprint}')`);
      }),
  };
}

/** SQLite: a file of its own for each suite, copied from one that was made from the same schema before. */
async function copiedFile(prefix: string): Promise<TestDatabase> {
  const folder = join(tmpdir(), `${prefix}_kept`);
  const database = await createTestDatabase('sqlite');
  const file = database.url.replace('sqlite:', '');
  const original = (fingerprint: string): string => join(folder, `${fingerprint}.sqlite3`);
  const kept: KeptSchema = {
    recall: async (fingerprint) => {
      const known = await stat(original(fingerprint)).catch(() => undefined);
      if (known) await copyFile(original(fingerprint), file);
      return known !== undefined;
    },
    keep: async (fingerprint) => {
      await mkdir(folder, { recursive: true });
      const draft = `${file}.copy`;
      const source = await new DataSource({ type: 'better-sqlite3', database: file, entities: [] }).initialize();
      await source.query('VACUUM INTO ?', [draft]);
      await source.destroy();
      // Another process may do the same; whoever is last wins, with an equal file.
      await rename(draft, original(fingerprint)).catch(() => rm(draft, { force: true }));
    },
  };
  return { ...database, kept };
}
