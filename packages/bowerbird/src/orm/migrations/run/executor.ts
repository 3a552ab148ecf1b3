import { FrameworkError } from '#core';

import { migrationKey } from '../files/migration-file.js';
import { forgetProgress } from '../history/progress.js';
import { MigrationFailedError, MigrationHistoryError, OnlineRefusedError } from '../migrations.errors.js';
import { stepText, type BatchNote, type Step, type StepPlace } from '../schema/step.js';
import { isEffectThere } from './effect-there.js';
import { failureHint } from './failure-hint.js';
import { type Ledger, type LedgerEntry } from './ledger.js';
import { isLockFailure } from './lock-wait.js';
import { digestOf, type MigrationRun, type OperationRun } from './migration-run.js';
import { isOnlineRefusal, refusalHint } from './online-refusal.js';
import { hasSeparateSteps, segmentsOf, type PlacedStep } from './segments.js';
import { type MigrationSession } from './session.js';
import { runStep } from './step-runner.js';

/** Statements that change rows only: they can share a transaction with the note that they are done. */
const CHANGES_ROWS = /^\s*(insert|update|delete|replace|select|with)\b/i;

/** Told of what happens. */
export interface ExecutionListener {
  /** Before each operation. */
  operation?(title: string): void;
  /** After each batch of an operation that works in batches. */
  batch?(title: string, note: BatchNote): void;
}

/** How a segment is run. */
interface SegmentRun {
  /** Its steps share a transaction. */
  readonly together: boolean;
  readonly announce: (placed: PlacedStep) => void;
  /** Number of the step that may have taken effect already; 0 for none. */
  readonly again: number;
}

/** Runs migrations one by one and writes down what is done, so that a run that was broken off can go on. */
export class MigrationExecutor {
  constructor(
    private readonly session: MigrationSession,
    private readonly ledger: Ledger,
    private readonly listener: ExecutionListener = {},
  ) {}

  /** Runs one migration; `entry` is what the ledger says of it. @throws MigrationFailedError */
  async run(run: MigrationRun, entry: LedgerEntry | undefined): Promise<void> {
    const together = this.session.transactionalDdl && (run.file.migration.atomic || this.session.dialect === 'sqlite');
    const begun = entry !== undefined && entry.status !== 'applied';
    if (together && !begun && !hasSeparateSteps(run)) await this.inOneTransaction(run);
    else await this.inSegments(run, entry, together);
  }

  private async inOneTransaction(run: MigrationRun): Promise<void> {
    const start = performance.now();
    await this.session.schemaTransaction(async () => {
      for (const { title, steps } of run.operations) {
        this.listener.operation?.(title);
        for (const step of steps) await this.runStep(run, title, step);
      }
      await this.finish(run, start);
    });
  }

  /**
   * Each segment commits by itself, and the ledger knows how many steps are done. When a process was killed, nobody knows
   * whether its last step took effect: that one is run again, and an answer that it is there already counts as done.
   */
  private async inSegments(run: MigrationRun, entry: LedgerEntry | undefined, together: boolean): Promise<void> {
    const start = performance.now();
    const done = await this.resume(run, entry);
    const killed = entry !== undefined && entry.status === run.direction && entry.failure === null;
    let announced: OperationRun | undefined;
    const announce = ({ operation }: PlacedStep) => {
      if (operation !== announced) this.listener.operation?.(operation.title);
      announced = operation;
    };
    for (const segment of segmentsOf(run, together)) {
      const left = segment.filter(({ step, position }) => step === undefined || position > done);
      if (left.length > 0)
        await this.noted(run, left, { together, announce, again: killed && !together ? done + 1 : 0 });
    }
    if (hasSeparateSteps(run)) await forgetProgress(this.session, run.file);
    await this.finish(run, start);
  }

  private async resume(run: MigrationRun, entry: LedgerEntry | undefined): Promise<number> {
    if (!entry || entry.status === 'applied') {
      if (hasSeparateSteps(run)) await forgetProgress(this.session, run.file);
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

  /** Runs a segment and notes that it is done, in one transaction where that is possible. */
  private async noted(run: MigrationRun, segment: readonly PlacedStep[], how: SegmentRun): Promise<void> {
    const work = async () => {
      for (const placed of segment) {
        how.announce(placed);
        const { operation, step, position } = placed;
        if (step) await this.runStep(run, operation.title, step, { ...run.file, position }, position === how.again);
      }
      const { position } = segment.at(-1)!;
      if (segment.some(({ step }) => step)) await this.ledger.progress(run.file, position, digestOf(run, position));
    };
    try {
      await this.committed(segment, how.together, work);
    } catch (error) {
      // Who did not get a lock knows nothing new: a process that was killed may hold it, and have done the step by then.
      if (!isLockFailure(error)) await this.ledger.failed(run.file, (error as Error).message).catch(() => undefined);
      throw error;
    }
  }

  private async committed(segment: readonly PlacedStep[], together: boolean, work: () => Promise<void>): Promise<void> {
    const [first] = segment.flatMap(({ step }) => step ?? []);
    if (first === undefined || first.kind === 'separate') await work();
    else if (together) await this.session.schemaTransaction(work);
    else if (first.kind === 'work' || (first.kind === 'sql' && CHANGES_ROWS.test(first.sql)))
      await this.session.transaction(work);
    else await work();
  }

  private async runStep(run: MigrationRun, title: string, step: Step, place?: StepPlace, again = false): Promise<void> {
    try {
      await runStep(this.session, step, place, this.listener.batch && ((note) => this.listener.batch?.(title, note)));
    } catch (cause) {
      if (again && isEffectThere(cause)) return;
      if (cause instanceof FrameworkError) throw cause;
      const message = `${migrationKey(run.file)}: ${title}: ${(cause as Error).message}`;
      if (isOnlineRefusal(cause)) throw new OnlineRefusedError(message, { hint: refusalHint(stepText(step)), cause });
      throw new MigrationFailedError(message, { hint: failureHint(cause, stepText(step)), cause });
    }
  }

  private async finish({ file, direction, checksum }: MigrationRun, start: number): Promise<void> {
    if (direction === 'forward') await this.ledger.applied(file, checksum, performance.now() - start);
    else await this.ledger.forget(file);
  }
}
