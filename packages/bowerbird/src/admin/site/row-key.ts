import { type EntityDescription, type EntityKey } from '#orm';

const SEPARATOR = '~';
const EMPTY = '_';

/**
 * A primary key as one segment of an address. Everything but ASCII letters, digits and `-` is written as `_` and two
 * hexadecimal digits per byte, so that no proxy or router can take a slash, a dot or a percent sign for its own.
 */
export function keySegment(key: EntityKey): string {
  return typeof key === 'string' ? encode(key) : Object.values(key).map(encode).join(SEPARATOR);
}

/** The key behind a segment, or undefined when {@link keySegment} cannot have written it for this entity. */
export function parseKeySegment(segment: string, entity: Pick<EntityDescription, 'primaryKey'>): EntityKey | undefined {
  const parts = segment.split(SEPARATOR).map(decode);
  const { primaryKey } = entity;
  if (parts.length !== primaryKey.length || !parts.every((part) => part !== undefined)) return undefined;
  if (primaryKey.length === 1) return parts[0];
  return Object.fromEntries(primaryKey.map((path, index) => [path, parts[index]!]));
}

/** The key behind the text that the audit keeps of it; undefined where that is only a digest. */
export function parseAuditKey(
  text: string,
  { primaryKey }: Pick<EntityDescription, 'primaryKey'>,
): EntityKey | undefined {
  if (text.startsWith('sha256:')) return undefined;
  if (primaryKey.length === 1) return text;
  const values = new Map(JSON.parse(text) as [string, string][]);
  return Object.fromEntries(primaryKey.map((path) => [path, values.get(path) ?? '']));
}

/** The lookups that find the row with a key. */
export function keyLookups(
  key: EntityKey,
  entity: Pick<EntityDescription, 'primaryKey'>,
): Readonly<Record<string, string>> {
  return typeof key === 'string' ? { [entity.primaryKey[0]!]: key } : key;
}

function encode(text: string): string {
  if (/^[A-Za-z\d-]+$/.test(text)) return text;
  if (text === '') return EMPTY;
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z\d-]/.test(character) ? character : `_${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function decode(text: string): string | undefined {
  if (text === EMPTY) return '';
  if (!/^(?:[A-Za-z\d-]|_[\dA-F]{2})+$/.test(text)) return undefined;
  const bytes = text.replaceAll(/_([\dA-F]{2})|([^_])/g, (_, hex: string | undefined, plain: string) =>
    hex === undefined ? plain.charCodeAt(0).toString(16) : hex,
  );
  const decoded = Buffer.from(bytes, 'hex').toString('utf8');
  return encode(decoded) === text ? decoded : undefined;
}
