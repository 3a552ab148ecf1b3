import { loadedRelation, type EntityDescription } from '#orm';

import { readPath } from './row-writer.js';
import { shownMembers, type Selection, type Shown } from './selection.js';
import { type SerializerDescription } from './serializer-description.js';

/** Whether a row holds some values. */
type Holds = (row: object) => boolean;

/** Whether not all rows of an entity may be seen. */
type IsScoped = (entity: EntityDescription) => boolean;

/**
 * What tells whether a row that was saved holds everything that its document shows, so that it need not be read again:
 * columns of its own and of single rows that it refers to. Undefined where documents need more: lists, values that are
 * computed, rows that not everybody may see.
 */
export function holdsDocument(
  description: SerializerDescription,
  selection: Selection,
  isScoped: IsScoped,
): Holds | undefined {
  const all: Holds[] = [];
  for (const shown of shownMembers(description, selection)) {
    const holds = holdsMember(shown, isScoped);
    if (!holds) return undefined;
    all.push(holds);
  }
  return (row) => all.every((holds) => holds(row));
}

function holdsMember({ member, document }: Shown, isScoped: IsScoped): Holds | undefined {
  if (member.kind === 'computed') return undefined;
  const { path } = member;
  if (member.kind === 'column') return member.joins.length > 0 ? undefined : (row) => isThere(row, path);
  const { many, target } = member;
  if (many || path.includes('.')) return undefined;
  const below = document && !isScoped(target) && holdsDocument(document.description, document.selection, isScoped);
  if (document) return below ? holdsRow(path, below) : undefined;
  const named = member.kind === 'reference' && (member.style === 'key' || member.style === 'link');
  return named ? holdsRow(path, (row) => hasKey(target, row)) : undefined;
}

function holdsRow(path: string, holds: Holds): Holds {
  return (row) => {
    const related = loadedRelation(row, path);
    return related === null || (typeof related === 'object' && holds(related));
  };
}

function hasKey({ primaryKey }: EntityDescription, row: object): boolean {
  return primaryKey.every((path) => isThere(row, path));
}

/** Whether a row has a value; touching a field that its query left out would be an error. */
function isThere(row: object, path: string): boolean {
  return Object.hasOwn(row, path.split('.')[0]!) && readPath(row, path) !== undefined;
}
