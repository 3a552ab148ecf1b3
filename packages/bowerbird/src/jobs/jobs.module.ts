import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';

import { Clock, type AnyClass } from '#core';

import { ClearJobsCommand } from './commands/clear-jobs.command.js';
import { JobsCommand } from './commands/jobs.command.js';
import { RetryJobsCommand } from './commands/retry-jobs.command.js';
import { WorkCommand } from './commands/work.command.js';
import { JobQueue } from './job-queue.js';
import { JobRegistry } from './job-registry.js';
import { JobsChecks } from './jobs.checks.js';
import { JobsConfig } from './jobs.options.js';
import { Jobs } from './jobs.service.js';
import { AttemptRunner } from './worker/attempt-runner.js';
import { InsideWorker } from './worker/inside-worker.js';
import { JobCleaning } from './worker/job-cleaning.js';
import { JobWorker } from './worker/job-worker.js';

const SERVICES = [JobRegistry, Jobs, AttemptRunner, JobWorker];
const CONTRIBUTIONS = [
  JobsChecks,
  JobCleaning,
  InsideWorker,
  WorkCommand,
  JobsCommand,
  RetryJobsCommand,
  ClearJobsCommand,
];

/** Work that is done later, by workers. */
@Module({})
export class JobsModule {
  static forRoot(config: JobsConfig): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [{ provide: JobsConfig, useValue: config }, queueProvider(config), ...SERVICES, ...CONTRIBUTIONS],
      exports: [JobsConfig, JobQueue, ...SERVICES],
    };
  }
}

/** Builds the driver's queue once the providers that it needs are there. */
function queueProvider({ driver }: JobsConfig): Provider {
  const needs = driver.needs ?? [];
  return {
    provide: JobQueue,
    inject: [Clock, ...needs],
    useFactory: (clock: Clock, ...found: readonly object[]) => {
      const get = <T extends object>(token: AnyClass<T>) => found[needs.indexOf(token)] as T;
      return driver.create({ clock, get });
    },
  };
}
