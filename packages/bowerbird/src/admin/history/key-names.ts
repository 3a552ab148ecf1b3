import { Injectable } from '@nestjs/common';

import { isLinkChange, REDACTED, type AuditChanges, type ReadableValue } from '#audit';
import { Descriptions, FieldError, type EntityDescription, type EntityKey, type QuerySet } from '#orm';

import { type AdminContext } from '../site/admin-context.js';
import { RowFinder, type NamedRow } from '../site/row-finder.js';
import { keySegment, parseAuditKey } from '../site/row-key.js';

/** Gives the row that a stored key refers to; without an address where it is gone or not the user's to see. */
export type KeyNamer = (path: string, key: ReadableValue) => NamedRow;

/** Most keys of one entity that are looked up for a page; the others are shown as they are. */
const MOST = 300;

/** Names of the rows to which changes refer: one statement for each entity, however many changes there are. */
@Injectable()
export class KeyNames {
  constructor(
    private readonly finder: RowFinder,
    private readonly descriptions: Descriptions,
  ) {}

  async of(entity: EntityDescription, changes: readonly AuditChanges[], context: AdminContext): Promise<KeyNamer> {
    const found = new Map<string, NamedRow>();
    for (const [target, keys] of this.keysByTarget(entity, changes))
      for (const row of await this.rows(target, [...keys.values()].slice(0, MOST), context))
        found.set(`${target.key} ${keySegment(target.keyOf(row))}`, this.finder.name(target, row));
    return (path, value) => {
      const target = this.targetOf(entity, path);
      const key = target && keyOf(target, value);
      const named = key === undefined ? undefined : found.get(`${target!.key} ${keySegment(key)}`);
      return named ?? { text: bareText(value), url: null };
    };
  }

  private keysByTarget(entity: EntityDescription, changes: readonly AuditChanges[]) {
    const byTarget = new Map<EntityDescription, Map<string, EntityKey>>();
    for (const [path, change] of changes.flatMap((one) => Object.entries(one))) {
      const target = this.targetOf(entity, path);
      if (!target) continue;
      const values = isLinkChange(change) ? [...change.added, ...change.removed] : [change.before, change.after];
      const keys = byTarget.get(target) ?? new Map<string, EntityKey>();
      byTarget.set(target, keys);
      for (const key of values.map((value) => keyOf(target, value)).filter((one) => one !== undefined))
        keys.set(keySegment(key), key);
    }
    return byTarget;
  }

  private targetOf(entity: EntityDescription, path: string): EntityDescription | undefined {
    const relation = entity.relation(path);
    return relation && this.descriptions.of(relation.target);
  }

  private async rows(target: EntityDescription, keys: readonly EntityKey[], context: AdminContext) {
    const visible = keys.length === 0 ? null : await this.finder.visible(target, context);
    return visible ? fitting(visible.filter({ pk__in: keys })) : [];
  }
}

/** Keys of a former type of the column find nothing. */
async function fitting(rows: QuerySet): Promise<readonly object[]> {
  try {
    return await rows.all();
  } catch (error) {
    if (error instanceof FieldError) return [];
    throw error;
  }
}

function keyOf(target: EntityDescription, value: ReadableValue | undefined): EntityKey | undefined {
  if (value === null || value === undefined || value === REDACTED) return undefined;
  if (typeof value !== 'object') return readKey(String(value), target);
  return Array.isArray(value) ? undefined : (value as Readonly<Record<string, string>>);
}

function readKey(text: string, target: EntityDescription): EntityKey | undefined {
  try {
    return parseAuditKey(text, target);
  } catch {
    return undefined;
  }
}

function bareText(value: ReadableValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
