import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DataSource } from 'typeorm';

import { type Dialect } from '#orm';

/** How the tables of a test application are made. */
export type SchemaMode = 'sync' | 'migrate' | 'none';

/** A schema that outlives the application that made it. */
export interface KeptSchema {
  /** Makes the database ready, without rows, when it was made from the same schema before; else empty. Tells which. */
  recall(fingerprint: string): Promise<boolean>;
  /** Remembers what the database has been made from. */
  keep(fingerprint: string): Promise<void>;
}

/** A database of a test's own. */
export interface TestDatabase {
  readonly dialect: Dialect;
  /** What `settings.database` takes. */
  readonly url: string;
  /** Of a database that is used again by later applications. */
  readonly kept?: KeptSchema;
  /** Removes the database with all that is in it, or lets others use it if it is kept. */
  drop(): Promise<void>;
}

/** How a test database is made. */
export interface TestDatabaseOptions {
  /** How the names of databases on a server begin, so that strays can be told; `bowerbird_test`. */
  readonly prefix?: string;
}

/**
 * Makes an empty database. For SQLite it is a file in a temporary folder; for the others `serverUrl` names a server and
 * an account that may create databases.
 */
export async function createTestDatabase(
  dialect: Dialect,
  serverUrl?: string,
  { prefix = 'bowerbird_test' }: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  if (dialect === 'sqlite') return createSqlite();
  if (!serverUrl) throw new TypeError(`A test database on ${dialect} needs the URL of a server`);
  if (!/^\w{1,40}$/.test(prefix)) throw new TypeError(`"${prefix}" cannot begin the name of a database`);
  return createOnServer(dialect, serverUrl, `${prefix}_${process.pid}_${randomBytes(6).toString('hex')}`);
}

async function createSqlite(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-'));
  return {
    dialect: 'sqlite',
    url: `sqlite:${join(folder, 'test.sqlite3')}`,
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function createOnServer(dialect: 'postgres' | 'mysql', serverUrl: string, name: string): Promise<TestDatabase> {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await administer(dialect, serverUrl, CREATE[dialect](name));
  return { dialect, url: url.toString(), drop: () => administer(dialect, serverUrl, DROP[dialect](name)) };
}

/** Names are made above from letters, digits and underscores, so quoting is a matter of form. */
export const CREATE = {
  postgres: (name: string) => `create database "${name}"`,
  mysql: (name: string) => `create database \`${name}\` character set utf8mb4 collate utf8mb4_bin`,
} as const;
/** Removes what {@link CREATE} made. */
export const DROP = {
  postgres: (name: string) => `drop database if exists "${name}" with (force)`,
  mysql: (name: string) => `drop database if exists \`${name}\``,
} as const;

async function administer(dialect: 'postgres' | 'mysql', url: string, sql: string): Promise<void> {
  const server = await new DataSource({ type: dialect, url, entities: [] }).initialize();
  try {
    await server.query(sql);
  } finally {
    await server.destroy();
  }
}
