import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { findContributions } from '#core';

import { AppRegistry, type AppDescription } from '../../apps/app-registry.js';
import { type Database } from '../../connection/database.js';
import { Databases } from '../../connection/databases.js';
import { Descriptions } from '../../describe/descriptions.js';
import { checksum, migrationKey } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { loadMigrations } from '../files/migration-loader.js';
import { stepText, type Step } from '../schema/step.js';
import { MigrationExecutor } from './executor.js';
import { Ledger, type LedgerEntry } from './ledger.js';
import { withMigrationLock } from './lock.js';
import { AfterMigrate, type MigrateHook } from './migrate-hook.js';
import { planMigrations, type MigrateTarget, type PlannedMigration } from './migration-plan.js';
import { RunMaker } from './run-maker.js';
import { MigrationSession } from './session.js';
import { syncSchema } from './sync-schema.js';

/** What happens during a migrate, for whoever shows it. */
export interface MigrateProgress {
  /** Another process migrates; this one waits for it. */
  waiting?(): void;
  started?(migration: PlannedMigration): void;
  operation?(title: string): void;
  /** `duration` in milliseconds. */
  finished?(migration: PlannedMigration, duration: number): void;
  /** A file says something else than when it was applied. */
  changed?(key: string): void;
}

/** How {@link Migrator.migrate} runs. */
export interface MigrateOptions extends MigrateTarget {
  /** Alias of the database; `default`. */
  readonly database?: string;
  /** Write migrations down as applied or taken back without running them. */
  readonly fake?: boolean;
  readonly progress?: MigrateProgress;
}

/** A planned migration with its steps as text. */
export interface PlannedSteps extends PlannedMigration {
  readonly operations: readonly { readonly title: string; readonly steps: readonly string[] }[];
}

/** A migration and whether it is applied. */
export interface MigrationStatus {
  readonly app: string;
  readonly name: string;
  readonly status: 'applied' | 'pending' | 'broken-off' | 'file-missing';
  /** The file says something else than when it was applied. */
  readonly changed: boolean;
  readonly appliedAt: Date | null;
}

/** Applies migrations, takes them back, and tells which are pending. */
@Injectable()
export class Migrator {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
    @Inject(Descriptions) private readonly descriptions: Descriptions,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
  ) {}

  /** Brings the database to the target and returns what was run. A second process waits for the first. */
  async migrate(options: MigrateOptions = {}): Promise<readonly PlannedMigration[]> {
    const { progress = {} } = options;
    const database = this.databases.get(options.database ?? 'default');
    const graph = await this.graph(database);
    const isDefault = database === this.databases.default;
    const waiting = () => progress.waiting?.();
    const { plan, complete } = await withMigrationLock(database, waiting, async () => {
      const result = await MigrationSession.use(database, (session) => this.runAll(session, graph, options));
      if (result.complete && isDefault) await this.runHooks();
      return result;
    });
    if (complete && !isDefault) await this.runHooksLater();
    return plan;
  }

  /** What {@link migrate} would run, with the statements for this database. Nothing is changed. */
  async plan(options: MigrateOptions = {}): Promise<readonly PlannedSteps[]> {
    const database = this.databases.get(options.database ?? 'default');
    const graph = await this.graph(database);
    return MigrationSession.use(database, async (session) => {
      const entries = await new Ledger(session).read();
      const runs = new RunMaker(session, graph, entries);
      return planMigrations(graph, entries, options).map((planned) => ({
        ...planned,
        operations: runs.next(planned).operations.map(({ title, steps }) => ({ title, steps: steps.map(textOf) })),
      }));
    });
  }

  /** The migrations that are not applied yet. */
  async pending(alias = 'default'): Promise<readonly PlannedMigration[]> {
    const database = this.databases.get(alias);
    const graph = await this.graph(database);
    return MigrationSession.use(database, async (session) =>
      planMigrations(graph, await new Ledger(session).read(), {}),
    );
  }

  /** Every migration of every app, and those that are applied without having a file. */
  async status(alias = 'default'): Promise<readonly MigrationStatus[]> {
    const database = this.databases.get(alias);
    const graph = await this.graph(database);
    const entries = await MigrationSession.use(database, (session) => new Ledger(session).read());
    const known = graph.ordered.map((file): MigrationStatus => {
      const entry = entries.get(migrationKey(file));
      const changed = entry?.status === 'applied' && entry.checksum !== checksum(file);
      return { app: file.app, name: file.name, status: statusOf(entry), changed, appliedAt: dateOf(entry?.appliedAt) };
    });
    const lost = [...entries.values()].filter((entry) => !graph.has(migrationKey(entry)));
    return [
      ...known,
      ...lost.map(({ app, name, appliedAt }): MigrationStatus => {
        return { app, name, status: 'file-missing', changed: false, appliedAt: dateOf(appliedAt) };
      }),
    ];
  }

  /** The migration files of the apps of a database. @throws MigrationFileError, MigrationHistoryError */
  async graph(database: Database = this.databases.default): Promise<MigrationGraph> {
    return loadMigrations(this.appsOf(database));
  }

  /** Creates the tables that are not there yet straight from the entities: for tests and apps without migration files. */
  async syncSchema(alias = 'default'): Promise<readonly string[]> {
    const database = this.databases.get(alias);
    const created = await syncSchema(database, this.descriptions.all());
    await (database === this.databases.default ? this.runHooks() : this.runHooksLater());
    return created;
  }

  /** The apps whose tables are in a database. */
  appsOf(database: Database): readonly AppDescription[] {
    return this.apps.all().filter((app) => app.database === database.alias);
  }

  private async runAll(
    session: MigrationSession,
    graph: MigrationGraph,
    options: MigrateOptions,
  ): Promise<{ readonly plan: readonly PlannedMigration[]; readonly complete: boolean }> {
    const { progress = {}, fake = false } = options;
    const ledger = new Ledger(session);
    await ledger.prepare();
    const entries = await ledger.read();
    reportChanged(graph, entries, progress);
    const plan = planMigrations(graph, entries, options);
    const runs = new RunMaker(session, graph, entries);
    const executor = new MigrationExecutor(session, ledger, (title) => progress.operation?.(title));
    for (const planned of plan) {
      progress.started?.(planned);
      const start = performance.now();
      if (fake) await pretend(ledger, planned);
      else await executor.run(runs.next(planned), (await ledger.read()).get(migrationKey(planned.file)));
      progress.finished?.(planned, performance.now() - start);
    }
    return { plan, complete: planMigrations(graph, await ledger.read(), {}).length === 0 };
  }

  private async runHooks(): Promise<void> {
    for (const { instance } of findContributions<MigrateHook, void>(this.discovery, AfterMigrate))
      await instance.afterMigrate(this.descriptions.all());
  }

  /** Hooks keep their rows in the default database: when another one is migrated first, they wait for its tables. */
  private async runHooksLater(): Promise<void> {
    const database = this.databases.default;
    await withMigrationLock(
      database,
      () => undefined,
      async () => {
        if ((await this.pending(database.alias)).length === 0) await this.runHooks();
      },
    );
  }
}

async function pretend(ledger: Ledger, { file, direction }: PlannedMigration): Promise<void> {
  if (direction === 'forward') await ledger.applied(file, checksum(file), 0);
  else await ledger.forget(file);
}

function reportChanged(
  graph: MigrationGraph,
  entries: ReadonlyMap<string, LedgerEntry>,
  progress: MigrateProgress,
): void {
  for (const file of graph.ordered) {
    const entry = entries.get(migrationKey(file));
    if (entry?.status === 'applied' && entry.checksum !== checksum(file)) progress.changed?.(migrationKey(file));
  }
}

function statusOf(entry: LedgerEntry | undefined): MigrationStatus['status'] {
  if (!entry) return 'pending';
  return entry.status === 'applied' ? 'applied' : 'broken-off';
}

function dateOf(value: unknown): Date | null {
  if (value instanceof Date) return value;
  return typeof value === 'string' ? new Date(`${value.replace(' ', 'T')}Z`) : null;
}

function textOf(step: Step): string {
  return stepText(step);
}
