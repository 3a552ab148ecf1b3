import { durationMs, type Duration } from '#core';

import { withRetries } from '../../transactions/retries.js';
import { checksum, migrationKey } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { MigrationLockedError } from '../migrations.errors.js';
import { type BatchNote } from '../schema/step.js';
import { MigrationExecutor } from './executor.js';
import { isThereAlready } from './existing-tables.js';
import { Ledger, type LedgerEntry } from './ledger.js';
import { isLockFailure, LOCK_RETRIES, LOCK_TIMEOUT, OPEN_TRANSACTIONS } from './lock-wait.js';
import { graphTowards, planMigrations, type MigrateTarget, type PlannedMigration } from './migration-plan.js';
import { isElsewhere, type MigrationRun } from './migration-run.js';
import { hasChanged } from './migration-status.js';
import { RunMaker } from './run-maker.js';
import { type MigrationSession } from './session.js';
import { forgetReplaced, recordReplaced, requireWhole, settleSquashed, squashedHistory } from './squashed-history.js';

/** What happens during a migrate, for whoever shows it. */
export interface MigrateProgress {
  /** Another process migrates; this one waits for it. */
  waiting?(): void;
  started?(migration: PlannedMigration): void;
  operation?(title: string): void;
  /** A batch of an operation that works in batches is committed. Rows are counted only where somebody listens. */
  batch?(title: string, note: BatchNote): void;
  /** All that the migration changes is in other databases: it was only written down. */
  elsewhere?(migration: PlannedMigration): void;
  /** The tables are there already: the migration was only written down. */
  recorded?(migration: PlannedMigration): void;
  /** A table is in use: others are let pass, then the migration goes on. */
  locked?(migration: PlannedMigration | undefined): void;
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
  /** Write first migrations of apps down without running them where their tables are there and match. */
  readonly fakeInitial?: boolean;
  /** Drop tables that have rows and columns that have values, also where the file does not say why. */
  readonly force?: boolean;
  /** How long a statement waits for a lock on a table before the migration lets others pass and tries again; `10s`, `0s` for ever. */
  readonly lockTimeout?: Duration;
  /** How often it tries again then; 20. */
  readonly lockRetries?: number;
  readonly progress?: MigrateProgress;
}

/** What a migrate came to. */
export interface MigrateResult {
  readonly plan: readonly PlannedMigration[];
  /** Nothing is left to do. */
  readonly complete: boolean;
}

/** A migration that is about to run, and whether only the ledger is to be written. */
export interface PreparedRun {
  readonly planned: PlannedMigration;
  readonly run: MigrationRun;
  readonly there: boolean;
}

/** One migrate of one database, under the lock. */
export class MigrateRun {
  private readonly ledger: Ledger;

  constructor(
    private readonly session: MigrationSession,
    private readonly files: MigrationGraph,
    private readonly options: MigrateOptions,
  ) {
    this.ledger = new Ledger(session);
  }

  /** Runs all that is planned. @throws MigrationFailedError, MigrationHistoryError */
  async runAll(): Promise<MigrateResult> {
    await this.session.limitLockWaits(durationMs(this.options.lockTimeout ?? LOCK_TIMEOUT));
    await this.patiently(() => this.ledger.prepare());
    const graph = graphTowards(this.files, await this.ledger.read(), this.options);
    requireWhole(squashedHistory(graph, await this.ledger.read()));
    const entries = await settleSquashed(graph, this.ledger);
    this.reportChanged(graph, entries);
    const plan = planMigrations(graph, entries, this.options);
    await this.runPlan(graph, entries, plan);
    const left = squashedHistory(this.files, await this.ledger.read());
    return { plan, complete: left.partly.length === 0 && planMigrations(this.files, left.entries, {}).length === 0 };
  }

  private async runPlan(
    graph: MigrationGraph,
    entries: ReadonlyMap<string, LedgerEntry>,
    plan: readonly PlannedMigration[],
  ): Promise<void> {
    const { progress = {}, fake = false } = this.options;
    const runs = new RunMaker(this.session, graph, entries, this.options.force);
    for (const planned of plan) {
      progress.started?.(planned);
      const start = performance.now();
      if (planned.direction === 'backward') await forgetReplaced(this.ledger, planned.file);
      if (fake) await this.patiently(() => this.pretend(planned), planned);
      else await this.runOne(await prepareRun(this.session, graph, runs, planned, this.options));
      if (planned.direction === 'forward') {
        await recordReplaced(graph, this.ledger, planned.file, await this.ledger.read());
      }
      progress.finished?.(planned, performance.now() - start);
    }
  }

  private async runOne({ planned, run, there }: PreparedRun): Promise<void> {
    const { progress = {} } = this.options;
    if (there) {
      await this.patiently(() => this.pretend(planned), planned);
      progress.recorded?.(planned);
      return;
    }
    if (isElsewhere(run)) progress.elsewhere?.(planned);
    const executor = new MigrationExecutor(this.session, this.ledger, progress);
    await this.patiently(
      async () => executor.run(run, (await this.ledger.read()).get(migrationKey(planned.file))),
      planned,
    );
  }

  /** Does work again while it does not get a lock. @throws MigrationLockedError */
  private async patiently(work: () => Promise<void>, planned?: PlannedMigration): Promise<void> {
    const { progress = {}, lockRetries: retries = LOCK_RETRIES } = this.options;
    const isPassing = (error: unknown): boolean => {
      const passes = isLockFailure(error);
      if (passes) progress.locked?.(planned);
      return passes;
    };
    try {
      await withRetries({ retries, isPassing }, work);
    } catch (cause) {
      throw isLockFailure(cause) ? this.lockedOut(cause, retries, planned) : cause;
    }
  }

  private lockedOut(cause: unknown, retries: number, planned?: PlannedMigration): MigrationLockedError {
    const what = planned ? migrationKey(planned.file) : 'The list of migrations';
    const reason = (cause as Error).message;
    return new MigrationLockedError(`${what} did not get a lock in ${retries + 1} attempt(s): ${reason}`, {
      hint: `End the transaction that is in the way, or wait longer: --lock-timeout, --lock-retries. ${OPEN_TRANSACTIONS[this.session.dialect]}`,
      cause,
    });
  }

  private async pretend({ file, direction }: PlannedMigration): Promise<void> {
    if (direction === 'forward') await this.ledger.applied(file, checksum(file), 0);
    else await this.ledger.forget(file);
  }

  private reportChanged(graph: MigrationGraph, entries: ReadonlyMap<string, LedgerEntry>): void {
    for (const file of graph.ordered) {
      const key = migrationKey(file);
      if (hasChanged(entries.get(key), () => checksum(file))) this.options.progress?.changed?.(key);
    }
  }
}

/** Works out the next run. @throws MigrationHistoryError when tables are there that differ from what it makes */
export async function prepareRun(
  session: MigrationSession,
  graph: MigrationGraph,
  runs: RunMaker,
  planned: PlannedMigration,
  { fakeInitial = false }: MigrateOptions,
): Promise<PreparedRun> {
  const begun = runs.isBegun(planned);
  const run = runs.next(planned);
  const { file, direction } = planned;
  const may = fakeInitial || file.migration.replaces.length > 0;
  const looks = may && direction === 'forward' && !begun && graph.isInitial(file);
  return { planned, run, there: looks && (await isThereAlready(session, file, run.base)) };
}
