import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Module, type INestApplication, type LoggerService, type LogLevel, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { AbstractUser, Users } from '#auth';
import {
  APPLICATION,
  BOOT_PLAN,
  CommandRegistry,
  runInContext,
  runWith,
  type ApplicationHandle,
  type Class,
  type CommandIo,
  type QueryRecord,
} from '#core';
import { APPLICATION_OPTIONS, FrameworkModule, type FrameworkSettings } from '#framework';
import { Database, Databases, Migrator, type QuerySet } from '#orm';
import { storageDrivers } from '#storage';

import { TestClient } from './client/test-client.js';
import { createTestDatabase, type TestDatabase } from './database/test-database.js';
import { FakeClock } from './fake-clock.js';
import { QueryBudgetError, QueryCounter, QueryCounterMiddleware } from './query-counter.js';
import { RecordingIo } from './recording-io.js';

/** How a test application is made. */
export interface TestAppOptions {
  /** Where the data goes: a test database, or nothing for SQLite in a temporary folder. */
  readonly database?: TestDatabase;
  /** Further modules, as the application's root module would import them. */
  readonly imports?: readonly Type[];
  /** How the tables are made: straight from the entities (default), from the migration files, or not at all. */
  readonly schema?: 'sync' | 'migrate' | 'none';
  /** What is logged; nothing by default. */
  readonly logger?: LoggerService | LogLevel[] | false;
  /** Whether the boot checks run; true by default. */
  readonly checks?: boolean;
}

/** A superuser's password in tests; long enough for every rule. */
export const TEST_PASSWORD = 'correct-horse-battery-staple';

/** A running application on a port and a database of its own. */
export class TestApp {
  constructor(
    readonly nest: INestApplication,
    readonly origin: string,
    readonly clock: FakeClock,
    /** Removes what was made for this application alone. */
    private readonly release: () => Promise<void>,
  ) {}

  /** A provider of the application. */
  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.nest.get(token as never, { strict: false });
  }

  /** A new visitor without cookies. */
  client(): TestClient {
    return new TestClient(this.origin);
  }

  /** Runs work in an ambient context, as a request or a command would. */
  run<T>(work: () => T): T {
    const handle: ApplicationHandle = { get: (token) => this.get(token) };
    return runWith(APPLICATION, handle, work);
  }

  /** The rows of an entity. */
  objects<E extends object>(entity: Class<E>): QuerySet<E> {
    return this.get(Database).objects(entity);
  }

  /** Stores a new row of an entity: `await app.create(Book, { title: 'Emma' })`. @throws IntegrityError */
  create<E extends object>(entity: Class<E>, values: Partial<E>): Promise<E> {
    return this.run(() => this.get(Database).save(Object.assign(new entity(), values)));
  }

  /** Makes an account whose password is {@link TEST_PASSWORD}. */
  async createUser(values: Partial<AbstractUser> & { readonly email: string }): Promise<AbstractUser> {
    return this.run(() => this.get(Users).createUser({ ...values, password: TEST_PASSWORD }));
  }

  /** A visitor who has logged in through the login page; as a new superuser unless an account is given. */
  async login(user?: { readonly email: string; readonly password?: string }): Promise<TestClient> {
    const account =
      user ??
      (await this.createUser({
        email: `admin-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}@example.com`,
        isStaff: true,
        isSuperuser: true,
      }));
    const client = this.client();
    // An account holds the hash of its password, which nobody can type.
    const password = user instanceof AbstractUser ? TEST_PASSWORD : (user?.password ?? TEST_PASSWORD);
    const response = await client.submit('/accounts/login/', { email: account.email, password });
    if (response.status !== 303) throw new Error(`Logging in as ${account.email} answered ${response.status}`);
    return client;
  }

  /** Every statement that is sent while the work runs. */
  queries(work: () => Promise<unknown>): Promise<readonly QueryRecord[]> {
    return this.get(QueryCounter).record(work);
  }

  /** Runs work and fails when it sends more statements than allowed. @throws QueryBudgetError */
  async expectQueries(budget: number, work: () => Promise<unknown>): Promise<void> {
    const log = await this.queries(work);
    if (log.length > budget) throw new QueryBudgetError(budget, log);
  }

  /** Runs a management command and returns its exit code and what it printed. */
  async command(
    name: string,
    input: { readonly args?: Record<string, string | string[]>; readonly options?: Record<string, unknown> } = {},
    io: CommandIo = new RecordingIo(),
  ): Promise<number> {
    const { command } = this.get(CommandRegistry).get(name);
    const code = await this.run(() => command.run({ args: input.args ?? {}, options: input.options ?? {} }, io));
    return code ?? 0;
  }

  async close(): Promise<void> {
    await this.nest.close();
    await this.release();
  }
}

/**
 * Boots the application of the given settings on a free port, with a fresh database, an empty folder for the files of the
 * default disk, and a clock that stands still.
 */
export async function createTestApp(
  settings: Omit<FrameworkSettings, 'secretKey'> & Partial<Pick<FrameworkSettings, 'secretKey'>>,
  options: TestAppOptions = {},
): Promise<TestApp> {
  const database = options.database ?? (await createTestDatabase('sqlite'));
  const files = await mkdtemp(join(tmpdir(), 'bowerbird-test-files-'));
  const release = async (): Promise<void> => {
    await rm(files, { recursive: true, force: true });
    if (!options.database) await database.drop();
  };
  const clock = settings.clock instanceof FakeClock ? settings.clock : new FakeClock();
  const module = createRootModule(
    {
      secretKey: 'test-'.repeat(12),
      production: false,
      ...settings,
      database: settings.database ?? database.url,
      storage: {
        ...settings.storage,
        disks: { default: storageDrivers.local({ root: files }), ...settings.storage?.disks },
      },
      clock,
    },
    options,
  );
  const nest = await boot(module, options).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  await nest.listen(0, '127.0.0.1');
  const origin = (await nest.getUrl()).replace('[::1]', '127.0.0.1');
  return new TestApp(nest, origin, clock, release);
}

function createRootModule(settings: FrameworkSettings, { imports = [] }: TestAppOptions): Type {
  @Module({
    imports: [FrameworkModule.forRoot(settings), ...imports],
    providers: [QueryCounter, QueryCounterMiddleware],
  })
  class TestRootModule {}
  return TestRootModule;
}

async function boot(
  module: Type,
  { schema = 'sync', logger = false, checks = true }: TestAppOptions,
): Promise<INestApplication> {
  return runWith(BOOT_PLAN, { verb: 'serve', checks, databaseChecks: true, connect: true }, async () => {
    const nest = await NestFactory.create(module, { ...APPLICATION_OPTIONS, logger });
    await runInContext(() => prepareSchema(nest, schema));
    return nest.init();
  });
}

async function prepareSchema(nest: INestApplication, schema: 'sync' | 'migrate' | 'none'): Promise<void> {
  if (schema === 'none') return;
  await nest.get(Databases, { strict: false }).connect();
  const migrator = nest.get(Migrator, { strict: false });
  await (schema === 'sync' ? migrator.syncSchema() : migrator.migrate());
}
