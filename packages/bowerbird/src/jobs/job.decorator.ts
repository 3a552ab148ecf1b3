import { DiscoveryService } from '@nestjs/core';

import { type AnyClass, type Duration } from '#core';

/** How long a job waits before its next attempt: `first`, then each time `factor` times as long, up to `longest`. */
export interface BackoffOptions {
  /** Default `'1s'`. */
  readonly first?: Duration;
  /** Default 2. */
  readonly factor?: number;
  /** Default `'15m'`. */
  readonly longest?: Duration;
  /** The share of each wait, from 0 to 1, by which chance shortens it, so that jobs do not come back together. Default 0.2. */
  readonly jitter?: number;
}

/** What a job says of itself. What it leaves out is as `settings.jobs` has it. */
export interface JobOptions {
  /** The name under which it is stored, at most 100 characters. Jobs that wait are lost with a name that changes. */
  readonly name: string;
  /** Default `'default'`; at most 50 characters. */
  readonly queue?: string;
  /** How often it is tried before it ends as failed, 1 or more. */
  readonly attempts?: number;
  readonly backoff?: BackoffOptions;
  /** Time limit of one attempt, at most 24 days. */
  readonly timeout?: Duration;
}

/** Marks a {@link BackgroundJob} provider and names it. */
export const Job = DiscoveryService.createDecorator<JobOptions>();

/** What a class says of itself by {@link Job}; undefined where it is no job. */
export function jobOptionsOf(job: AnyClass): JobOptions | undefined {
  return Reflect.getOwnMetadata(Job.KEY, job) as JobOptions | undefined;
}
