import { QuerySet } from '../query/query-set.js';

/** Rows of a query that are shown. */
const MOST = 20;

/** What is shown for a value: of a query its first rows, as nobody would want to see the query itself. */
export async function shownValue(value: unknown): Promise<unknown> {
  return value instanceof QuerySet ? (value as QuerySet).slice(0, MOST).all() : value;
}
