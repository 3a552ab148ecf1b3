import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

import { BOOT_PLAN, contextValue } from '#core';

import { JobsConfig } from '../jobs.options.js';
import { JobWorker } from './job-worker.js';

/** Runs jobs in a process that serves the application, where `settings.jobs.worker` is `inside`. */
@Injectable()
export class InsideWorker implements OnApplicationBootstrap {
  constructor(
    private readonly config: JobsConfig,
    private readonly worker: JobWorker,
  ) {}

  onApplicationBootstrap(): void {
    const { verb, connect } = contextValue(BOOT_PLAN) ?? { verb: 'serve', connect: true };
    if (this.config.worker === 'inside' && verb === 'serve' && connect) void this.worker.work();
  }
}
