import { randomUUID } from 'node:crypto';

import { type Clock } from '#core';

import {
  JobQueue,
  type ClaimedJob,
  type JobClaim,
  type JobCount,
  type JobFilter,
  type JobLease,
  type JobOutcome,
  type NewJob,
  type StoredJob,
} from '../job-queue.js';

/** A stored job and what only the queue knows of it. */
interface MemoryJob extends StoredJob {
  readonly unique: string | undefined;
  readonly token: string | undefined;
}

/** Jobs in this process, in the order of their ids. */
export class MemoryJobQueue extends JobQueue {
  private readonly jobs = new Map<string, MemoryJob>();
  private last = 0;

  constructor(
    private readonly clock: Clock,
    /** Runs work when the current transaction commits; at once where there is none. */
    private readonly afterCommit: (work: () => void) => Promise<void>,
  ) {
    super();
  }

  async add({ unique, ...job }: NewJob): Promise<string> {
    const holder = this.holderOf(job.name, unique);
    if (holder) return holder.id;
    this.last += 1;
    const id = String(this.last);
    const counts = { attempts: 0, lostLeases: 0, error: null, worker: null, token: undefined };
    const added: MemoryJob = { ...job, ...counts, id, unique, state: 'waiting', enqueuedAt: this.clock.now() };
    await this.afterCommit(() => {
      if (!this.holderOf(job.name, unique)) this.jobs.set(id, added);
    });
    return id;
  }

  async claim(claim: JobClaim): Promise<readonly ClaimedJob[]> {
    const due = [...this.jobs.values()].filter((job) => this.isDue(job, claim)).sort(inOrderOfClaims);
    return due.slice(0, claim.limit).map((job) => this.give(job, claim));
  }

  async extend(lease: JobLease, until: Date): Promise<boolean> {
    return this.change(lease, { dueAt: until });
  }

  async settle(lease: JobLease, outcome: JobOutcome): Promise<boolean> {
    const job = this.leased(lease);
    if (!job) return false;
    if (outcome.kind === 'finished' && !outcome.keep) return this.jobs.delete(job.id);
    return this.change(lease, this.changesOf(job, outcome));
  }

  async find(filter: JobFilter, limit: number): Promise<readonly StoredJob[]> {
    return this.matching(filter).slice(0, limit).map(storedJob);
  }

  async count(): Promise<readonly JobCount[]> {
    const counts = new Map<string, JobCount>();
    for (const { queue, state } of this.jobs.values()) {
      const key = `${queue}\n${state}`;
      counts.set(key, { queue, state, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    return [...counts.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count);
  }

  async retry(filter: Omit<JobFilter, 'state'>): Promise<number> {
    const failed = this.matching({ ...filter, state: 'failed' });
    const anew = { state: 'waiting', attempts: 0, lostLeases: 0, dueAt: this.clock.now() } as const;
    for (const job of failed) this.jobs.set(job.id, { ...job, ...anew });
    return failed.length;
  }

  async clear(filter: JobFilter, limit: number): Promise<number> {
    const some = this.matching(filter)
      .filter(({ state }) => state !== 'running')
      .slice(0, limit);
    for (const { id } of some) this.jobs.delete(id);
    return some.length;
  }

  private isDue({ state, dueAt, queue }: MemoryJob, { queues }: JobClaim): boolean {
    const claimable = state === 'waiting' || state === 'running';
    return claimable && dueAt <= this.clock.now() && (!queues || queues.includes(queue));
  }

  private give(job: MemoryJob, { until, worker }: JobClaim): ClaimedJob {
    const lost = job.state === 'running' ? 1 : 0;
    const [attempt, lostLeases] = [job.attempts + 1 - lost, job.lostLeases + lost];
    const lease = { state: 'running', token: randomUUID(), dueAt: until, worker } as const;
    this.jobs.set(job.id, { ...job, ...lease, attempts: attempt, lostLeases });
    const { id, name, queue, payload, context, enqueuedAt } = job;
    return { id, token: lease.token, name, queue, payload, context, enqueuedAt, attempt, lostLeases };
  }

  private changesOf({ attempts, error }: MemoryJob, outcome: JobOutcome): Partial<MemoryJob> {
    const dueAt = this.clock.now();
    const [open, ended] = [
      { token: undefined, dueAt },
      { token: undefined, unique: undefined, dueAt },
    ];
    if (outcome.kind === 'released') return { ...open, state: 'waiting', attempts: attempts - 1, error };
    if (outcome.kind === 'retry') return { ...open, state: 'waiting', dueAt: outcome.at, error: outcome.error };
    if (outcome.kind === 'failed') return { ...ended, state: 'failed', error: outcome.error };
    return { ...ended, state: 'finished', error: null };
  }

  private change(lease: JobLease, changes: Partial<MemoryJob>): boolean {
    const job = this.leased(lease);
    if (job) this.jobs.set(job.id, { ...job, ...changes });
    return job !== undefined;
  }

  private leased({ id, token }: JobLease): MemoryJob | undefined {
    const job = this.jobs.get(id);
    return job?.state === 'running' && job.token === token ? job : undefined;
  }

  private holderOf(name: string, unique: string | undefined): MemoryJob | undefined {
    if (unique === undefined) return undefined;
    return [...this.jobs.values()].find((job) => job.name === name && job.unique === unique);
  }

  private matching({ ids, state, name, queue, dueBefore }: JobFilter): readonly MemoryJob[] {
    return [...this.jobs.values()].filter(
      (job) =>
        (!ids || ids.includes(job.id)) &&
        (state === undefined || job.state === state) &&
        (name === undefined || job.name === name) &&
        (queue === undefined || job.queue === queue) &&
        (!dueBefore || job.dueAt <= dueBefore),
    );
  }
}

/** Those of lost workers first, then by priority and time. */
function inOrderOfClaims(one: MemoryJob, other: MemoryJob): number {
  if (one.state !== other.state) return one.state === 'running' ? -1 : 1;
  const byPriority = one.state === 'waiting' ? other.priority - one.priority : 0;
  return byPriority || one.dueAt.getTime() - other.dueAt.getTime() || Number(one.id) - Number(other.id);
}

function storedJob(kept: MemoryJob): StoredJob {
  const { unique: _, token: _token, ...job } = kept;
  return job;
}
