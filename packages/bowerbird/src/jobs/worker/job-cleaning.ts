import { Injectable, Logger } from '@nestjs/common';

import { Clock, showThrown } from '#core';

import { JobQueue, type JobState } from '../job-queue.js';
import { JobsConfig } from '../jobs.options.js';

/** Milliseconds between two cleanings of a worker. */
const BETWEEN = 60_000;

/** Jobs in one statement. */
const BATCH = 1_000;

/** Forgets jobs that ended longer ago than `settings.jobs` wants them kept. */
@Injectable()
export class JobCleaning {
  private readonly logger = new Logger('Jobs');
  private last = 0;

  constructor(
    private readonly queue: JobQueue,
    private readonly config: JobsConfig,
    private readonly clock: Clock,
  ) {}

  /** A batch of each kind, where the last one is a minute ago. Errors are logged. */
  async cleanIfDue(): Promise<void> {
    const now = this.clock.now().getTime();
    if (now - this.last < BETWEEN) return;
    this.last = now;
    try {
      await this.clean('finished', this.config.keepFinished);
      await this.clean('failed', this.config.keepFailed);
    } catch (error) {
      this.logger.error(`Old jobs could not be deleted\n${showThrown(error)}`);
    }
  }

  private async clean(state: JobState, keep: number): Promise<void> {
    await this.queue.clear({ state, dueBefore: new Date(this.clock.now().getTime() - keep) }, BATCH);
  }
}
