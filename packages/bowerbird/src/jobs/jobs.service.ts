import { Injectable } from '@nestjs/common';

import { Clock, parseDuration, type Duration } from '#core';

import { type JobClass } from './background-job.js';
import { carriedContext } from './job-context.js';
import { JobQueue, type JobCount, type JobFilter, type StoredJob } from './job-queue.js';
import { JobRegistry } from './job-registry.js';
import { jobOptionsOf } from './job.decorator.js';
import { JobOptionError, UnmarkedJobError } from './jobs.errors.js';
import { JobsConfig } from './jobs.options.js';
import { writePayload } from './payload.js';

/** How a job is enqueued. */
export interface EnqueueOptions {
  /** Not before this long from now. */
  readonly delay?: Duration;
  /** Not before this moment; instead of `delay`. */
  readonly at?: Date;
  /** The higher, the earlier among the jobs that are due; a whole number from -1000 to 1000. Default 0. */
  readonly priority?: number;
  /** While a job of this class with this key waits or runs, no second one is enqueued. */
  readonly unique?: string;
  /** Another queue than that of the class; at most 50 characters. */
  readonly queue?: string;
}

const HIGHEST_PRIORITY = 1_000;
const LONGEST_QUEUE = 50;
const PAGE = 100;

/** Enqueues jobs and looks after those that are there. */
@Injectable()
export class Jobs {
  constructor(
    private readonly queue: JobQueue,
    private readonly registry: JobRegistry,
    private readonly config: JobsConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * Has a job run later, by a worker. Inside of a transaction it is there when that commits, and never when it does not.
   * @returns the id of the job; with `unique`, of the one that has the key already
   * @throws JobPayloadError, JobPayloadSizeError, JobOptionError, UnmarkedJobError, UnknownJobError
   */
  async enqueue<P extends object>(
    job: JobClass<P>,
    payload: NoInfer<P>,
    options: EnqueueOptions = {},
  ): Promise<string> {
    const marked = jobOptionsOf(job);
    if (!marked) throw new UnmarkedJobError(job.name);
    const { name, queue } = this.registry.get(marked.name);
    checkOptions(name, options);
    return this.queue.add({
      name,
      queue: options.queue ?? queue,
      payload: writePayload(name, payload, this.config.payloadLimit),
      context: carriedContext(),
      priority: options.priority ?? 0,
      dueAt: options.at ?? new Date(this.clock.now().getTime() + (parseDuration(options.delay ?? '0s') ?? 0)),
      unique: options.unique,
    });
  }

  /** Jobs in the order of their ids. @param limit most jobs; 100 unless given */
  find(filter: JobFilter = {}, limit: number = PAGE): Promise<readonly StoredJob[]> {
    return this.queue.find(filter, limit);
  }

  /** How many jobs there are, by queue and state. */
  count(): Promise<readonly JobCount[]> {
    return this.queue.count();
  }

  /** Makes failed jobs wait again, with all their attempts before them, and returns their number. */
  retry(filter: Omit<JobFilter, 'state'> = {}): Promise<number> {
    return this.queue.retry(filter);
  }
}

function checkOptions(job: string, { delay, at, priority = 0, unique, queue }: EnqueueOptions): void {
  const refuse = (option: keyof EnqueueOptions, expected: string): never => {
    throw new JobOptionError(job, option, expected);
  };
  if (delay !== undefined && at !== undefined) refuse('at', 'left out where "delay" is given');
  if (delay !== undefined && parseDuration(delay) === undefined) refuse('delay', 'a duration such as "30s" or "5m"');
  if (at !== undefined && !(at instanceof Date && Number.isFinite(at.getTime()))) refuse('at', 'a date');
  if (!Number.isInteger(priority) || Math.abs(priority) > HIGHEST_PRIORITY)
    refuse('priority', `a whole number from -${HIGHEST_PRIORITY} to ${HIGHEST_PRIORITY}`);
  if (unique !== undefined && (typeof unique !== 'string' || unique === ''))
    refuse('unique', 'a text with a character');
  if (queue !== undefined && (queue === '' || queue.length > LONGEST_QUEUE))
    refuse('queue', `a name of at most ${LONGEST_QUEUE} characters`);
}
