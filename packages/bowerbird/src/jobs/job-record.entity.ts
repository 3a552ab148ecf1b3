import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

import { Field, Meta } from '#orm';

import { type JobState } from './job-queue.js';

/** A job as a row. What it is due for depends on its state, so that one index serves the workers and the clearing. */
@Entity({ name: 'jobs_job' })
@Meta({
  label: 'Job',
  audited: false,
  // Rows that others have locked are passed over; SQLite lets one writer in at a time.
  requires: ['sqlite', 'postgres>=9.5', 'mysql>=8.0.1', 'mariadb>=10.6'],
})
@Index('jobs_job_claim', ['state', 'rank', 'dueAt', 'id'])
@Index('jobs_job_due', ['state', 'dueAt'])
export class JobRecord {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column({ type: 'varchar', length: 100 })
  @Field({ editable: false })
  name: string;

  @Column({ type: 'varchar', length: 50 })
  @Field({ editable: false })
  queue: string;

  /** JSON. */
  @Column({ type: 'text' })
  @Field({ sensitive: true, editable: false })
  payload: string;

  /** JSON. */
  @Column({ type: 'text' })
  @Field({ sensitive: true, editable: false })
  context: string;

  @Column({ type: 'varchar', length: 10 })
  @Field({ editable: false })
  state: JobState;

  /** The priority with its sign turned: an index that ascends gives the order of the workers. */
  @Column({ type: 'integer', name: 'claim_rank' })
  @Field({ editable: false })
  rank: number;

  /** When it becomes due, when its lease ends, or when it ended. */
  @Column({ type: 'datetime', name: 'due_at' })
  @Field({ editable: false })
  dueAt: Date;

  @Column({ type: 'integer', default: 0 })
  @Field({ editable: false })
  attempts: number;

  @Column({ type: 'integer', default: 0, name: 'lost_leases' })
  @Field({ editable: false })
  lostLeases: number;

  /** SHA-256 of the job's name and its unique key, base64url; null once it has ended. */
  @Index('jobs_job_unique', { unique: true })
  @Column({ type: 'varchar', length: 43, nullable: true, name: 'unique_key' })
  @Field({ sensitive: true, editable: false })
  uniqueKey: string | null;

  /** Of the lease. */
  @Column({ type: 'varchar', length: 43, nullable: true })
  @Field({ sensitive: true, editable: false })
  token: string | null;

  @Column({ type: 'varchar', length: 100, nullable: true })
  @Field({ editable: false })
  worker: string | null;

  @Column({ type: 'text', nullable: true })
  @Field({ editable: false })
  error: string | null;

  @Column({ type: 'datetime', name: 'enqueued_at' })
  @Field({ editable: false })
  enqueuedAt: Date;
}
