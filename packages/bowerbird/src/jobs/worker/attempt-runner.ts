import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { Clock, runInside, SecretKeys, showThrown, type ApplicationHandle } from '#core';

import { backoffAfter } from '../backoff.js';
import { openJobContext } from '../job-context.js';
import { JobQueue, type ClaimedJob, type JobOutcome } from '../job-queue.js';
import { JobRegistry, type JobDescription } from '../job-registry.js';
import {
  JobFailedError,
  LeaseLostError,
  RetryLaterError,
  WorkersLostError,
  WorkerStoppedError,
} from '../jobs.errors.js';
import { JobsConfig } from '../jobs.options.js';
import { Attempt, type AttemptEnd } from './attempt.js';
import { storedError } from './stored-error.js';

/** How an attempt ended; `lost` where another worker has the job. */
export interface AttemptReport {
  readonly id: string;
  /** Name of the job. */
  readonly job: string;
  readonly attempt: number;
  readonly outcome: JobOutcome['kind'] | 'lost';
  /** What the job has thrown, where it did. */
  readonly error?: unknown;
}

/** How often the end of a job is told to a queue that cannot be reached, and the milliseconds between. */
const TELLINGS = 4;
const BETWEEN_TELLINGS = 500;

/** Runs claimed jobs, each in a context of its own, and tells the queue how they ended. */
@Injectable()
export class AttemptRunner {
  private readonly logger = new Logger('Jobs');
  private readonly application: ApplicationHandle;

  constructor(
    modules: ModuleRef,
    private readonly queue: JobQueue,
    private readonly registry: JobRegistry,
    private readonly config: JobsConfig,
    private readonly clock: Clock,
    private readonly keys: SecretKeys,
  ) {
    this.application = { get: (token) => modules.get(token as never, { strict: false }) };
  }

  /** Never throws. @param stop fires when a worker cannot wait any longer */
  async run(claimed: ClaimedJob, stop: AbortSignal = new AbortController().signal): Promise<AttemptReport> {
    const start = performance.now();
    const described = this.describe(claimed);
    const end = await this.attempt(claimed, described, stop);
    const outcome = this.outcomeOf(claimed, described, end);
    const told = outcome !== 'lost' && (await this.tell(claimed, outcome));
    const kind = told ? outcome.kind : 'lost';
    this.log(claimed, kind, end, performance.now() - start);
    if (kind === 'failed' && !(described instanceof Error)) await this.tellJob(claimed, described, end.error);
    const { id, name, attempt } = claimed;
    return { id, job: name, attempt, outcome: kind, ...(end.failed && { error: end.error }) };
  }

  /** What is known of a job, or why nothing is. */
  private describe({ name }: ClaimedJob): JobDescription | Error {
    try {
      return this.registry.get(name);
    } catch (error) {
      return error as Error;
    }
  }

  private async attempt(
    claimed: ClaimedJob,
    described: JobDescription | Error,
    stop: AbortSignal,
  ): Promise<AttemptEnd> {
    if (described instanceof Error) return { failed: true, error: described };
    const { queue, clock, config } = this;
    if (claimed.lostLeases > config.lostLeases)
      return { failed: true, error: new WorkersLostError(claimed.name, claimed.lostLeases) };
    const keeping = { queue, clock, length: config.lease };
    try {
      return await this.inContext(claimed, () => new Attempt(claimed, described, keeping, stop).run());
    } catch (error) {
      return { failed: true, error };
    }
  }

  /** Runs work in the context of a job. @throws SyntaxError where what it has taken along is no JSON */
  private async inContext<T>({ context }: ClaimedJob, work: () => Promise<T>): Promise<T> {
    return runInside(openJobContext(context, this.application), work);
  }

  private outcomeOf(
    { attempt }: ClaimedJob,
    described: JobDescription | Error,
    { failed, error }: AttemptEnd,
  ): JobOutcome | 'lost' {
    if (!failed) return { kind: 'finished', keep: this.config.keepFinished > 0 };
    if (error instanceof LeaseLostError) return 'lost';
    if (error instanceof WorkerStoppedError) return { kind: 'released' };
    const text = storedError(error, this.keys);
    const final = error instanceof JobFailedError || error instanceof WorkersLostError;
    if (described instanceof Error || final || attempt >= described.attempts) return { kind: 'failed', error: text };
    return { kind: 'retry', at: this.nextTime(error, attempt, described), error: text };
  }

  private nextTime(error: unknown, attempt: number, { backoff }: JobDescription): Date {
    const now = this.clock.now();
    if (error instanceof RetryLaterError) return error.timeFrom(now);
    return new Date(now.getTime() + backoffAfter(attempt, backoff));
  }

  /** Whether the queue took it: with a lease that is over it does not. A queue that cannot be reached is asked again. */
  private async tell(claimed: ClaimedJob, outcome: JobOutcome): Promise<boolean> {
    for (let telling = 1; ; telling += 1) {
      try {
        return await this.queue.settle(claimed, outcome);
      } catch (error) {
        this.logger.error(`How ${nameOf(claimed)} ended could not be stored\n${showThrown(error)}`);
        if (telling === TELLINGS) return false;
        await sleep(BETWEEN_TELLINGS);
      }
    }
  }

  private async tellJob(claimed: ClaimedJob, { job }: JobDescription, error: unknown): Promise<void> {
    try {
      await this.inContext(claimed, () => job.onFailed(JSON.parse(claimed.payload) as object, error));
    } catch (thrown) {
      this.logger.error(`onFailed() of ${nameOf(claimed)} failed\n${showThrown(thrown)}`);
    }
  }

  private log(claimed: ClaimedJob, outcome: AttemptReport['outcome'], { error }: AttemptEnd, took: number): void {
    const text = `${nameOf(claimed)}, attempt ${claimed.attempt}: ${SAID[outcome]} after ${Math.round(took)} ms`;
    if (outcome === 'finished') this.logger.log(text);
    else if (outcome === 'failed') this.logger.error(`${text}\n${showThrown(error)}`);
    else this.logger.warn(error === undefined ? text : `${text}\n${showThrown(error)}`);
  }
}

const SAID: Readonly<Record<AttemptReport['outcome'], string>> = {
  finished: 'finished',
  retry: 'failed and will be tried again',
  failed: 'failed for good',
  released: 'given back',
  lost: 'taken by another worker',
};

function nameOf({ name, id }: ClaimedJob): string {
  return `${name} ${id}`;
}
