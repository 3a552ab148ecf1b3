import { FrameworkError } from '#core';

import { migrationKey } from '../files/migration-file.js';
import { MigrationFailedError, MigrationHistoryError } from '../migrations.errors.js';
import { stepText, type Step } from '../schema/step.js';
import { isEffectThere } from './effect-there.js';
import { type Ledger, type LedgerEntry } from './ledger.js';
import { digestOf, type MigrationRun } from './migration-run.js';
import { type MigrationSession } from './session.js';
import { runStep } from './step-runner.js';

/** Statements that change rows only: they can share a transaction with the note that they are done. */
const CHANGES_ROWS = /^\s*(insert|update|delete|replace|select|with)\b/i;

/** Told of each operation before it runs. */
export type OperationListener = (title: string) => void;

/** Runs migrations one by one and writes down what is done, so that a run that was broken off can go on. */
export class MigrationExecutor {
  constructor(
    private readonly session: MigrationSession,
    private readonly ledger: Ledger,
    private readonly onOperation: OperationListener = () => undefined,
  ) {}

  /** Runs one migration; `entry` is what the ledger says of it. @throws MigrationFailedError */
  async run(run: MigrationRun, entry: LedgerEntry | undefined): Promise<void> {
    const whole = this.session.transactionalDdl && (run.file.migration.atomic || this.session.dialect === 'sqlite');
    if (whole) await this.inOneTransaction(run);
    else await this.stepByStep(run, entry);
  }

  private async inOneTransaction(run: MigrationRun): Promise<void> {
    const start = performance.now();
    await this.session.schemaTransaction(async () => {
      for (const { title, steps } of run.operations) {
        this.onOperation(title);
        for (const step of steps) await this.runStep(run, title, step);
      }
      await this.finish(run, start);
    });
  }

  /**
   * Each step commits by itself, and the ledger knows how many are done. When a process was killed, nobody knows whether
   * its last step took effect: that one is run again, and an answer that it is there already counts as done.
   */
  private async stepByStep(run: MigrationRun, entry: LedgerEntry | undefined): Promise<void> {
    const start = performance.now();
    const done = await this.resume(run, entry);
    const killed = entry !== undefined && entry.status === run.direction && entry.failure === null;
    let position = 0;
    for (const { title, steps } of run.operations) {
      if (position + steps.length > done || steps.length === 0) this.onOperation(title);
      for (const step of steps) {
        position += 1;
        if (position <= done) continue;
        await this.noted(run, title, step, { position, again: killed && position === done + 1 });
      }
    }
    await this.finish(run, start);
  }

  private async resume(run: MigrationRun, entry: LedgerEntry | undefined): Promise<number> {
    if (!entry || entry.status === 'applied') {
      await this.ledger.begin(run.file, run.checksum, run.direction);
      return 0;
    }
    if (entry.status !== run.direction) {
      throw new MigrationHistoryError(`${migrationKey(run.file)} was broken off on its way ${entry.status}`, {
        hint: `Let it finish in that direction first`,
      });
    }
    if (entry.step > 0 && digestOf(run, entry.step) !== entry.digest) {
      throw new MigrationHistoryError(
        `${migrationKey(run.file)} was broken off after ${entry.step} step(s), and its file says other steps now`,
        { hint: 'Restore what the file said up to the step that failed; later operations may change' },
      );
    }
    return entry.step;
  }

  private async noted(
    run: MigrationRun,
    title: string,
    step: Step,
    { position, again }: { readonly position: number; readonly again: boolean },
  ): Promise<void> {
    const note = () => this.ledger.progress(run.file, position, digestOf(run, position));
    const rowsOnly = step.kind === 'work' || (step.kind === 'sql' && CHANGES_ROWS.test(step.sql));
    try {
      if (rowsOnly) {
        await this.session.transaction(async () => {
          await this.runStep(run, title, step);
          await note();
        });
      } else {
        await this.runStep(run, title, step, again);
        await note();
      }
    } catch (error) {
      await this.ledger.failed(run.file, (error as Error).message).catch(() => undefined);
      throw error;
    }
  }

  private async runStep(run: MigrationRun, title: string, step: Step, again = false): Promise<void> {
    try {
      await runStep(this.session, step);
    } catch (cause) {
      if (again && isEffectThere(cause)) return;
      if (cause instanceof FrameworkError) throw cause;
      throw new MigrationFailedError(`${migrationKey(run.file)}: ${title}: ${(cause as Error).message}`, {
        hint: `The statement was: ${stepText(step)}`,
        cause,
      });
    }
  }

  private async finish({ file, direction, checksum }: MigrationRun, start: number): Promise<void> {
    if (direction === 'forward') await this.ledger.applied(file, checksum, performance.now() - start);
    else await this.ledger.forget(file);
  }
}
