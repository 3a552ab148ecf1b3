import { SessionKeyError, SessionValueError } from './sessions.errors.js';

/** Members of express-session's own session object; a value under such a name would be lost or break it. */
const RESERVED: ReadonlySet<string> = new Set([
  'cookie',
  'destroy',
  'id',
  'regenerate',
  'reload',
  'req',
  'resetMaxAge',
  'save',
  'touch',
]);

/** Refuses names that the session object uses itself. @throws SessionKeyError */
export function assertKey(key: string): void {
  if (RESERVED.has(key) || key in Object.prototype) throw new SessionKeyError(key);
}

/** Refuses whatever would not come back from JSON as it was. @throws SessionValueError with the path of the value */
export function assertJson(value: unknown, path: string): void {
  const found = misfit(value);
  if (found) throw new SessionValueError(path, found);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) assertJson(item, `${path}.${key}`);
}

/** What a value is that JSON cannot hold, or undefined when it can. */
function misfit(value: unknown): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (value === undefined) return 'undefined (use delete() to remove a value)';
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `the number ${value}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  return Array.isArray(value) || isPlain(value) ? undefined : `an object of ${className(value)}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function className(value: object): string {
  return value.constructor?.name ?? 'an unnamed class';
}

/**
 * Three-way merge by top-level key: what `mine` changed since `base`, applied to `theirs`. All are JSON objects.
 */
export function mergeValues(base: string, mine: string, theirs: string): string {
  const [before, after, merged] = [base, mine, theirs].map((text) => JSON.parse(text) as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (JSON.stringify(before[key]) === JSON.stringify(after[key])) continue;
    if (key in after) merged[key] = after[key];
    else delete merged[key];
  }
  return JSON.stringify(merged);
}
