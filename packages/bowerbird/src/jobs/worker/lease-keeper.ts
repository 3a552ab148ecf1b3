import { Logger } from '@nestjs/common';

import { showThrown, type Clock } from '#core';

import { type ClaimedJob, type JobQueue } from '../job-queue.js';

/** A lease is extended this often in its own length, so that one extension may fail. */
const BEATS = 3;

/** What a {@link LeaseKeeper} needs to keep leases. */
export interface LeaseKeeping {
  readonly queue: JobQueue;
  readonly clock: Clock;
  /** Length of a lease in milliseconds. */
  readonly length: number;
}

/** Extends the lease of a job while it runs. */
export class LeaseKeeper {
  private readonly logger = new Logger('Jobs');
  private readonly timer: NodeJS.Timeout;
  private until: Date;
  private extending: Promise<void> | undefined;

  constructor(
    private readonly job: ClaimedJob,
    private readonly keeping: LeaseKeeping,
    /** Told once, when the lease is over. */
    private readonly lost: () => void,
  ) {
    this.until = this.end();
    this.timer = setInterval(() => this.beat(), Math.max(1, keeping.length / BEATS));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** A queue that has not answered yet is not asked again; a lease that ends meanwhile is over. */
  private beat(): void {
    if (!this.extending) this.extending = this.extend().finally(() => (this.extending = undefined));
    else if (this.keeping.clock.now() >= this.until) this.lose();
  }

  private async extend(): Promise<void> {
    const until = this.end();
    try {
      if (!(await this.keeping.queue.extend(this.job, until))) return this.lose();
      this.until = until;
    } catch (error) {
      this.logger.warn(`The lease of ${this.job.name} ${this.job.id} could not be extended\n${showThrown(error)}`);
      if (this.keeping.clock.now() >= this.until) this.lose();
    }
  }

  private lose(): void {
    this.stop();
    this.lost();
  }

  private end(): Date {
    return new Date(this.keeping.clock.now().getTime() + this.keeping.length);
  }
}
