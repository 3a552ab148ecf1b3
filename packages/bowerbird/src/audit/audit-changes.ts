import { isSecretName } from '#core';
import { type EntityDescription, type FieldDescription, type WriteEvent } from '#orm';

import { auditKey } from './audit-key.js';
import { readableValue, REDACTED, type ReadableValue } from './readable-value.js';
import { sameValue } from './same-value.js';

/** A field before and after. Additions have no `before`, deletions no `after`. */
export interface FieldChange {
  readonly before?: ReadableValue;
  readonly after?: ReadableValue;
}

/** Keys of the rows that were linked and unlinked. */
export interface LinkChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** What changed, by property path. */
export type AuditChanges = Readonly<Record<string, FieldChange | LinkChange>>;

/** Whether a change is one of a to-many relation. */
export function isLinkChange(change: FieldChange | LinkChange): change is LinkChange {
  return 'added' in change;
}

/** What a write changed, in readable values, with secrets hidden. Empty when nothing did. */
export function changesOf(event: WriteEvent): AuditChanges {
  const { relation } = event;
  if (relation)
    return { [relation.path]: { added: relation.added.map(auditKey), removed: relation.removed.map(auditKey) } };
  return Object.fromEntries(
    pathsOf(event)
      .map((path) => [path, fieldChange(event, path)] as const)
      .filter((entry): entry is [string, FieldChange] => entry[1] !== undefined),
  );
}

function pathsOf({ description, before, after }: WriteEvent): readonly string[] {
  const written = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...written].filter((path) => !isBookkeeping(description.field(path)));
}

/** Values that change with every write and say nothing. */
function isBookkeeping(field: FieldDescription | undefined): boolean {
  return field?.generated === 'updated' || field?.generated === 'version' || field?.expression !== undefined;
}

/** Values are compared whole; what is kept of them is readable, which is less. */
function fieldChange({ description, before, after }: WriteEvent, path: string): FieldChange | undefined {
  const [old, now] = [before?.[path], after?.[path]];
  if (sameValue(old, now)) return undefined;
  const hidden = isHidden(description, path);
  const show = (value: unknown) => (hidden && value !== null && value !== undefined ? REDACTED : readableValue(value));
  return { ...(before && { before: show(old) }), ...(after && { after: show(now) }) };
}

/** Fields that are marked as sensitive, passwords, and texts whose names look secret. */
function isHidden(description: EntityDescription, path: string): boolean {
  const field = description.field(path);
  if (!field) return false;
  if (field.sensitive || field.format === 'password') return true;
  return (field.kind === 'string' || field.kind === 'text' || field.kind === 'json') && isSecretName(path);
}
