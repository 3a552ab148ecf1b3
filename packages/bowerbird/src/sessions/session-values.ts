import { jsonMisfit } from '#core';

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
  const misfit = jsonMisfit(value, path);
  if (!misfit) return;
  const { found } = misfit;
  throw new SessionValueError(
    misfit.path,
    found === 'undefined' ? 'undefined (use delete() to remove a value)' : found,
  );
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
