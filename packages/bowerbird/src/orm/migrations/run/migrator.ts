import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { findContributions } from '#core';

import { AppRegistry, type AppDescription } from '../../apps/app-registry.js';
import { type Database } from '../../connection/database.js';
import { Databases } from '../../connection/databases.js';
import { Descriptions } from '../../describe/descriptions.js';
import { postMigrate, preMigrate } from '../../signals/signals.js';
import { migrationKey } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { loadMigrations, loadNeededMigrations } from '../files/migration-loader.js';
import { stepText } from '../schema/step.js';
import { entityRenames } from './entity-renames.js';
import { Ledger, type LedgerEntry } from './ledger.js';
import { withMigrationLock } from './lock.js';
import { AfterMigrate, type MigrateHook } from './migrate-hook.js';
import { MigrateRun, prepareRun, type MigrateOptions } from './migrate-run.js';
import { graphTowards, planMigrations, type MigrateTarget, type PlannedMigration } from './migration-plan.js';
import { isElsewhere } from './migration-run.js';
import { lostEntries, migrationStatuses, type MigrationStatus } from './migration-status.js';
import { RunMaker } from './run-maker.js';
import { MigrationSession } from './session.js';
import { requireWhole, squashedHistory } from './squashed-history.js';
import { type StatementGroup } from './statement-group.js';
import { syncSchema } from './sync-schema.js';

/** A planned migration with its steps as text. */
export interface PlannedSteps extends PlannedMigration {
  /** The tables are there already: it would only be written down. */
  readonly recorded: boolean;
  /** All that it changes is in other databases: it would only be written down. */
  readonly elsewhere: boolean;
  readonly operations: readonly StatementGroup[];
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
    const graph = (await this.graph(database)).merged;
    const isDefault = database === this.databases.default;
    const waiting = () => progress.waiting?.();
    const { plan, complete } = await withMigrationLock(database, waiting, async () => {
      await this.announce(database, graph, options);
      const result = await MigrationSession.use(database, (session) =>
        new MigrateRun(session, graph, options).runAll(),
      );
      if (result.complete && isDefault) await this.runHooks();
      return result;
    });
    if (complete && !isDefault) await this.runHooksLater();
    await database.signals.migrated(
      postMigrate,
      plan.map(({ file }) => migrationKey(file)),
    );
    return plan;
  }

  /** Tells receivers what is about to run. */
  private async announce(database: Database, files: MigrationGraph, options: MigrateOptions): Promise<void> {
    const { signals } = database;
    if (!signals.hearsMigrations) return;
    const { plan } = await MigrationSession.use(database, (session) => readPlan(session, files, options));
    await signals.migrated(
      preMigrate,
      plan.map(({ file }) => migrationKey(file)),
    );
  }

  /** What {@link migrate} would run, with the statements for this database. Nothing is changed. */
  async plan(options: MigrateOptions = {}): Promise<readonly PlannedSteps[]> {
    const database = this.databases.get(options.database ?? 'default');
    const files = (await this.graph(database)).merged;
    return MigrationSession.use(database, async (session) => {
      const { graph, entries, plan } = await readPlan(session, files, options);
      const runs = new RunMaker(session, graph, entries);
      const steps: PlannedSteps[] = [];
      for (const planned of plan) {
        const { run, there: recorded } = await prepareRun(session, graph, runs, planned, options);
        const operations = run.operations.map((operation) => ({ ...operation, steps: operation.steps.map(stepText) }));
        steps.push({ ...planned, recorded, elsewhere: isElsewhere(run), operations: recorded ? [] : operations });
      }
      return steps;
    });
  }

  /** The migrations that are not applied yet. */
  async pending(alias = 'default'): Promise<readonly PlannedMigration[]> {
    const database = this.databases.get(alias);
    const graph = (await this.graph(database)).merged;
    return MigrationSession.use(database, async (session) => (await readPlan(session, graph, {})).plan);
  }

  /** Every migration of every app, and those that are applied without having a file. */
  async status(alias = 'default'): Promise<readonly MigrationStatus[]> {
    const database = this.databases.get(alias);
    const graph = await this.graph(database);
    return migrationStatuses(graph, await this.ledgerOf(alias));
  }

  /** What the ledger of a database says, by `app.name`. */
  async ledgerOf(alias = 'default'): Promise<ReadonlyMap<string, LedgerEntry>> {
    return MigrationSession.use(this.databases.get(alias), (session) => new Ledger(session).read());
  }

  /** The migrations that the ledger of any database knows, applied or broken off, each with the aliases. */
  async knownIn(): Promise<ReadonlyMap<string, readonly string[]>> {
    const known = new Map<string, readonly string[]>();
    for (const { alias } of this.databases.all()) {
      for (const key of (await this.ledgerOf(alias)).keys()) known.set(key, [...(known.get(key) ?? []), alias]);
    }
    return known;
  }

  /** Forgets applied migrations whose files are gone, of one app or of all, and returns their keys. */
  async prune(app?: string, alias = 'default'): Promise<readonly string[]> {
    const database = this.databases.get(alias);
    const graph = await this.graph(database);
    return withMigrationLock(
      database,
      () => undefined,
      () =>
        MigrationSession.use(database, async (session) => {
          const ledger = new Ledger(session);
          const lost = lostEntries(graph, await ledger.read()).filter(
            (entry) => app === undefined || entry.app === app,
          );
          for (const entry of lost) await ledger.forget(entry);
          return lost.map(migrationKey);
        }),
    );
  }

  /**
   * The migration files of the apps of a database, and of those on which they depend, wherever these have their tables.
   * @throws MigrationFileError, MigrationHistoryError
   */
  async graph(database: Database = this.databases.default): Promise<MigrationGraph> {
    return loadNeededMigrations(this.apps.all(), this.appsOf(database));
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
    return this.apps.all().filter((app) => database.placement.migratesApp(database.alias, app));
  }

  private async runHooks(): Promise<void> {
    const renames = entityRenames((await loadMigrations(this.apps.all())).merged);
    for (const { instance } of findContributions<MigrateHook, void>(this.discovery, AfterMigrate))
      await instance.afterMigrate(this.descriptions.withProxies(), renames);
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

/** The plan of a migrate that only looks. @throws MigrationHistoryError */
async function readPlan(
  session: MigrationSession,
  files: MigrationGraph,
  target: MigrateTarget,
): Promise<{
  readonly graph: MigrationGraph;
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  readonly plan: readonly PlannedMigration[];
}> {
  const written = await new Ledger(session).read();
  const graph = graphTowards(files, written, target);
  const history = squashedHistory(graph, written);
  requireWhole(history);
  return { graph, entries: history.entries, plan: planMigrations(graph, history.entries, target) };
}
