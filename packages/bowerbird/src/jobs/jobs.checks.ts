import { DiscoveryService } from '@nestjs/core';

import { Check, CheckRule, error, parseDuration, warning, type Findings } from '#core';

import { BackgroundJob } from './background-job.js';
import { Job, type JobOptions } from './job.decorator.js';
import { JobsConfig, LONGEST_TIMEOUT, MOST_ATTEMPTS } from './jobs.options.js';

/** A provider that is marked as a job. */
interface MarkedProvider {
  readonly name: string;
  readonly type: unknown;
  readonly options: Partial<JobOptions>;
  /** Whether one instance serves all runs. */
  readonly single: boolean;
}

/** Each option that may be wrong, with what it has to be. */
const RULES: Readonly<Record<string, readonly [(options: Partial<JobOptions>) => boolean, string]>> = {
  name: [({ name }) => isName(name, 100), 'a name of 1 to 100 characters'],
  queue: [({ queue }) => queue === undefined || isName(queue, 50), 'a name of 1 to 50 characters'],
  attempts: [({ attempts }) => isWithin(attempts, 1, MOST_ATTEMPTS, true), `a whole number from 1 to ${MOST_ATTEMPTS}`],
  timeout: [
    ({ timeout }) => isDuration(timeout, 1, parseDuration(LONGEST_TIMEOUT)),
    `a duration up to ${LONGEST_TIMEOUT}`,
  ],
  'backoff.first': [({ backoff }) => isDuration(backoff?.first), 'a duration such as "10s"'],
  'backoff.longest': [({ backoff }) => isDuration(backoff?.longest), 'a duration such as "1h"'],
  'backoff.factor': [({ backoff }) => isWithin(backoff?.factor, 1, 100), 'a number from 1 to 100'],
  'backoff.jitter': [({ backoff }) => isWithin(backoff?.jitter, 0, 1), 'a number from 0 to 1'],
};

/** Checks of the jobs that the application provides. */
@Check('jobs')
export class JobsChecks {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly config: JobsConfig,
  ) {}

  @CheckRule()
  *sameName(): Findings {
    const owners = new Map<string, MarkedProvider>();
    for (const provider of this.providers()) {
      const name = String(provider.options.name);
      const owner = owners.get(name);
      if (owner && owner.type !== provider.type)
        yield error('jobs.E001', `Two jobs are named "${name}": ${owner.name} and ${provider.name}`, {
          at: provider.name,
          hint: 'Give one of them another name',
        });
      else owners.set(name, provider);
    }
  }

  @CheckRule()
  *noJob(): Findings {
    for (const { name, type } of this.providers())
      if (typeof type !== 'function' || !(type.prototype instanceof BackgroundJob))
        yield error('jobs.E002', `${name} is marked as a job and cannot be run`, {
          at: name,
          hint: 'Write `extends BackgroundJob<…>`',
        });
  }

  /** What is made anew for each request is not there when a worker wants to run it. */
  @CheckRule()
  *perRequest(): Findings {
    for (const { name, single } of this.providers())
      if (!single)
        yield error('jobs.E003', `The job ${name}, or something that it needs, is made anew for each request`, {
          at: name,
          hint: 'Leave the scope of the providers out, and read what belongs to a request from the payload',
        });
  }

  @CheckRule()
  *wrongOption(): Findings {
    for (const { name, options } of this.providers())
      for (const [option, [isRight, expected]] of Object.entries(RULES))
        if (!isRight(options))
          yield error('jobs.E004', `The option "${option}" of the job ${name} must be ${expected}`, {
            at: `@Job() of ${name}`,
            hint: `Change it to ${expected}, or leave it out to take that of settings.jobs`,
          });
  }

  @CheckRule({ deploy: true })
  *durableQueue(): Findings {
    const { driver } = this.config;
    if (driver.durable) return;
    yield warning('jobs.W001', `Jobs live in the "${driver.name}" queue: every restart loses those that wait`, {
      at: 'settings.jobs.driver',
      hint: 'Use jobDrivers.database()',
    });
  }

  private providers(): readonly MarkedProvider[] {
    return this.discovery.getProviders({ metadataKey: Job.KEY }).map((wrapper) => ({
      name: wrapper.name,
      type: wrapper.metatype,
      options: this.discovery.getMetadataByDecorator(Job, wrapper) ?? {},
      single: wrapper.isDependencyTreeStatic() && !wrapper.isTransient,
    }));
  }
}

function isName(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value.trim() === value && value !== '' && value.length <= longest;
}

function isWithin(value: unknown, least: number, most: number, whole = false): boolean {
  if (value === undefined) return true;
  return typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value));
}

function isDuration(value: unknown, least = 0, most = Infinity): boolean {
  if (value === undefined) return true;
  const length = parseDuration(value);
  return length !== undefined && length >= least && length <= most;
}
