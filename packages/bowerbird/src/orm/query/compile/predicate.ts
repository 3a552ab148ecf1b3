import { chain, NOTHING, raw, sql, type Sql } from '../sql/sql.js';

/** A condition in SQL. */
export interface Predicate {
  readonly sql: Sql;
  /** Whether it is always true or false, never NULL. */
  readonly certain: boolean;
}

/** Holds for every row. */
export const ALWAYS: Predicate = { sql: NOTHING, certain: true };

/** Whether there is nothing to write. */
export function isAlways(predicate: Predicate): boolean {
  return predicate.sql === NOTHING;
}

/** The rows for which a condition does not hold, those included for which it is NULL. */
export function negate(predicate: Predicate): Predicate {
  if (isAlways(predicate)) return { sql: raw('1 = 0'), certain: true };
  return { sql: predicate.certain ? sql`NOT (${predicate.sql})` : sql`(${predicate.sql}) IS NOT TRUE`, certain: true };
}

/** All of the conditions; ALWAYS when there are none. */
export function allOf(predicates: readonly Predicate[]): Predicate {
  return combine(
    predicates.filter((predicate) => !isAlways(predicate)),
    'AND',
  );
}

/** Any of the conditions. One that always holds makes the whole hold. */
export function anyOf(predicates: readonly Predicate[]): Predicate {
  return predicates.some(isAlways) ? ALWAYS : combine(predicates, 'OR');
}

function combine(predicates: readonly Predicate[], word: 'AND' | 'OR'): Predicate {
  if (predicates.length === 0) return ALWAYS;
  if (predicates.length === 1) return predicates[0]!;
  const pieces = predicates.map((predicate) => predicate.sql);
  return { sql: chain(pieces, word), certain: predicates.every(({ certain }) => certain) };
}
