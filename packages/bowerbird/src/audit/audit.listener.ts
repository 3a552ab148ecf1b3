import { Injectable } from '@nestjs/common';

import { OnWrite, WriteListener, type EntityDescription, type WriteEvent } from '#orm';

import { changesOf } from './audit-changes.js';
import { AuditTrail } from './audit-trail.js';
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
    const changes = changesOf(event);
    const { description, key, text } = event;
    if (event.kind === 'update' && Object.keys(changes).length === 0) return;
    await this.trail.record({ action: ACTIONS[event.kind], description, key, text, changes });
  }
}
