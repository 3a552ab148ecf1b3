/** One run of a job, as the job sees it. */
export interface JobAttempt {
  /** Id of the job; the same in each attempt, so that it may serve as a key against doing things twice. */
  readonly id: string;
  /** Counted from 1. An attempt whose worker was lost is made again under the same number. */
  readonly number: number;
  /** Whether the job ends as failed when this attempt fails. */
  readonly last: boolean;
  /** Fires when the time limit is over, when the worker stops, and when another worker has taken the job. */
  readonly signal: AbortSignal;
  /** When the job was enqueued. */
  readonly enqueuedAt: Date;
}
