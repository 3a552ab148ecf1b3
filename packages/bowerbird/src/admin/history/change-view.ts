import { Injectable } from '@nestjs/common';

import { isLinkChange, REDACTED, type FieldChange, type LinkChange, type ReadableValue } from '#audit';
import { type EntityDescription, type FieldDescription } from '#orm';
import { safeHtml, type SafeHtml } from '#templates';

import { offeredParts } from '../list/offered-parts.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { FormatRegistry } from '../site/format-registry.js';
import { heading, labelFrom } from '../site/labels.js';
import { type NamedRow } from '../site/row-finder.js';
import { type KeyNamer } from './key-names.js';
import { diffTexts, type DiffPart } from './text-diff.js';

/** One changed field or relation, ready to be shown. Exactly one of its parts is not null. */
export interface ChangeView {
  readonly label: string;
  /** Before and after beside each other; null for a side that there is not. */
  readonly values: { readonly before: SafeHtml | null; readonly after: SafeHtml | null } | null;
  /** A text with its changed words marked. */
  readonly diff: readonly (DiffPart & { readonly removed: boolean; readonly added: boolean })[] | null;
  /** Rows that were linked and unlinked. */
  readonly links: { readonly added: readonly NamedRow[]; readonly removed: readonly NamedRow[] } | null;
  /** The value is secret, or kept out of the admin; only that it changed is known. */
  readonly hidden: boolean;
}

/** What one user may learn from changes. */
export interface ChangeScope {
  readonly nameOf: KeyNamer;
  readonly isShown: (path: string) => boolean;
}

/** Texts up to this length stand beside each other; longer ones are compared word by word. */
const SHORT = 60;
/** Most linked rows that one change names. */
const MOST_LINKS = 50;

/** Shows changes as people read them: labels instead of names, choices and keys. */
@Injectable()
export class ChangeViews {
  constructor(private readonly formats: FormatRegistry) {}

  build(
    descriptor: AdminDescriptor,
    path: string,
    change: FieldChange | LinkChange,
    { nameOf, isShown }: ChangeScope,
  ): ChangeView {
    const { entity } = descriptor;
    const field = entity.field(path);
    const label = labelOf(entity, path);
    const none = { label, values: null, diff: null, links: null, hidden: false };
    if (!isShown(path)) return { ...none, hidden: true };
    if (isLinkChange(change)) return { ...none, links: linksOf(path, change, nameOf) };
    if (change.before === REDACTED || change.after === REDACTED) return { ...none, hidden: true };
    const [before, after] = [asText(change.before, field), asText(change.after, field)];
    const compared = before !== null && after !== null && isLong(before, after);
    if (compared) return { ...none, diff: diffTexts(before, after).map(markPart) };
    const show = (value: ReadableValue | undefined) => this.value(descriptor, path, field, value, nameOf);
    return { ...none, values: { before: show(change.before), after: show(change.after) } };
  }

  private value(
    { entity, empty }: AdminDescriptor,
    path: string,
    field: FieldDescription | undefined,
    value: ReadableValue | undefined,
    nameOf: KeyNamer,
  ): SafeHtml | null {
    if (value === undefined) return null;
    const plain =
      plainOf(value, field) ?? (entity.relation(path) && value !== null ? nameOf(path, value).text : undefined);
    const shown = plain ?? (field || typeof value !== 'object' || value === null ? value : JSON.stringify(value));
    const known = plain === undefined && field;
    const column = { kind: known ? null : ('text' as const), field: known ? field : null, related: null, empty };
    return safeHtml(this.formats.current().writerOf(column)(shown));
  }
}

/**
 * Tells which paths a user gets to see in lists and forms: what the admin shows nowhere else, the history does not show
 * either. Keys and dates that the database fills in are no secret, and columns that are gone cannot be asked.
 */
export function shownPaths(descriptor: AdminDescriptor, context: AdminContext): (path: string) => boolean {
  const { entity, form } = descriptor;
  const columns = offeredParts(descriptor, context).columns.map(({ name }) => name);
  const shown = new Set([...form.editable, ...form.readOnly, ...columns]);
  return (path) => {
    const field = entity.field(path);
    const isKnown = field !== undefined || entity.relation(path) !== undefined;
    return shown.has(path) || !isKnown || (field !== undefined && (field.primary || field.generated !== false));
  };
}

/** Choices and booleans in words: their marks and colors would be lost among those of the change. */
function plainOf(value: ReadableValue, field: FieldDescription | undefined): string | undefined {
  const text = typeof value === 'object' ? undefined : String(value);
  const choice = field?.choices?.find((one) => String(one.value) === text);
  if (choice) return choice.label;
  if (field?.kind !== 'boolean' || value === null) return undefined;
  return value === true || value === 1 ? 'Yes' : 'No';
}

function labelOf(entity: EntityDescription, path: string): string {
  return heading(entity.field(path)?.label ?? entity.relation(path)?.label ?? labelFrom(path));
}

function linksOf(path: string, { added, removed }: LinkChange, nameOf: KeyNamer): NonNullable<ChangeView['links']> {
  const named = (keys: readonly string[]): readonly NamedRow[] => {
    const rows = keys.slice(0, MOST_LINKS).map((key) => nameOf(path, key));
    return keys.length > MOST_LINKS ? [...rows, { text: `and ${keys.length - MOST_LINKS} more`, url: null }] : rows;
  };
  return { added: named(added), removed: named(removed) };
}

/** A value that can be compared as text, or null. */
function asText(value: ReadableValue | undefined, field: FieldDescription | undefined): string | null {
  if (field?.kind === 'json' && typeof value === 'object' && value !== null) return JSON.stringify(value, null, 2);
  if (typeof value !== 'string' || field?.choices) return null;
  return field?.kind === 'string' || field?.kind === 'text' || field?.kind === 'json' ? value : null;
}

function isLong(before: string, after: string): boolean {
  return (
    before.trim() !== '' &&
    after.trim() !== '' &&
    (Math.max(before.length, after.length) > SHORT || /\n/.test(before + after))
  );
}

function markPart(part: DiffPart) {
  return { ...part, removed: part.kind === 'removed', added: part.kind === 'added' };
}
