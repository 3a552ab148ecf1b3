import { Injectable } from '@nestjs/common';

import { Clock, type Class } from '#core';
import { Database, OnWrite, WriteListener, type EntityDescription, type RawRow, type WriteEvent } from '#orm';

import { AuthConfig } from '../auth.options.js';
import { Group } from '../groups/group.entity.js';
import { Permission } from '../groups/permission.entity.js';

interface Kept {
  readonly rows: readonly RawRow[];
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Accounts that are kept at most; the oldest goes first. */
const MOST = 10_000;

/**
 * What was read of accounts a moment ago, where `settings.auth.remember` lets requests go on with it. What this process
 * writes through the orm is forgotten at once and again when it is committed, so that nothing older than it stays.
 */
@OnWrite()
@Injectable()
export class AccountMemory extends WriteListener {
  private readonly kept = new Map<string, Kept>();
  /** How often something was forgotten: what was being read meanwhile is not kept. */
  private generation = 0;

  constructor(
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    private readonly database: Database,
  ) {
    super();
  }

  /** Rows of an account as the database gave them: at once where they are known and not too old. */
  rows<R extends RawRow>(id: number | string, read: () => Promise<readonly R[]>): readonly R[] | Promise<readonly R[]> {
    if (this.config.remember === 0 || this.database.inTransaction) return read();
    const key = String(id);
    const now = this.clock.now().getTime();
    const known = this.kept.get(key);
    if (known && known.until > now) return known.rows.map(copyOf) as readonly R[];
    return this.keeping(key, now + this.config.remember, read);
  }

  interested(description: EntityDescription): boolean {
    return (
      this.config.remember > 0 && [this.config.user, Group, Permission].some((entity) => this.isOf(description, entity))
    );
  }

  async written(event: WriteEvent): Promise<void> {
    await this.writtenAll([event]);
  }

  override async writtenAll(events: readonly WriteEvent[]): Promise<void> {
    await this.forgetting(() => this.forget(events));
  }

  override async untold(): Promise<void> {
    await this.forgetting(() => this.forgetAll());
  }

  /** At once, and again when others can see what was written. */
  private async forgetting(forget: () => void): Promise<void> {
    forget();
    await this.database.onCommit(forget);
  }

  private forgetAll(): void {
    this.generation += 1;
    this.kept.clear();
  }

  /** What was written of accounts, whose keys are single columns, concerns these; what was written of groups and permissions may concern all. */
  private forget(events: readonly WriteEvent[]): void {
    if (!events.every(({ description }) => this.isOf(description, this.config.user))) return this.forgetAll();
    this.generation += 1;
    for (const { key } of events) this.kept.delete(key as string);
  }

  /** Proxies and subclasses in one table stand for the same rows. */
  private isOf({ table, schema }: EntityDescription, entity: Class): boolean {
    const known = this.database.describe(entity);
    return known.table === table && known.schema === schema;
  }

  private async keeping<R extends RawRow>(
    key: string,
    until: number,
    read: () => Promise<readonly R[]>,
  ): Promise<readonly R[]> {
    const { generation } = this;
    const rows = await read();
    if (generation === this.generation) this.keep(key, { rows: rows.map(copyOf), until });
    return rows;
  }

  private keep(key: string, kept: Kept): void {
    this.kept.delete(key);
    if (this.kept.size >= MOST) this.kept.delete(this.kept.keys().next().value!);
    this.kept.set(key, kept);
  }
}

/** A row whose values can be changed without the one that is kept. */
function copyOf(row: RawRow): RawRow {
  const copy = { ...row };
  for (const [name, value] of Object.entries(row))
    if (typeof value === 'object' && value !== null) copy[name] = copyOfValue(value);
  return copy;
}

function copyOfValue(value: object): unknown {
  if (value instanceof Date) return new Date(value);
  return Buffer.isBuffer(value) ? Buffer.from(value) : structuredClone(value);
}
