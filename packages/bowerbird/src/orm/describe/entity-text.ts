import { type EntityDescription, type EntityKey } from './entity-description.js';

/** What is needed to read keys and texts of rows. */
export type KeyedDescription = Pick<
  EntityDescription,
  'name' | 'label' | 'primaryKey' | 'display' | 'fields' | 'relation'
>;

const NAMES = ['name', 'title', 'label', 'subject'] as const;

/** The value at a path; undefined where the way ends early. */
export function valueAt(row: unknown, path: string): unknown {
  let value = row;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** The primary key of a row: text for one column, values by path for several. */
export function keyOfRow(description: KeyedDescription, row: object): EntityKey {
  const [only, ...more] = description.primaryKey;
  if (only !== undefined && more.length === 0) return keyText(valueAt(row, only));
  return Object.freeze(Object.fromEntries(description.primaryKey.map((path) => [path, keyText(valueAt(row, path))])));
}

/** A key as text. A loaded row that stands for its key gives its own id. */
function keyText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') return plainText(value);
  const values = Object.values(value);
  return keyText((value as { id?: unknown }).id ?? (values.length === 1 ? values[0] : undefined));
}

/** The text form of a row, as Django's `__str__`. */
export function textOfRow(description: KeyedDescription, row: object): string {
  const { display } = description;
  const shown = display === null ? ownText(row) : displayed(row, display);
  if (shown !== undefined) return shown;
  const name = NAMES.find((path) => description.fields.some((field) => field.path === path));
  const text = name && valueAt(row, name);
  if (typeof text === 'string' && text !== '') return text;
  const key = keyOfRow(description, row);
  return `${description.label} ${typeof key === 'string' ? key : Object.values(key).join('/')}`.trim();
}

function displayed(row: object, display: string): string | undefined {
  const value = valueAt(row, display);
  const result: unknown = typeof value === 'function' ? value.call(row) : value;
  return result === undefined || result === null || result === '' ? undefined : asText(result);
}

function ownText(row: object): string | undefined {
  const { toString } = row;
  return toString === Object.prototype.toString ? undefined : toString.call(row);
}

function asText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : plainText(value);
}

/** The text of a value that is no object. */
export function plainText(value: unknown): string {
  return typeof value === 'string' ? value : (value as number | bigint | boolean).toString();
}
