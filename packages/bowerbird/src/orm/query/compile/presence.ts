import { coerce, expectation } from '../lookups/coerce.js';
import { BadLookupValueError } from '../query.errors.js';
import { join, raw, sql } from '../sql/sql.js';
import { type ScopedColumn } from './join-scope.js';
import { type Predicate } from './predicate.js';

/** Holds for no row. */
export const NEVER: Predicate = { sql: raw('1 = 0'), certain: true };

/** Whether a value, or any of several columns, is NULL. */
export function isNull(columns: readonly ScopedColumn[], wanted: boolean): Predicate {
  if (!columns.some(({ nullable }) => nullable)) return wanted ? NEVER : { sql: raw('1 = 1'), certain: true };
  const tests = columns.map((column) => (wanted ? sql`${column.sql} IS NULL` : sql`${column.sql} IS NOT NULL`));
  return { sql: tests.length === 1 ? tests[0]! : sql`(${join(tests, wanted ? ' OR ' : ' AND ')})`, certain: true };
}

/** What `isnull` takes. @throws BadLookupValueError */
export function flag(path: string, value: unknown): boolean {
  const wanted = coerce('boolean', value);
  if (typeof wanted !== 'boolean') throw new BadLookupValueError(path, value, expectation('boolean'));
  return wanted;
}
