/**
 * Whether two values of a field are the same: whole, however long or deep they are. The order of the keys of a document
 * says nothing, because some databases sort them, and a date equals its ISO text, as which a document stores it.
 */
export function sameValue(left: unknown, right: unknown): boolean {
  const [one, other] = [plain(left), plain(right)];
  if (one === other || Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (one instanceof Uint8Array || other instanceof Uint8Array) return sameBytes(one, other);
  return Array.isArray(one) || Array.isArray(other) ? sameItems(one, other) : sameEntries(one, other);
}

/** Nothing as null, and what has several spellings in the one that it is stored in. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof Set || value instanceof Map) return [...value];
  return hasJson(value) ? value.toJSON() : value;
}

/** Bytes have a JSON form as well, which is longer than they are. */
function hasJson(value: unknown): value is { toJSON(): unknown } {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function sameBytes(one: object, other: object): boolean {
  return one instanceof Uint8Array && other instanceof Uint8Array && Buffer.compare(one, other) === 0;
}

function sameItems(one: object, other: object): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  return one.every((item, index) => sameValue(item, other[index]));
}

function sameEntries(one: object, other: object): boolean {
  const [left, right] = [entriesOf(one), entriesOf(other)];
  return (
    left.size === right.size && [...left].every(([key, item]) => right.has(key) && sameValue(item, right.get(key)))
  );
}

/** A document does not store what is undefined. */
function entriesOf(value: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value).filter(([, item]) => item !== undefined));
}
