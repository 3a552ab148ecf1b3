import { Injectable } from '@nestjs/common';

import { Clock } from '#core';
import { ConflictError, Reply, type HttpRequest } from '#http';
import { Databases, UniqueError, type Database } from '#orm';

import { ReusedIdempotencyKeyError } from '../api.errors.js';
import { ApiConfig } from '../api.options.js';
import { ApiVersions } from '../versions/api-versions.service.js';
import { idempotencyKey, recordKey, requestFingerprint } from './idempotency-key.js';
import { IdempotencyRecord } from './idempotency-record.entity.js';

/** What is kept of a request before it has an answer. */
type Claim = Pick<IdempotencyRecord, 'key' | 'fingerprint' | 'expiresAt'>;

/** Does the work of a request that names a key once, and gives its repetitions the same answer. */
@Injectable()
export class Idempotency {
  constructor(
    private readonly config: ApiConfig,
    private readonly databases: Databases,
    private readonly clock: Clock,
    private readonly versions: ApiVersions,
  ) {}

  /** Whether a request has to go through {@link once}. @throws BadIdempotencyKeyError */
  concerns(request: HttpRequest): boolean {
    return this.config.idempotency !== null && idempotencyKey(request) !== undefined;
  }

  /**
   * The answer to a request. It is kept in the transaction of the work, so that a crash leaves neither; a repetition
   * at the same time waits for the transaction. Work that fails leaves nothing, and may be tried again.
   * @throws ReusedIdempotencyKeyError, ConflictError
   */
  async once(request: HttpRequest, route: string, work: () => Promise<Reply>): Promise<Reply> {
    const claim = await this.claim(request, route);
    const known = await this.known(claim);
    if (known) return known;
    try {
      return await this.database.atomic(() => this.keep(claim, work));
    } catch (error) {
      if (!(error instanceof ClaimedError)) throw error;
      const other = await this.known(claim);
      if (other) return other;
      throw new ConflictError('Another request with this Idempotency-Key is being answered', { cause: error });
    }
  }

  /** Forgets answers whose time is over. @returns how many there were */
  async clearExpired(limit: number): Promise<number> {
    const expired = this.records.filter({ expiresAt__lte: this.clock.now() }).orderBy('expiresAt');
    const rows = await expired.slice(0, limit).values('key').all();
    return rows.length === 0 ? 0 : this.records.filter({ key__in: rows.map(({ key }) => key) }).delete();
  }

  private async claim(request: HttpRequest, route: string): Promise<Claim> {
    const { lifetime } = this.config.idempotency!;
    return {
      key: recordKey(request, route, idempotencyKey(request)!),
      fingerprint: await requestFingerprint(request, this.versions.of(request)),
      expiresAt: new Date(this.clock.now().getTime() + lifetime),
    };
  }

  /** The answer that is kept. @throws ReusedIdempotencyKeyError where it is that of another request */
  private async known({ key, fingerprint }: Claim): Promise<Reply | undefined> {
    const record = await this.database.onPrimary(() => this.records.filter({ key }).first());
    if (!record) return undefined;
    if (record.expiresAt <= this.clock.now()) return this.forget(key);
    if (record.fingerprint !== fingerprint) throw new ReusedIdempotencyKeyError();
    const headers = { ...(JSON.parse(record.headers) as Record<string, string>), 'Idempotent-Replayed': 'true' };
    const { status, body } = record;
    return body === null ? Reply.empty(status, headers) : Reply.text(body, { status, headers });
  }

  /** The row is there before the work begins, so that the database makes a second request wait for it. */
  private async keep(claim: Claim, work: () => Promise<Reply>): Promise<Reply> {
    const { key } = claim;
    await this.insert(claim);
    const reply = await work();
    const { status, headers, body } = reply;
    if (body === undefined || typeof body === 'string')
      await this.records.filter({ key }).update({ status, headers: JSON.stringify(headers), body: body ?? null });
    // What is sent as it is made cannot be kept.
    else await this.records.filter({ key }).delete();
    return reply;
  }

  /** Outside of the transaction of the work: MySQL locks the gap where a row was looked for, on which two would deadlock. */
  private async forget(key: string): Promise<undefined> {
    await this.records.filter({ key, expiresAt__lte: this.clock.now() }).delete();
  }

  private async insert(claim: Claim): Promise<void> {
    const row = { ...claim, status: 0, headers: '{}', body: null };
    try {
      await this.database.mapped(() => this.database.dataSource.manager.insert(IdempotencyRecord, row));
    } catch (error) {
      throw error instanceof UniqueError ? new ClaimedError(error) : error;
    }
  }

  private get database(): Database {
    return this.databases.of(IdempotencyRecord);
  }

  private get records() {
    return this.databases.objects(IdempotencyRecord);
  }
}

/** Another request with the key was there first. */
class ClaimedError extends Error {
  constructor(override readonly cause: unknown) {
    super('The key is taken');
  }
}
