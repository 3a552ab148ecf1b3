import { durationMs, FrameworkError, type Duration, type FrameworkErrorOptions } from '#core';

/** A job's payload has a part that JSON cannot hold. */
export class JobPayloadError extends FrameworkError {
  readonly code = 'jobs.payload';

  constructor(job: string, path: string, found: string) {
    super(`"${path}" of the job "${job}" is ${found}; a payload holds JSON only`, {
      hint: 'Give the key of an entity instead of the entity, and a date as its ISO text',
    });
  }
}

/** A job's payload is larger than `settings.jobs.payloadLimit`. */
export class JobPayloadSizeError extends FrameworkError {
  readonly code = 'jobs.payload_size';

  constructor(job: string, bytes: number, limit: number) {
    super(`The payload of the job "${job}" has ${bytes} bytes; at most ${limit} are kept`, {
      hint: 'Store the data, and give the job its key; or raise settings.jobs.payloadLimit',
    });
  }
}

/** A job was enqueued with an option that makes no sense. */
export class JobOptionError extends FrameworkError {
  readonly code = 'jobs.option';

  constructor(job: string, option: string, expected: string) {
    super(`The option "${option}" of the job "${job}" must be ${expected}`, {
      hint: 'See the table of options in docs/ref/jobs.md',
    });
  }
}

/** A class was enqueued that says no name of a job. */
export class UnmarkedJobError extends FrameworkError {
  readonly code = 'jobs.unmarked';

  constructor(name: string) {
    super(`${name} is not marked as a job`, { hint: `Write @Job({ name: '…' }) above the class` });
  }
}

/** A job was enqueued, run or asked for that no module of the application provides. */
export class UnknownJobError extends FrameworkError {
  readonly code = 'jobs.unknown_job';

  constructor(name: string, suggestion: string) {
    super(`No job named "${name}". ${suggestion}`.trim(), {
      hint: 'List the class among the providers of a module; after a change of name, see "Renaming a job" in docs/topics/jobs.md',
    });
  }
}

/** A unique job could neither be kept nor found: others with its key came and went all the time. */
export class UniqueJobError extends FrameworkError {
  readonly code = 'jobs.unique';
  override readonly status = 409;

  constructor(name: string, key: string) {
    super(
      `The job "${name}" with the unique key "${key}" was kept and finished by others each time it was looked for`,
      {
        hint: 'Enqueue it again',
      },
    );
  }
}

/** Thrown by a job: it ends as failed now, because another attempt would be of no use. */
export class JobFailedError extends FrameworkError {
  readonly code = 'jobs.failed';
}

/**
 * Thrown by a job: the next attempt, if there is one, is made at a time of the job's own choice.
 * `throw new RetryLaterError('10m', 'The service is overloaded')`
 */
export class RetryLaterError extends FrameworkError {
  readonly code = 'jobs.retry_later';

  private readonly when: Date | number;

  /**
   * @param when how long to wait, or until when
   * @throws RangeError where it is neither
   */
  constructor(
    when: Duration | Date,
    message: string = 'The job asks for another attempt later',
    options: FrameworkErrorOptions = {},
  ) {
    super(message, options);
    this.when = when instanceof Date ? when : durationMs(when);
    if (Number.isNaN(Number(this.when))) throw new RangeError('The time of the next attempt is no date');
  }

  /** The time of the next attempt. */
  timeFrom(now: Date): Date {
    return this.when instanceof Date ? this.when : new Date(now.getTime() + this.when);
  }
}

/** An attempt took longer than it may. */
export class JobTimeoutError extends FrameworkError {
  readonly code = 'jobs.timeout';

  constructor(job: string, milliseconds: number) {
    super(`The job "${job}" was still running after ${milliseconds} ms`, {
      hint: 'Split the work, or raise the timeout of the job; and pass the signal of the attempt on to what takes long',
    });
  }
}

/** The worker could not keep its right to a job, which another one may run by now. */
export class LeaseLostError extends FrameworkError {
  readonly code = 'jobs.lease_lost';

  constructor(job: string) {
    super(`The lease of the job "${job}" is over, and another worker may run it`, {
      hint: 'Look for work that blocks the process, or raise settings.jobs.lease',
    });
  }
}

/** The worker stops, and a job was still running when its time was over. */
export class WorkerStoppedError extends FrameworkError {
  readonly code = 'jobs.worker_stopped';

  constructor(job: string) {
    super(`The worker stops while the job "${job}" is running; it will run again elsewhere`, {
      hint: 'Raise settings.http.shutdown.deadline, or split the work',
    });
  }
}

/** Worker after worker was lost with one job, which may be the reason. */
export class WorkersLostError extends FrameworkError {
  readonly code = 'jobs.workers_lost';

  constructor(job: string, times: number) {
    super(`${times} workers were lost while they ran the job "${job}"`, {
      hint: 'See whether it takes more memory than there is or blocks the process, then run it again with jobs:retry',
    });
  }
}
