import { setTimeout as sleep } from 'node:timers/promises';

import { type ClaimedJob } from '../job-queue.js';
import { type JobDescription } from '../job-registry.js';
import { JobTimeoutError, LeaseLostError, WorkerStoppedError } from '../jobs.errors.js';
import { LeaseKeeper, type LeaseKeeping } from './lease-keeper.js';

/** How long a job that was told to end may take to do so, in milliseconds; then it is left to itself. */
const GRACE = 5_000;
const GRACE_OF_STOP = 500;

/** What became of an attempt: nothing, or the error that ended it. */
export type AttemptEnd = { readonly error?: unknown } & { readonly failed: boolean };

/**
 * One run of a job: watches its time, its lease and the worker. Whichever of them ends it aborts the signal, and a job
 * that does not heed the signal is left to itself after a grace.
 */
export class Attempt {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly keeper: LeaseKeeper;
  private readonly onStop = () => this.controller.abort(new WorkerStoppedError(this.claimed.name));

  constructor(
    private readonly claimed: ClaimedJob,
    private readonly described: JobDescription,
    keeping: LeaseKeeping,
    private readonly stop: AbortSignal,
  ) {
    const { name, timeout } = described;
    this.timer = setTimeout(() => this.controller.abort(new JobTimeoutError(name, timeout)), timeout);
    this.keeper = new LeaseKeeper(claimed, keeping, () => this.controller.abort(new LeaseLostError(name)));
    if (stop.aborted) this.onStop();
    else stop.addEventListener('abort', this.onStop, { once: true });
  }

  async run(): Promise<AttemptEnd> {
    try {
      await Promise.race([this.work(), this.abandoned()]);
      return { failed: false };
    } catch (error) {
      return { failed: true, error: this.controller.signal.aborted ? this.reasonOver(error) : error };
    } finally {
      this.end();
    }
  }

  private async work(): Promise<void> {
    const { claimed, described, controller } = this;
    const { id, attempt: number, enqueuedAt } = claimed;
    const last = number >= described.attempts;
    const payload = JSON.parse(claimed.payload) as object;
    await described.job.run(payload, { id, number, last, enqueuedAt, signal: controller.signal });
  }

  /** Fails after the grace, when the job was told to end and has not. */
  private async abandoned(): Promise<never> {
    const { signal } = this.controller;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    const grace = signal.reason instanceof WorkerStoppedError ? GRACE_OF_STOP : Math.min(GRACE, this.described.timeout);
    await sleep(grace, undefined, { ref: false });
    throw signal.reason;
  }

  /** Why the job was told to end, with what it said when it did. */
  private reasonOver(error: unknown): unknown {
    const reason = this.controller.signal.reason as Error;
    if (error !== reason && reason.cause === undefined) reason.cause = error;
    return reason;
  }

  private end(): void {
    clearTimeout(this.timer);
    this.keeper.stop();
    this.stop.removeEventListener('abort', this.onStop);
  }
}
