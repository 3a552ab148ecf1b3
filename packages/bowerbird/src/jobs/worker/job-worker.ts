import { hostname } from 'node:os';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';

import { Clock, Context, runInside, showThrown } from '#core';

import { JobQueue } from '../job-queue.js';
import { JobsConfig } from '../jobs.options.js';
import { AttemptRunner } from './attempt-runner.js';
import { JobCleaning } from './job-cleaning.js';
import { Pause } from './pause.js';

/** How a worker works. */
export interface WorkOptions {
  /** All queues unless given. */
  readonly queues?: readonly string[] | undefined;
  /** How many jobs run at the same time; that of the settings unless given. */
  readonly concurrency?: number | undefined;
  /** Whether to end when no job is due and none runs. */
  readonly untilEmpty?: boolean | undefined;
}

/** Before this much of the time to stop is left, running jobs are told to end. Milliseconds. */
const RESERVE = 1_500;

/** The longest pause after errors of the queue, in milliseconds. */
const LONGEST_PAUSE = 30_000;

const LONGEST_NAME = 100;

/** Takes due jobs from the queue and runs them, as many at a time as it may. */
@Injectable()
export class JobWorker implements OnModuleDestroy {
  private readonly logger = new Logger('Jobs');
  private readonly name = `${hostname()}:${process.pid}`.slice(-LONGEST_NAME);
  private readonly running = new Set<Promise<unknown>>();
  private readonly pause = new Pause();
  private readonly cutOff = new AbortController();
  private stopping = false;
  private working: Promise<void> | undefined;
  private failures = 0;

  constructor(
    private readonly queue: JobQueue,
    private readonly runner: AttemptRunner,
    private readonly cleaning: JobCleaning,
    private readonly config: JobsConfig,
    private readonly clock: Clock,
  ) {}

  /** Works until {@link stop}, or until nothing is left to do. One worker works once; further calls get the same promise. */
  work(options: WorkOptions = {}): Promise<void> {
    // A context of its own: what belongs to whoever starts the worker is none of its business.
    this.working ??= runInside(new Context(), () => this.loop(options));
    return this.working;
  }

  /**
   * Claims no more jobs and waits for those that run, as long as the application may take to stop. What runs even then is
   * told to end, and given back to the queue where it does not finish.
   * @returns whether all of them have finished
   */
  async stop(): Promise<boolean> {
    this.stopping = true;
    this.pause.end();
    if (!this.working) return true;
    const { shutdown } = this.config;
    const late = setTimeout(() => this.cutOff.abort(), Math.max(0, shutdown - RESERVE));
    // A queue that does not answer must not keep the process from ending.
    const ended = this.working.then(() => true);
    const inTime = await Promise.race([ended, sleep(Math.max(shutdown, RESERVE), false, { ref: false })]);
    clearTimeout(late);
    return inTime && !this.cutOff.signal.aborted;
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop();
  }

  private async loop({ queues, untilEmpty, concurrency = this.config.concurrency }: WorkOptions): Promise<void> {
    while (!this.stopping) {
      // SQLite answers without a turn of the event loop: timers and signals would wait while there is work.
      await nextTurn();
      if (this.stopping) break;
      const free = concurrency - this.running.size;
      const found = await this.claim(free, queues);
      if (found === undefined) await this.pause.wait(this.nextPause());
      else if (this.running.size >= concurrency) await this.pause.wait();
      else if (found < free && untilEmpty && this.running.size === 0) break;
      else if (found < free) await this.rest();
    }
    await Promise.all(this.running);
  }

  /** The number of jobs that were started; undefined where the queue has failed. */
  private async claim(limit: number, queues: readonly string[] | undefined): Promise<number | undefined> {
    const until = new Date(this.clock.now().getTime() + this.config.lease);
    try {
      const claimed = await this.queue.claim({ limit, queues, until, worker: this.name });
      if (this.failures > 0) this.logger.log('The queue can be reached again');
      this.failures = 0;
      for (const job of claimed) this.track(this.runner.run(job, this.cutOff.signal));
      return claimed.length;
    } catch (error) {
      if (this.failures === 0) this.logger.error(`The queue could not be asked for jobs\n${showThrown(error)}`);
      this.failures += 1;
      return undefined;
    }
  }

  private track(run: Promise<unknown>): void {
    this.running.add(run);
    void run.finally(() => {
      this.running.delete(run);
      this.pause.wake();
    });
  }

  /** Nothing is due: time to clean up, and to look again later. */
  private async rest(): Promise<void> {
    await this.cleaning.cleanIfDue();
    if (!this.stopping) await this.pause.wait(this.config.pollInterval);
  }

  private nextPause(): number {
    return Math.min(LONGEST_PAUSE, this.config.pollInterval * 2 ** this.failures);
  }
}
