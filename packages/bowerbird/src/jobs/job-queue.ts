/** Where a job stands. One that waits for a retry is `waiting`. */
export type JobState = 'waiting' | 'running' | 'finished' | 'failed';

/** A job to keep. */
export interface NewJob {
  readonly name: string;
  readonly queue: string;
  /** JSON. */
  readonly payload: string;
  /** JSON: what the job keeps of the context in which it was enqueued. */
  readonly context: string;
  /** The higher, the earlier among the jobs that are due. */
  readonly priority: number;
  readonly dueAt: Date;
  /** While a job with this key waits or runs, no second one is kept. */
  readonly unique?: string | undefined;
}

/** The right to run a job and to say how that ended. It is over when another worker has claimed the job. */
export interface JobLease {
  readonly id: string;
  readonly token: string;
}

/** What a worker asks for. */
export interface JobClaim {
  /** Most jobs. */
  readonly limit: number;
  /** All queues unless given. */
  readonly queues?: readonly string[] | undefined;
  /** When the leases end unless they are extended. */
  readonly until: Date;
  /** What the worker is called in lists; at most 100 characters. */
  readonly worker: string;
}

/** A job that a worker may run now. */
export interface ClaimedJob extends JobLease {
  readonly name: string;
  readonly queue: string;
  /** JSON. */
  readonly payload: string;
  /** JSON. */
  readonly context: string;
  /** Number of the attempt, from 1; a lease that was lost does not count. */
  readonly attempt: number;
  /** How often a worker was lost with it. */
  readonly lostLeases: number;
  readonly enqueuedAt: Date;
}

/** How an attempt ended. `released` gives the job back as if it had not been claimed. */
export type JobOutcome =
  | { readonly kind: 'finished'; readonly keep: boolean }
  | { readonly kind: 'retry'; readonly at: Date; readonly error: string }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'released' };

/** A job as it is kept. */
export interface StoredJob extends Omit<NewJob, 'unique'> {
  readonly id: string;
  readonly state: JobState;
  /** When it becomes due, when its lease ends, or when it ended. */
  readonly dueAt: Date;
  /** Attempts so far, the one under way included. */
  readonly attempts: number;
  readonly lostLeases: number;
  /** Of the last attempt that failed. */
  readonly error: string | null;
  /** Who runs it, or ran it last. */
  readonly worker: string | null;
  readonly enqueuedAt: Date;
}

/** Which jobs are meant; all of them where nothing is said. */
export interface JobFilter {
  readonly ids?: readonly string[] | undefined;
  readonly state?: JobState | undefined;
  readonly name?: string | undefined;
  readonly queue?: string | undefined;
  /** Those that are due, or have ended, at this moment or before. */
  readonly dueBefore?: Date | undefined;
}

/** How many jobs of a queue are in a state. */
export interface JobCount {
  readonly queue: string;
  readonly state: JobState;
  readonly count: number;
}

/**
 * Where jobs are kept until they are done. Several processes use one queue; two of them never have the lease of one job.
 * Every implementation passes the contract `job-queue.contract.ts` of `bowerbird/testing`.
 */
export abstract class JobQueue {
  /** Keeps a job and returns its id; with a unique key that of the job that has it already. */
  abstract add(job: NewJob): Promise<string>;

  /**
   * Gives out the jobs that are due, those of lost workers first, then by priority and time. A waiting one begins its next
   * attempt; one whose lease has ended goes on with the same attempt and counts a lost lease.
   */
  abstract claim(claim: JobClaim): Promise<readonly ClaimedJob[]>;

  /** Moves the end of a lease; false when the lease is over. */
  abstract extend(lease: JobLease, until: Date): Promise<boolean>;

  /** Says how an attempt ended; false, and without effect, when the lease is over. */
  abstract settle(lease: JobLease, outcome: JobOutcome): Promise<boolean>;

  /** Jobs in the order of their ids, at most `limit`. */
  abstract find(filter: JobFilter, limit: number): Promise<readonly StoredJob[]>;

  /** How many there are, without states and queues that have none. */
  abstract count(): Promise<readonly JobCount[]>;

  /** Makes failed jobs wait again, with all their attempts before them, and returns their number. */
  abstract retry(filter: Omit<JobFilter, 'state'>): Promise<number>;

  /** Forgets at most `limit` jobs that do not run, and returns their number. */
  abstract clear(filter: JobFilter, limit: number): Promise<number>;
}
