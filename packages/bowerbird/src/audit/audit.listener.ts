import { Injectable } from '@nestjs/common';

import { OnWrite, WriteListener, type EntityDescription, type WriteEvent } from '#orm';

import { changesOf } from './audit-changes.js';
import { AuditTrail, type AuditNote } from './audit-trail.js';
import { AuditedEntities } from './audited-entities.js';

const ACTIONS = { insert: 'add', update: 'change', delete: 'delete', related: 'link' } as const;

/** Keeps an entry for each write of an audited entity, in the transaction of that write or upon its commit. */
@OnWrite()
@Injectable()
export class AuditListener extends WriteListener {
  constructor(
    private readonly entities: AuditedEntities,
    private readonly trail: AuditTrail,
  ) {
    super();
  }

  interested(description: EntityDescription): boolean {
    return this.entities.includes(description);
  }

  async written(event: WriteEvent): Promise<void> {
    await this.writtenAll([event]);
  }

  override async writtenAll(events: readonly WriteEvent[]): Promise<void> {
    const notes = events.flatMap((event) => this.noteOf(event) ?? []);
    for (const some of byDatabase(notes)) await this.trail.recordAll(some);
  }

  override async untold(description: EntityDescription, count: number, cause: string): Promise<void> {
    const text = `${count} more`;
    await this.trail.record({ action: ACTIONS.delete, description, text, message: deletedWith(cause) });
  }

  /** What is kept of a write; undefined where nothing changed of what is tracked. */
  private noteOf(event: WriteEvent): Note | undefined {
    const { kind, description, key, text, cause } = event;
    const tracked = Object.entries(changesOf(event)).filter(([path]) => this.entities.tracks(description, path));
    if (tracked.length === 0 && (kind === 'update' || kind === 'related')) return undefined;
    const message = cause === undefined ? {} : { message: deletedWith(cause) };
    return { action: ACTIONS[kind], description, key, text, changes: Object.fromEntries(tracked), ...message };
  }
}

type Note = AuditNote & { readonly description: EntityDescription };

function deletedWith(cause: string): string {
  return `Deleted with ${cause}.`;
}

function byDatabase(notes: readonly Note[]): readonly (readonly Note[])[] {
  const databases = new Set(notes.map(({ description }) => description.database));
  return [...databases].map((database) => notes.filter(({ description }) => description.database === database));
}
