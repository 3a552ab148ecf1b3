import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  Module,
  type FactoryProvider,
  type INestApplication,
  type LoggerService,
  type LogLevel,
  type Type,
} from '@nestjs/common';
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
import { AttemptRunner, JobQueue, JobsConfig } from '#jobs';
import { mailDrivers, MailOutbox, type ComposedMail, type MailDriver, type MailOptions } from '#mail';
import { Database, Databases, Migrator, type ManagedEntity, type QuerySet } from '#orm';
import { storageDrivers } from '#storage';

import { TestClient } from './client/test-client.js';
import { schemaFingerprint } from './database/schema-fingerprint.js';
import { Stages, type CommitCallback } from './database/stages.js';
import { createTestDatabase, type SchemaMode, type TestDatabase } from './database/test-database.js';
import { FakeClock } from './fake-clock.js';
import { TestJobs } from './jobs/test-jobs.js';
import { QueryBudgetError, QueryCounter, QueryCounterMiddleware } from './query-counter.js';
import { QueryGuard, type QueryGuardOptions } from './query-guard.js';
import { QuickHasher } from './quick-hasher.js';
import { RecordingIo } from './recording-io.js';

/** The settings of a test application; what they leave out suits tests. */
export type TestSettings = Omit<FrameworkSettings, 'secretKey'> & Partial<Pick<FrameworkSettings, 'secretKey'>>;

/** How a test application is made. */
export interface TestAppOptions extends QueryGuardOptions {
  /** Where the data goes: a test database, or nothing for SQLite in a temporary folder. A function is called at the boot, and what it gives is dropped with the application. */
  readonly database?: TestDatabase | (() => Promise<TestDatabase>);
  /** Further modules, as the application's root module would import them. */
  readonly imports?: readonly Type[];
  /** How the tables are made: straight from the entities (default), from the migration files, or not at all. */
  readonly schema?: SchemaMode;
  /** What is logged; nothing by default. */
  readonly logger?: LoggerService | LogLevel[] | false;
  /** Whether the boot checks run; true by default. */
  readonly checks?: boolean;
  /** Where mail goes: into {@link TestApp.outbox} (default), whatever the settings say, or by their driver. */
  readonly mail?: 'outbox' | 'settings';
}

/** Keeps mail for the test; to the application it is as good as a server. */
const OUTBOX: MailDriver = { ...mailDrivers.memory(), delivers: true };

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
    private readonly hasMail = true,
  ) {}

  /** A provider of the application. */
  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.nest.get(token as never, { strict: false });
  }

  /** A new visitor without cookies. */
  client(): TestClient {
    return new TestClient(this.origin, () => this.guard.check());
  }

  /** Runs work in an ambient context, as a request or a command would. @throws RepeatedQueryError */
  run<T>(work: () => T): T {
    const handle: ApplicationHandle = { get: (token) => this.get(token) };
    return runWith(APPLICATION, handle, () => this.guard.block(work));
  }

  /**
   * Begins a transaction on each database in which everything takes part that follows, requests included, until
   * {@link rollback}. The code under test does not notice: its own transactions become savepoints, and their `onCommit()`
   * callbacks run when they end. A second one on top of it is a savepoint.
   */
  begin(): Promise<void> {
    return new Stages(this.get(Databases)).begin();
  }

  /**
   * Undoes everything since the last {@link begin}, and what the test allowed, and empties the {@link outbox}.
   * @throws what a request left to tell
   */
  async rollback(): Promise<void> {
    await new Stages(this.get(Databases)).rollback();
    this.clearOutbox();
    this.guard.end();
  }

  /** Runs work and undoes what it did to the databases. */
  async rolledBack<T>(work: () => Promise<T>): Promise<T> {
    await this.begin();
    try {
      return await work();
    } finally {
      await this.rollback();
    }
  }

  /** The `onCommit()` callbacks of requests and other work, in order, kept instead of run. */
  captureOnCommit(work: () => Promise<unknown>): Promise<readonly CommitCallback[]> {
    return new Stages(this.get(Databases)).capture(work);
  }

  /** Lets requests send one statement as often as they like, while some work runs or until the next rollback. */
  allowRepeatedQueries<T>(work?: () => Promise<T>): Promise<T | undefined> {
    return this.guard.allow(work);
  }

  /** The rows of an entity. */
  objects<E extends object, Q extends QuerySet<E>>(entity: ManagedEntity<E, Q>): Q;
  objects<E extends object>(entity: Class<E>): QuerySet<E>;
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
    await client.renewToken();
    return client;
  }

  /** The mails that were sent, oldest first; those of the driver `memory`, which tests have unless they say otherwise. */
  get outbox(): readonly ComposedMail[] {
    return this.get(MailOutbox).all;
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

  /** The jobs that the application has enqueued; nothing runs them until the test says so. */
  get jobs(): TestJobs {
    return new TestJobs(this.get(JobQueue), this.get(AttemptRunner), this.get(JobsConfig), this.clock, (work) =>
      this.guard.allow(() => this.run(work)),
    );
  }

  /** Runs a management command and returns its exit code and what it printed. */
  async command(
    name: string,
    input: { readonly args?: Record<string, string | string[]>; readonly options?: Record<string, unknown> } = {},
    io: CommandIo = new RecordingIo(),
  ): Promise<number> {
    const { command } = this.get(CommandRegistry).get(name);
    const { args = {}, options = {} } = input;
    // Commands work in batches, which repeat their statements.
    const code = await this.guard.allow(() => this.run(async () => command.run({ args, options }, io)));
    return code ?? 0;
  }

  async close(): Promise<void> {
    const { guard } = this;
    await this.nest.close();
    await this.release();
    guard.end();
  }

  private clearOutbox(): void {
    if (this.hasMail) this.get(MailOutbox).clear();
  }

  private get guard(): QueryGuard {
    return this.get(QueryGuard);
  }
}

/**
 * Boots the application of the given settings on a free port, with a fresh database, an empty folder for the files of the
 * default disk, an {@link TestApp.outbox} in the place of a mail server, a clock that stands still, and passwords that are
 * hashed quickly.
 */
export async function createTestApp(settings: TestSettings, options: TestAppOptions = {}): Promise<TestApp> {
  const { database: given = () => createTestDatabase('sqlite') } = options;
  const database = typeof given === 'function' ? await given() : given;
  const files = await mkdtemp(join(tmpdir(), 'bowerbird-test-files-'));
  const release = async (): Promise<void> => {
    await rm(files, { recursive: true, force: true });
    if (database !== given) await database.drop();
  };
  const clock = settings.clock instanceof FakeClock ? settings.clock : new FakeClock();
  const module = createRootModule(
    {
      secretKey: 'test-'.repeat(12),
      production: false,
      ...settings,
      auth: settings.auth === false ? false : { hashers: [new QuickHasher()], ...settings.auth },
      mail: settings.mail === false ? false : mailOf(settings.mail, options),
      // Tests decide themselves when jobs run.
      jobs: settings.jobs === false ? false : { worker: 'apart', ...settings.jobs },
      database: settings.database ?? database.url,
      storage: {
        ...settings.storage,
        disks: { default: storageDrivers.local({ root: files }), ...settings.storage?.disks },
      },
      clock,
    },
    options,
  );
  const nest = await boot(module, options, database).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  await nest.listen(0, '127.0.0.1');
  const origin = (await nest.getUrl()).replace('[::1]', '127.0.0.1');
  return new TestApp(nest, origin, clock, release, settings.mail !== false);
}

function mailOf(given: MailOptions = {}, { mail = 'outbox' }: TestAppOptions): MailOptions {
  if (mail === 'settings') return given;
  const mailers = Object.entries(given.mailers ?? {}).map(([name, mailer]) => [name, { ...mailer, driver: OUTBOX }]);
  return {
    from: 'app@example.com',
    ...given,
    driver: OUTBOX,
    mailers: Object.fromEntries(mailers) as MailOptions['mailers'],
  };
}

function createRootModule(settings: FrameworkSettings, options: TestAppOptions): Type {
  const { imports = [] } = options;
  const guard: FactoryProvider = {
    provide: QueryGuard,
    inject: [Databases],
    useFactory: (databases: Databases) => new QueryGuard(options, databases),
  };
  @Module({
    imports: [FrameworkModule.forRoot(settings), ...imports],
    providers: [QueryCounter, guard, QueryCounterMiddleware],
  })
  class TestRootModule {}
  return TestRootModule;
}

async function boot(
  module: Type,
  { schema = 'sync', logger = false, checks = true }: TestAppOptions,
  database: TestDatabase,
): Promise<INestApplication> {
  return runWith(BOOT_PLAN, { verb: 'serve', checks, databaseChecks: true, connect: true }, async () => {
    const nest = await NestFactory.create(module, { ...APPLICATION_OPTIONS, logger });
    await runInContext(() => prepareSchema(nest, schema, database));
    return nest.init();
  });
}

async function prepareSchema(nest: INestApplication, schema: SchemaMode, database: TestDatabase): Promise<void> {
  if (schema === 'none') return;
  const migrator = nest.get(Migrator, { strict: false });
  const databases = nest.get(Databases, { strict: false });
  const { kept } = database;
  const fingerprint = kept ? await schemaFingerprint(schema, migrator, databases) : '';
  const known = await kept?.recall(fingerprint);
  await databases.connect();
  // What is there stays; permissions and other rows that belong to the schema are filled in.
  for (const { alias } of databases.all())
    await (schema === 'sync' ? migrator.syncSchema(alias) : migrator.migrate({ database: alias, force: true }));
  if (!known) await kept?.keep(fingerprint);
}
