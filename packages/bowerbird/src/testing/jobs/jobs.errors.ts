import { FrameworkError } from '#core';

/** Jobs enqueued jobs without end. */
export class JobLoopError extends FrameworkError {
  readonly code = 'testing.job_loop';

  constructor(runs: number, last: string) {
    super(`${runs} jobs have run and others are still due, "${last}" among the last`, {
      hint: 'Look for a job that enqueues itself, and enqueue it with a delay',
    });
  }
}
