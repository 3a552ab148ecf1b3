import { randomToken, sha256, type Clock } from '#core';
import { Count, Databases, F, UniqueError, type AtomicOptions, type Database } from '#orm';

import { type DatabaseJobOptions, type JobDriverParts } from '../job-driver.js';
import {
  JobQueue,
  type ClaimedJob,
  type JobClaim,
  type JobCount,
  type JobFilter,
  type JobLease,
  type JobOutcome,
  type JobState,
  type NewJob,
  type StoredJob,
} from '../job-queue.js';
import { JobRecord } from '../job-record.entity.js';
import { UniqueJobError } from '../jobs.errors.js';

const TOKEN_BYTES = 32;

/** How often a job that has a unique key is looked for, and kept where there is none. */
const TRIES = 5;

/** Ids in one list; SQLite takes fewer than 32,767 values in a statement. */
const LONGEST_LIST = 10_000;

/** Builds the queue on the database that the options name. */
export function createDatabaseQueue(
  { clock, get }: JobDriverParts,
  { database = 'default' }: DatabaseJobOptions,
): JobQueue {
  return new DatabaseJobQueue(get(Databases).get(database), clock);
}

/** Jobs as rows of {@link JobRecord}. What is added takes part in the transaction of whoever adds it. */
class DatabaseJobQueue extends JobQueue {
  private readonly claiming: AtomicOptions;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
    // MySQL locks gaps between rows otherwise, and workers would wait for each other.
    const isolation = database.dialect === 'mysql' ? ({ isolation: 'READ COMMITTED' } as const) : {};
    this.claiming = { retries: 3, ...isolation };
  }

  async add(job: NewJob): Promise<string> {
    if (job.unique === undefined) return this.insert(job, null);
    const key = sha256(`${job.name}\n${job.unique}`);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = await this.holderOf(key, tries > 0);
      if (known !== undefined) return known;
      const id = await this.insertUnlessThere(job, key);
      if (id !== undefined) return id;
    }
    throw new UniqueJobError(job.name, job.unique);
  }

  async claim(claim: JobClaim): Promise<readonly ClaimedJob[]> {
    const { database } = this;
    return database.withoutSticking(() =>
      database.onPrimary(async () => {
        // Most of the time nothing is due, which takes no transaction to find out.
        const idle = !(await this.due(['running', 'waiting'], claim).exists());
        return idle ? [] : database.atomic(() => this.claimDue(claim), this.claiming);
      }),
    );
  }

  async extend(lease: JobLease, until: Date): Promise<boolean> {
    return (await this.database.withoutSticking(() => this.leased(lease).update({ dueAt: until }))) > 0;
  }

  async settle(lease: JobLease, outcome: JobOutcome): Promise<boolean> {
    return (await this.database.withoutSticking(() => this.end(this.leased(lease), outcome))) > 0;
  }

  async find(filter: JobFilter, limit: number): Promise<readonly StoredJob[]> {
    const rows = await this.database.onPrimary(() => this.rows(filter).orderBy('id').slice(0, limit).all());
    return rows.map(storedJob);
  }

  async count(): Promise<readonly JobCount[]> {
    const groups = await this.database.onPrimary(() =>
      this.rows()
        .values('queue', 'state')
        .annotate({ count: Count('id') })
        .orderBy('queue', 'state')
        .all(),
    );
    return groups.map(({ queue, state, count }) => ({ queue, state, count: Number(count) }));
  }

  async retry(filter: Omit<JobFilter, 'state'>): Promise<number> {
    return this.rows({ ...filter, state: 'failed' }).update({
      state: 'waiting',
      dueAt: this.clock.now(),
      attempts: 0,
      lostLeases: 0,
    });
  }

  async clear(filter: JobFilter, limit: number): Promise<number> {
    const ended = () => this.rows(filter).filter({ state__in: ['waiting', 'finished', 'failed'] });
    const found = await this.database.onPrimary(() =>
      ended().orderBy('dueAt').slice(0, Math.min(limit, LONGEST_LIST)).values('id').all(),
    );
    if (found.length === 0) return 0;
    const ids = found.map(({ id }) => id);
    return this.database.withoutSticking(() => ended().filter({ id__in: ids }).delete());
  }

  private async insert(added: NewJob, uniqueKey: string | null): Promise<string> {
    const { database } = this;
    const { unique: _, priority, ...job } = added;
    const row = { ...job, uniqueKey, state: 'waiting' as const, rank: -priority, enqueuedAt: this.clock.now() };
    const { identifiers } = await database.withoutSticking(() =>
      database.mapped(() => database.dataSource.manager.insert(JobRecord, row)),
    );
    return String((identifiers[0] as { readonly id: string | number }).id);
  }

  /** Undefined where somebody else was faster. A transaction around it goes on: the insert has a savepoint. */
  private async insertUnlessThere(job: NewJob, key: string): Promise<string | undefined> {
    try {
      return await this.database.atomic(() => this.insert(job, key), { retries: 3 });
    } catch (error) {
      if (error instanceof UniqueError) return undefined;
      throw error;
    }
  }

  /** @param latest see what others have stored since the transaction began, which takes a lock */
  private async holderOf(uniqueKey: string, latest: boolean): Promise<string | undefined> {
    const rows = this.rows().filter({ uniqueKey });
    const first = () => (latest ? rows.selectForUpdate() : rows).first();
    const row = await this.database.onPrimary(() => (latest ? this.database.atomic(first) : first()));
    return row?.id;
  }

  /** The rows that are locked here are passed over by all others who claim. */
  private async claimDue(claim: JobClaim): Promise<readonly ClaimedJob[]> {
    const lock = { skipLocked: true };
    const lost = await this.due(['running'], claim)
      .orderBy('dueAt', 'id')
      .slice(0, claim.limit)
      .selectForUpdate(lock)
      .all();
    const left = claim.limit - lost.length;
    const fresh =
      left === 0
        ? []
        : await this.due(['waiting'], claim).orderBy('rank', 'dueAt', 'id').slice(0, left).selectForUpdate(lock).all();
    const lease = {
      state: 'running' as const,
      token: randomToken(TOKEN_BYTES),
      dueAt: claim.until,
      worker: claim.worker,
    };
    if (lost.length > 0) await this.byIds(lost).update({ ...lease, lostLeases: F('lostLeases').plus(1) });
    if (fresh.length > 0) await this.byIds(fresh).update({ ...lease, attempts: F('attempts').plus(1) });
    return [
      ...lost.map((row) => claimedJob(row, lease.token, { attempt: row.attempts, lostLeases: row.lostLeases + 1 })),
      ...fresh.map((row) => claimedJob(row, lease.token, { attempt: row.attempts + 1, lostLeases: row.lostLeases })),
    ];
  }

  /** How many rows there were to end: one, or none where the lease is over. */
  private end(rows: ReturnType<DatabaseJobQueue['leased']>, outcome: JobOutcome): Promise<number> {
    const dueAt = this.clock.now();
    const ended = { token: null, uniqueKey: null, dueAt };
    if (outcome.kind === 'released')
      return rows.update({ state: 'waiting', token: null, dueAt, attempts: F('attempts').minus(1) });
    if (outcome.kind === 'retry')
      return rows.update({ state: 'waiting', token: null, dueAt: outcome.at, error: outcome.error });
    if (outcome.kind === 'failed') return rows.update({ ...ended, state: 'failed', error: outcome.error });
    return outcome.keep ? rows.update({ ...ended, state: 'finished', error: null }) : rows.delete();
  }

  private leased({ id, token }: JobLease) {
    return this.rows().filter({ id, token, state: 'running' });
  }

  private due(states: readonly JobState[], { queues }: JobClaim) {
    const due = this.rows().filter({ state__in: states, dueAt__lte: this.clock.now() });
    return queues ? due.filter({ queue__in: queues }) : due;
  }

  private byIds(rows: readonly JobRecord[]) {
    return this.rows().filter({ id__in: rows.map(({ id }) => id) });
  }

  private rows({ ids, state, name, queue, dueBefore }: JobFilter = {}) {
    let rows = this.database.objects(JobRecord);
    if (ids) rows = rows.filter({ id__in: ids });
    if (state !== undefined) rows = rows.filter({ state });
    if (name !== undefined) rows = rows.filter({ name });
    if (queue !== undefined) rows = rows.filter({ queue });
    return dueBefore ? rows.filter({ dueAt__lte: dueBefore }) : rows;
  }
}

function claimedJob(
  { id, name, queue, payload, context, enqueuedAt }: JobRecord,
  token: string,
  counts: Pick<ClaimedJob, 'attempt' | 'lostLeases'>,
): ClaimedJob {
  return { id, token, name, queue, payload, context, enqueuedAt, ...counts };
}

function storedJob(kept: JobRecord): StoredJob {
  const { rank, uniqueKey: _, token: _token, ...row } = kept;
  return { ...row, priority: 0 - rank };
}
