import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NestFactory } from '@nestjs/core';
import { SettingsProblems } from 'bowerbird/core';
import { Database, OrmModule, resolveOrm, type Dialect } from 'bowerbird/orm';

import { RAW_DRIVERS, type RawDriver } from './contender.js';
import { Author, Book, ShelfModule } from './shelf.entities.js';

/** A database with 100 authors and 1,000 books, and the ways to reach it. */
export interface BenchShelf {
  readonly dialect: Dialect;
  readonly db: Database;
  readonly raw: RawDriver;
  close(): Promise<void>;
}

/** A shelf that was made here and goes when it is closed. */
export interface FilledShelf extends BenchShelf {
  readonly url: string;
}

const AUTHORS = 100;
const BOOKS = 1_000;

/** Makes a database and fills it. A server that is not there answers undefined. */
export async function fillShelf(dialect: Dialect): Promise<FilledShelf | undefined> {
  const place = await placeFor(dialect);
  if (!place) return undefined;
  const shelf = await openShelf(dialect, place.url);
  await shelf.db.dataSource.synchronize();
  await fill(shelf.db);
  const close = async (): Promise<void> => {
    await shelf.close();
    await place.remove();
  };
  return { ...shelf, close, url: place.url };
}

/** Reaches a database that was filled. */
export async function openShelf(dialect: Dialect, url: string): Promise<BenchShelf> {
  const config = resolveOrm({ apps: [ShelfModule], database: { url } }, new SettingsProblems(), {
    root: new URL('file:///tmp/'),
  });
  const app = await NestFactory.createApplicationContext(
    { module: ShelfModule, imports: [OrmModule.forRoot(config)] },
    { logger: false },
  );
  const raw = await RAW_DRIVERS[dialect](url);
  const close = async (): Promise<void> => {
    await raw.close();
    await app.close();
  };
  return { dialect, db: app.get(Database), raw, close };
}

interface Place {
  readonly url: string;
  remove(): Promise<void> | void;
}

const SERVERS: Readonly<Record<'postgres' | 'mysql', string | undefined>> = {
  postgres: process.env.BOWERBIRD_TEST_POSTGRES_URL,
  mysql: process.env.BOWERBIRD_TEST_MYSQL_URL,
};

async function placeFor(dialect: Dialect): Promise<Place | undefined> {
  if (dialect === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'bowerbird-bench-'));
    return { url: `sqlite:${join(folder, 'orm.sqlite3')}`, remove: () => rmSync(folder, { recursive: true }) };
  }
  const server = SERVERS[dialect];
  if (!server) return undefined;
  const name = `bowerbird_bench_orm_${process.pid}`;
  await onServer(dialect, server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => onServer(dialect, server, `DROP DATABASE ${name}`) };
}

async function onServer(dialect: Dialect, server: string, statement: string): Promise<void> {
  const raw = await RAW_DRIVERS[dialect](server);
  await raw.rows(statement);
  await raw.close();
}

async function fill(db: Database): Promise<void> {
  const authors = Array.from({ length: AUTHORS }, (_, index) => ({
    id: index + 1,
    name: `Author ${index}`,
    email: `author-${index}@example.com`,
    born: 1900 + index,
  }));
  const books = Array.from({ length: BOOKS }, (_, index) => ({
    id: index + 1,
    title: `The title of book number ${index}`,
    slug: `the-title-of-book-number-${index}`,
    isbn: `978-3-16-${String(index).padStart(6, '0')}`,
    pages: 100 + index,
    price: `${index % 90}.50`,
    rating: index % 10 === 0 ? null : (index % 50) / 10,
    inPrint: index % 3 > 0,
    published: `20${String(10 + (index % 15))}-0${1 + (index % 9)}-11`,
    createdAt: new Date(Date.UTC(2020, index % 12, 1 + (index % 28), 12, 30, 15, 250)),
    author: { id: 1 + (index % AUTHORS) },
  }));
  const insert = async (entity: typeof Author | typeof Book, rows: readonly object[]): Promise<void> => {
    for (let start = 0; start < rows.length; start += 250)
      await db.dataSource
        .createQueryBuilder()
        .insert()
        .into(entity)
        .values(rows.slice(start, start + 250))
        .updateEntity(false)
        .execute();
  };
  await insert(Author, authors);
  await insert(Book, books);
}
