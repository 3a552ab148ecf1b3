import { Injectable } from '@nestjs/common';
import { type ObjectLiteral } from 'typeorm';

import { ACTOR, Clock, ContextKey, contextValue, REQUEST_ID, runWith, type Actor } from '#core';
import { Database, type EntityDescription, type EntityKey } from '#orm';

import { type AuditChanges } from './audit-changes.js';
import { AuditEntry } from './audit-entry.entity.js';
import { auditKey } from './audit-key.js';

/** Something to keep that is not a plain write: an export, a log-in, an action on many rows. */
export interface AuditNote {
  /** `add`, `change`, `delete`, `link`, or a name of the application's own of at most 50 characters. */
  readonly action: string;
  readonly description?: Pick<EntityDescription, 'key'>;
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

/** The sentence of {@link AuditTrail.annotate}. */
const SENTENCE = new ContextKey<string>('audit sentence');

/** Reads and writes the log of what was done. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The history of one row, newest first. */
  async forObject(
    description: Pick<EntityDescription, 'key'>,
    key: EntityKey,
    page: AuditPageRequest = {},
  ): Promise<AuditPage> {
    return this.page(this.entries().filter({ entity: description.key, objectKey: auditKey(key) }), page);
  }

  /** What an actor did last, newest first; with null what anybody did. */
  async recent(actor: Pick<Actor, 'id'> | null, limit: number = PAGE): Promise<readonly AuditEntry[]> {
    const entries = actor ? this.entries().filter({ actorId: actor.id }) : this.entries();
    return entries.orderBy('-id').slice(0, limit).all();
  }

  /** Keeps an entry of the current actor and request. Inside of a transaction it is kept or dropped with it. */
  async record({ action, description, key, text = '', changes = {}, message }: AuditNote): Promise<void> {
    const sentence = message ?? contextValue(SENTENCE) ?? '';
    const actor = contextValue(ACTOR);
    await this.database.mapped(() =>
      this.database.dataSource.manager.insert<ObjectLiteral>(AuditEntry, {
        at: this.clock.now(),
        actorId: actor?.id ?? null,
        actorLabel: cut(actor?.label ?? '', 200),
        requestId: contextValue(REQUEST_ID) ?? null,
        action: cut(action, 50),
        entity: description?.key ?? '',
        objectKey: key === undefined ? '' : auditKey(key),
        objectText: cut(text, 200),
        changes,
        message: cut(sentence, 500),
      }),
    );
  }

  /** Runs work whose entries say a sentence, unless they bring one of their own; at most 500 characters. */
  annotate<T>(message: string, work: () => T): T {
    return runWith(SENTENCE, message, work);
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
