/**
 * A deep copy in which rows stay rows of their classes, so that what a test does to them does not reach the next one.
 * Functions are shared.
 */
export function copyData<T>(value: T, seen = new Map<unknown, unknown>()): T {
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known as T;
  const made = KINDS.find(({ fits }) => fits(value))!.copy(value, seen);
  return made as T;
}

type Seen = Map<unknown, unknown>;

interface Kind {
  fits(value: object): boolean;
  copy(value: object, seen: Seen): object;
}

const KINDS: readonly Kind[] = [
  { fits: (value) => value instanceof Date, copy: (value) => new Date(value as Date) },
  { fits: (value) => ArrayBuffer.isView(value), copy: (value) => structuredBytes(value as Uint8Array) },
  { fits: (value) => value instanceof Map, copy: (value, seen) => copyMap(value as Map<unknown, unknown>, seen) },
  { fits: (value) => value instanceof Set, copy: (value, seen) => copySet(value as Set<unknown>, seen) },
  { fits: (value) => Array.isArray(value), copy: (value, seen) => copyList(value as unknown[], seen) },
  { fits: () => true, copy: copyObject },
];

function structuredBytes(value: Uint8Array): Uint8Array {
  return Buffer.isBuffer(value) ? Buffer.from(value) : value.slice();
}

function copyMap(value: Map<unknown, unknown>, seen: Seen): object {
  const made = new Map<unknown, unknown>();
  seen.set(value, made);
  for (const [key, entry] of value) made.set(copyData(key, seen), copyData(entry, seen));
  return made;
}

function copySet(value: Set<unknown>, seen: Seen): object {
  const made = new Set<unknown>();
  seen.set(value, made);
  for (const entry of value) made.add(copyData(entry, seen));
  return made;
}

function copyList(value: unknown[], seen: Seen): object {
  const made: unknown[] = [];
  seen.set(value, made);
  for (const entry of value) made.push(copyData(entry, seen));
  return made;
}

function copyObject(value: object, seen: Seen): object {
  const made = Object.create(Object.getPrototypeOf(value) as object) as Record<PropertyKey, unknown>;
  seen.set(value, made);
  for (const key of Reflect.ownKeys(value)) made[key] = copyData((value as Record<PropertyKey, unknown>)[key], seen);
  return made;
}
