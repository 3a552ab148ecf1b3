import { type Clock } from '#core';
import {
  jobOptionsOf,
  type AttemptReport,
  type AttemptRunner,
  type JobClass,
  type JobQueue,
  type JobsConfig,
  type StoredJob,
} from '#jobs';

import { JobLoopError } from './jobs.errors.js';

/** How {@link TestJobs.runAll} runs jobs. */
export interface RunAllOptions {
  /** Only jobs of these queues. */
  readonly queues?: readonly string[];
  /** Whether the error of a job ends the run and is thrown; true. With false it is a part of the report. */
  readonly throws?: boolean;
}

/** A job that waits, with its payload read. */
export interface WaitingJob<P = unknown> extends Omit<StoredJob, 'payload' | 'context'> {
  readonly payload: P;
}

const MOST_RUNS = 1_000;
const MOST_SHOWN = 10_000;

/** The jobs of a test application. */
export class TestJobs {
  constructor(
    private readonly queue: JobQueue,
    private readonly runner: AttemptRunner,
    private readonly config: JobsConfig,
    private readonly clock: Clock,
    private readonly inside: <T>(work: () => Promise<T>) => Promise<T | undefined>,
  ) {}

  /**
   * Runs what is due, one job after another, and what those jobs enqueue. Delayed jobs and further attempts are due when the
   * test has moved the clock.
   * @throws what a job throws
   * @throws JobLoopError
   */
  async runAll({ queues, throws = true }: RunAllOptions = {}): Promise<readonly AttemptReport[]> {
    const reports: AttemptReport[] = [];
    for (let report = await this.runNext(queues); report; report = await this.runNext(queues)) {
      if (throws && report.error !== undefined) throw report.error as Error;
      reports.push(report);
      if (reports.length >= MOST_RUNS) throw new JobLoopError(MOST_RUNS, report.job);
    }
    return reports;
  }

  /** What waits to be run, delayed jobs included, in the order in which it was enqueued; of one class where it is given. */
  async waiting<P extends object>(job?: JobClass<P>): Promise<readonly WaitingJob<P>[]> {
    const name = job && jobOptionsOf(job)?.name;
    const found = await this.inside(() => this.queue.find({ state: 'waiting', name }, MOST_SHOWN));
    return found!.map((stored) => {
      const { payload, context: _, ...rest } = stored;
      return { ...rest, payload: JSON.parse(payload) as P };
    });
  }

  private runNext(queues: readonly string[] | undefined): Promise<AttemptReport | undefined> {
    return this.inside(async () => {
      const until = new Date(this.clock.now().getTime() + this.config.lease);
      const [job] = await this.queue.claim({ limit: 1, queues, until, worker: 'test' });
      return job && this.runner.run(job);
    });
  }
}
