import { Injectable } from '@nestjs/common';
import { type ObjectLiteral } from 'typeorm';

import { ACTOR, Clock, ContextKey, contextValue, REQUEST_ID, runWith, Signer, type Actor } from '#core';
import { Databases, type Database, type EntityDescription, type EntityKey } from '#orm';

import { type AuditChanges } from './audit-changes.js';
import { AuditEntry } from './audit-entry.entity.js';
import { auditKey } from './audit-key.js';
import { fingerprintOf, type EntryContent } from './fingerprint.js';

/** Something to keep that is not a plain write: an export, a log-in, an action on many rows. */
export interface AuditNote {
  /** `add`, `change`, `delete`, `link`, or a name of the application's own of at most 50 characters. */
  readonly action: string;
  /** The entity; with its database the entry waits for the transaction there. */
  readonly description?: Pick<EntityDescription, 'key' | 'proxyOf'> & Partial<Pick<EntityDescription, 'database'>>;
  readonly key?: EntityKey;
  /** The text form of the row. */
  readonly text?: string;
  readonly changes?: AuditChanges;
  /** A sentence; at most 500 characters. */
  readonly message?: string;
}

/** Which part of a long history to read. */
export interface AuditPageRequest {
  /** Entries to pass over; 0 by default. */
  readonly offset?: number;
  /** Most entries; 50 by default. */
  readonly limit?: number;
}

/** A part of a history, newest first. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Whether older entries follow. */
  readonly more: boolean;
}

const PAGE = 50;

/** Entries in one statement. */
const BATCH = 250;

/** The sentence of {@link AuditTrail.annotate}. */
const SENTENCE = new ContextKey<string>('audit sentence');

/** Reads and writes the log of what was done. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly databases: Databases,
    private readonly clock: Clock,
    private readonly signer: Signer,
  ) {}

  /** The history of one row, newest first. */
  async forObject(
    description: Pick<EntityDescription, 'key' | 'proxyOf'>,
    key: EntityKey,
    page: AuditPageRequest = {},
  ): Promise<AuditPage> {
    const { key: entity } = description.proxyOf ?? description;
    return this.page(this.entries().filter({ entity, objectKey: auditKey(key) }), page);
  }

  /** What an actor did last, newest first; with null what anybody did. */
  async recent(actor: Pick<Actor, 'id'> | null, limit: number = PAGE): Promise<readonly AuditEntry[]> {
    const entries = actor ? this.entries().filter({ actorId: actor.id }) : this.entries();
    return entries.orderBy('-id').slice(0, limit).all();
  }

  /**
   * Keeps an entry of the current actor and request. Inside of a transaction it is kept or dropped with it. What
   * concerns an entity of another database is kept when the transaction there has committed.
   */
  async record(note: AuditNote): Promise<void> {
    await this.recordAll([note]);
  }

  /** Keeps several entries by few statements. As {@link record}; all are of the same database. */
  async recordAll(notes: readonly AuditNote[]): Promise<void> {
    const entries = notes.map((note) => this.entryOf(note));
    const { database = this.database.alias } = notes[0]?.description ?? {};
    if (database === this.database.alias) await this.insert(entries);
    // Robust: the rows are stored, whatever else that waits for the commit may fail.
    else await this.databases.get(database).onCommit(() => this.insert(entries), { robust: true });
  }

  /** Runs work whose entries say a sentence, unless they bring one of their own; at most 500 characters. */
  annotate<T>(message: string, work: () => T): T {
    return runWith(SENTENCE, message, work);
  }

  /** The entry as of now: who acts may be forgotten by the time it is written. */
  private entryOf({ action, description, key, text = '', changes = {}, message }: AuditNote): ObjectLiteral {
    const actor = contextValue(ACTOR);
    const entry: EntryContent = {
      at: this.clock.now(),
      actorId: actor?.id ?? null,
      actorLabel: cut(actor?.label ?? '', 200),
      requestId: contextValue(REQUEST_ID) ?? null,
      action: cut(action, 50),
      entity: (description?.proxyOf ?? description)?.key ?? '',
      objectKey: key === undefined ? '' : auditKey(key),
      objectText: cut(text, 200),
      changes,
      message: cut(message ?? contextValue(SENTENCE) ?? '', 500),
    };
    return { ...entry, fingerprint: fingerprintOf(this.signer, entry) };
  }

  private async insert(entries: readonly ObjectLiteral[]): Promise<void> {
    const { manager } = this.database.dataSource;
    for (let start = 0; start < entries.length; start += BATCH) {
      const some = entries.slice(start, start + BATCH);
      await this.database.mapped(() => manager.insert<ObjectLiteral>(AuditEntry, some));
    }
  }

  /** Where the log is: in the default database. */
  private get database(): Database {
    return this.databases.default;
  }

  private entries() {
    return this.database.objects(AuditEntry);
  }

  private async page(
    entries: ReturnType<AuditTrail['entries']>,
    { offset = 0, limit = PAGE }: AuditPageRequest,
  ): Promise<AuditPage> {
    const found = await entries
      .orderBy('-id')
      .slice(offset, limit + 1)
      .all();
    return { entries: found.slice(0, limit), more: found.length > limit };
  }
}

/** At most `length` characters, without splitting one that takes two units. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
