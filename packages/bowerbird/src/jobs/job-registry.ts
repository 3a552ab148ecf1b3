import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { didYouMean, durationMs, findContributions } from '#core';

import { type BackgroundJob } from './background-job.js';
import { resolveBackoff, type BackoffConfig } from './backoff.js';
import { Job, type JobOptions } from './job.decorator.js';
import { UnknownJobError } from './jobs.errors.js';
import { JobsConfig } from './jobs.options.js';

export const DEFAULT_QUEUE = 'default';

/** A job of the application, with everything that it has left out. */
export interface JobDescription {
  readonly name: string;
  readonly queue: string;
  readonly attempts: number;
  readonly backoff: BackoffConfig;
  /** Milliseconds. */
  readonly timeout: number;
  readonly job: BackgroundJob<object>;
  /** Name of the class. */
  readonly provider: string;
}

/** The jobs that the modules of the application provide. */
@Injectable()
export class JobRegistry {
  private known: ReadonlyMap<string, JobDescription> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly config: JobsConfig,
  ) {}

  /** By name, in the order of their modules. */
  all(): readonly JobDescription[] {
    return [...this.byName().values()];
  }

  /** @throws UnknownJobError with the nearest name */
  get(name: string): JobDescription {
    const known = this.byName().get(name);
    if (known) return known;
    throw new UnknownJobError(name, didYouMean(name, this.byName().keys()));
  }

  private byName(): ReadonlyMap<string, JobDescription> {
    this.known ??= new Map(
      findContributions<BackgroundJob<object>, JobOptions>(this.discovery, Job).map(({ instance, meta, name }) => [
        meta.name,
        this.describe(instance, meta, name),
      ]),
    );
    return this.known;
  }

  private describe(job: BackgroundJob<object>, options: JobOptions, provider: string): JobDescription {
    const { config } = this;
    const { name, queue = DEFAULT_QUEUE, attempts = config.attempts, backoff, timeout } = options;
    return Object.freeze({
      name,
      queue,
      attempts,
      backoff: backoff ? resolveBackoff(backoff, config.backoff) : config.backoff,
      timeout: timeout === undefined ? config.timeout : durationMs(timeout),
      job,
      provider,
    });
  }
}
