import { FrameworkError } from '#core';

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
