import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';

import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { SettingsProblems, type AnyClass, type Class } from 'bowerbird/core';
import {
  App,
  Database,
  OrmModule,
  resolveOrm,
  type AppOptions,
  type DatabaseOptions,
  type DatabaseSetting,
  type Dialect,
  type QueryDefaults,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe } from 'vitest';

import { createTestDatabase, type TestDatabase } from '../../packages/bowerbird/src/testing/database/test-database.js';
import { DIALECTS, SERVERS } from './servers.js';

export { DIALECTS, SERVERS };

/** An empty database of the suite's own; its URL is known when hooks and tests run. */
export interface SuiteDatabase {
  readonly dialect: Dialect;
  readonly url: string;
}

/** Repeats a suite on every database of the run, each time with a fresh one that is dropped afterwards. */
export function eachDatabase(body: (database: SuiteDatabase) => void): void {
  describe.each(DIALECTS)('on %s', (dialect) => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createDatabase(dialect);
    });
    afterAll(async () => {
      await database?.drop();
    });
    body({
      dialect,
      get url() {
        return database.url;
      },
    });
  });
}

/** What a test application with data needs. */
export interface OrmTestOptions {
  readonly database: DatabaseSetting;
  readonly entities: readonly Class[];
  readonly app?: Partial<AppOptions>;
  readonly options?: Omit<DatabaseOptions, 'url'>;
  readonly providers?: readonly Provider[];
  readonly imports?: readonly (AnyClass | DynamicModule)[];
  /** Further apps. */
  readonly apps?: readonly AnyClass[];
  /** `settings.orm`. */
  readonly orm?: QueryDefaults;
  /** Whether it runs as in production; with false, relations loaded row by row are reported. */
  readonly production?: boolean;
  /** Create the tables from the entities; true. */
  readonly synchronize?: boolean;
}

/** A booted Nest application that has nothing but data. */
export interface OrmTestApp {
  readonly db: Database;
  get<T>(token: AnyClass<T>): T;
  close(): Promise<void>;
}

/** Boots an application whose one app owns the entities, and creates their tables. */
export async function openOrm(options: OrmTestOptions): Promise<OrmTestApp> {
  const { database, entities, app, apps = [], providers = [], imports = [], synchronize = true } = options;

  @App({ name: 'shop', entities, ...app })
  @Module({ providers: [...providers] })
  class ShopModule {}

  const problems = new SettingsProblems();
  const setting = typeof database === 'string' ? { url: database, ...options.options } : database;
  const config = resolveOrm({ apps: [ShopModule, ...apps], database: setting, orm: options.orm }, problems, {
    root: pathToFileURL(`${tmpdir()}/`),
    production: options.production,
  });
  if (problems.all.length > 0) throw new Error(JSON.stringify(problems.all));
  const module = await Test.createTestingModule({
    imports: [OrmModule.forRoot(config), ShopModule, ...([...apps, ...imports] as DynamicModule[])],
  }).compile();
  module.enableShutdownHooks();
  await module.init();
  const db = module.get(Database);
  if (synchronize) await db.dataSource.synchronize();
  return { db, get: (token) => module.get(token as never), close: () => module.close() };
}

/** A fresh database of this run, which removes what a suite leaves behind. */
export function createDatabase(dialect: Dialect): Promise<TestDatabase> {
  const run = process.env.BOWERBIRD_TEST_RUN;
  return createTestDatabase(dialect, SERVERS[dialect], run ? { prefix: `bowerbird_${run}` } : {});
}
