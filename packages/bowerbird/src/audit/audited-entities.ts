import { Injectable } from '@nestjs/common';

import { type AnyClass } from '#core';
import { type EntityDescription } from '#orm';

import { AuditConfig } from './audit.options.js';

/** Apps whose rows come and go with every request, or are the log itself. */
const NEVER: ReadonlySet<string> = new Set(['audit', 'sessions']);

/** Which entities' writes are kept. */
@Injectable()
export class AuditedEntities {
  private readonly added = new Set<AnyClass>();

  constructor(private readonly config: AuditConfig) {}

  /** Asks for an entity's writes, whatever the entity says of itself. Call it before the application serves. */
  add(entity: AnyClass): void {
    this.added.add(entity);
  }

  /** Whether changes of a field or relation are kept. */
  tracks({ key }: EntityDescription, path: string): boolean {
    return this.config.fields.get(key)?.has(path) ?? true;
  }

  includes({ app, key, target, audited }: EntityDescription): boolean {
    if (NEVER.has(app) || this.config.exclude.has(key)) return false;
    return audited || this.config.entities === 'all' || this.added.has(target);
  }
}
