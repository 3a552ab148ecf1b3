import { isSecretName } from '#core';

/** A value as the log keeps it: JSON. */
export type ReadableValue =
  string | number | boolean | null | readonly ReadableValue[] | { readonly [key: string]: ReadableValue };

/** What stands in the log for a value that nobody may see. */
export const REDACTED = '(hidden)';

/** Longer texts are cut: the log is for reading, not for restoring documents. */
const LONGEST = 10_000;
const DEEPEST = 20;

/**
 * A value as people read it: dates become ISO texts, big integers digits, bytes their number, and whatever stands under
 * a secret name inside of a document is hidden. It says less than the value; compare values by `sameValue`.
 */
export function readableValue(value: unknown, depth = 0): ReadableValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return `(${typeof value})`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (depth >= DEEPEST) return '…';
  if (value instanceof Set || value instanceof Map) return readableValue([...value], depth);
  if (Array.isArray(value)) return value.map((item) => readableValue(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readableEntry(key, item, depth + 1)]));
}

/** A switch such as `private: true` is no secret, and that there is none may be known. */
function readableEntry(key: string, value: unknown, depth: number): ReadableValue {
  const open = value === null || value === undefined || typeof value === 'boolean';
  return isSecretName(key) && !open ? REDACTED : readableValue(value, depth);
}
