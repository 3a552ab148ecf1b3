import { type AnyClass } from '#core';

import { type JobAttempt } from './job-attempt.js';

/**
 * Work that is done later, by a worker: a provider marked with {@link Job}. It may run more than once, when a worker was
 * killed in the middle of it, so it has to bear that.
 *
 * @example
 * @Job({ name: 'photos.resize', attempts: 5 })
 * export class ResizePhoto extends BackgroundJob<{ photoId: number }> {
 *   async run({ photoId }: { photoId: number }): Promise<void> { … }
 * }
 */
export abstract class BackgroundJob<P extends object = Record<string, never>> {
  /**
   * Does the work. Any error means another attempt later, up to the last one.
   * @throws JobFailedError when another attempt would be of no use
   * @throws RetryLaterError to choose the time of the next attempt
   */
  abstract run(payload: P, attempt: JobAttempt): Promise<void>;

  /** Told once, after the job has ended as failed, with the error of its last attempt. Its own errors are logged. */
  async onFailed(_payload: P, _error: unknown): Promise<void> {}
}

/** The class of a job whose payload is a `P`. */
export type JobClass<P extends object> = AnyClass<BackgroundJob<P>>;
