import { type Descriptions } from '../describe/descriptions.js';
import { type EntityDescription, type EntityKey, type RelationDescription } from '../describe/entity-description.js';
import { plainText, valueAt } from '../describe/entity-text.js';
import { type WrittenValues } from './write-listener.js';

/** Reads the values that a row stores: its fields, and for each reference the key it holds. Unknown ones are left out. */
export function writtenValues(
  description: EntityDescription,
  row: object,
  descriptions: Pick<Descriptions, 'of' | 'has'>,
): WrittenValues {
  const values: Record<string, unknown> = {};
  for (const { path, relation } of description.fields) {
    const value = relation ? undefined : valueAt(row, path);
    if (value !== undefined) values[path] = value;
  }
  for (const relation of description.relations.filter(({ columns }) => columns.length > 0)) {
    const key = referenceKey(description, relation, row, descriptions);
    if (key !== undefined) values[relation.path] = key;
  }
  return values;
}

/** The key that a reference holds: of the loaded row, or of the declared column beside it. */
function referenceKey(
  { fields }: EntityDescription,
  relation: RelationDescription,
  row: object,
  descriptions: Pick<Descriptions, 'of' | 'has'>,
): EntityKey | null | undefined {
  const value = valueAt(row, relation.path);
  if (value === null) return null;
  if (typeof value === 'object' && descriptions.has(relation.target))
    return heldKey(descriptions.of(relation.target).keyOf(value));
  if (value !== undefined) return plainText(value);
  const column = fields.find((field) => field.relation === relation.path);
  const own = column && valueAt(row, column.path);
  return own === undefined || own === null ? own : plainText(own);
}

/** TypeORM loads a reference that is null as a row whose key has no values. */
function heldKey(key: EntityKey): EntityKey | null {
  const parts = typeof key === 'string' ? [key] : Object.values(key);
  return parts.includes('') ? null : key;
}
