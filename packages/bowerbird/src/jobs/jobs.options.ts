import { durationMs, OptionReader, type Duration, type SettingsBase, type SettingsProblems } from '#core';

import { resolveBackoff, type BackoffConfig } from './backoff.js';
import { jobDrivers, type JobDriver } from './job-driver.js';
import { type BackoffOptions } from './job.decorator.js';

/** What users write in `settings.jobs`. */
export interface JobsOptions {
  /** Where jobs are kept. Default `jobDrivers.database()`. */
  readonly driver?: JobDriver;
  /**
   * Whether a process that serves the application runs jobs as well (`inside`), or only those that are started with
   * `work` (`apart`). Default: `apart` in production, `inside` elsewhere.
   */
  readonly worker?: 'inside' | 'apart';
  /** How many jobs a worker runs at the same time. Default 5. */
  readonly concurrency?: number;
  /** How often a worker looks for jobs while it has none. Default `'1s'`. */
  readonly pollInterval?: Duration;
  /** A job whose worker has not been heard of for this long is run by another one. Default `'1m'`. */
  readonly lease?: Duration;
  /** How many workers may be lost with one job before it ends as failed. Default 3. */
  readonly lostLeases?: number;
  /** How often a job is tried, unless it says so itself. Default 5. */
  readonly attempts?: number;
  /** How long a job waits before its next attempt, unless it says so itself. */
  readonly backoff?: BackoffOptions;
  /** Time limit of one attempt, unless the job says so itself. Default `'15m'`. */
  readonly timeout?: Duration;
  /** Largest payload in bytes of JSON. Default 1,048,576. */
  readonly payloadLimit?: number;
  /** How long jobs that are done are kept for people to look at; `'0s'` deletes them at once. Default `'1h'`. */
  readonly keepFinished?: Duration;
  /** How long failed jobs are kept. Default `'30d'`. */
  readonly keepFailed?: Duration;
}

/** The resolved settings of jobs; lengths of time in milliseconds. */
export interface JobsConfigValues {
  readonly driver: JobDriver;
  readonly worker: 'inside' | 'apart';
  readonly concurrency: number;
  readonly pollInterval: number;
  readonly lease: number;
  readonly lostLeases: number;
  readonly attempts: number;
  readonly backoff: BackoffConfig;
  readonly timeout: number;
  /** Bytes. */
  readonly payloadLimit: number;
  readonly keepFinished: number;
  readonly keepFailed: number;
  /** How long a worker that is told to stop waits for the jobs that it runs. */
  readonly shutdown: number;
}

/** {@link JobsConfigValues} as a token. */
export class JobsConfig implements JobsConfigValues {
  readonly driver: JobDriver;
  readonly worker: 'inside' | 'apart';
  readonly concurrency: number;
  readonly pollInterval: number;
  readonly lease: number;
  readonly lostLeases: number;
  readonly attempts: number;
  readonly backoff: BackoffConfig;
  readonly timeout: number;
  readonly payloadLimit: number;
  readonly keepFinished: number;
  readonly keepFailed: number;
  readonly shutdown: number;

  constructor(values: JobsConfigValues) {
    Object.assign(this, values);
  }
}

/** Most attempts of a job. */
export const MOST_ATTEMPTS = 1_000;

/** Timers of Node reach no further. */
export const LONGEST_TIMEOUT: Duration = '24d';

/**
 * Resolves `settings.jobs`.
 * @param shutdown how long the application may take to stop, in milliseconds
 */
export function resolveJobs(
  options: JobsOptions | undefined,
  problems: SettingsProblems,
  { production }: SettingsBase,
  shutdown: number = durationMs('20s'),
): JobsConfig {
  const reader = new OptionReader<JobsOptions>('settings.jobs', options, problems);
  const config = new JobsConfig({
    driver: readDriver(reader),
    worker: reader.choice('worker', ['inside', 'apart'], production ? 'apart' : 'inside'),
    concurrency: reader.number('concurrency', 5, { min: 1, max: 1_000, integer: true }),
    pollInterval: reader.duration('pollInterval', '1s', { min: '10ms', max: '1h' }),
    lease: reader.duration('lease', '1m', { min: '1s', max: '1d' }),
    lostLeases: reader.number('lostLeases', 3, { min: 0, max: MOST_ATTEMPTS, integer: true }),
    attempts: reader.number('attempts', 5, { min: 1, max: MOST_ATTEMPTS, integer: true }),
    backoff: readBackoff(reader.nested<BackoffOptions>('backoff')),
    timeout: reader.duration('timeout', '15m', { min: '1ms', max: LONGEST_TIMEOUT }),
    payloadLimit: reader.number('payloadLimit', 1_048_576, { min: 2, max: 16_777_216, integer: true }),
    keepFinished: reader.duration('keepFinished', '1h'),
    keepFailed: reader.duration('keepFailed', '30d'),
    shutdown,
  });
  reader.finish();
  return config;
}

function readDriver(reader: OptionReader<JobsOptions>): JobDriver {
  const driver: unknown = reader.raw('driver');
  const fallback = jobDrivers.database();
  if (driver === undefined) return fallback;
  const valid = typeof driver === 'object' && driver !== null && 'create' in driver;
  if (valid) return driver as JobDriver;
  const hint = 'Write jobDrivers.database() or jobDrivers.memory()';
  return reader.fail('jobs.E005', 'driver', driver, 'a job driver', hint, fallback);
}

function readBackoff(reader: OptionReader<BackoffOptions>): BackoffConfig {
  const backoff = {
    first: reader.duration('first', '1s'),
    factor: reader.number('factor', 2, { min: 1, max: 100 }),
    longest: reader.duration('longest', '15m'),
    jitter: reader.number('jitter', 0.2, { min: 0, max: 1 }),
  };
  reader.finish();
  return resolveBackoff({}, backoff);
}
