import { type CompiledExpression } from '../expressions/expression.js';
import { isSliced, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { raw, sql, type Sql } from '../sql/sql.js';

/** A query as a table: an order counts only where it decides which rows. @throws QueryUsageError for rows to lock */
export function asTable(state: QueryState): QueryState {
  if (state.lock)
    throw new QueryUsageError('A query that is joined, or whose rows are a table, locks none of them', {
      hint: 'Call selectForUpdate() on the query around it, or lock the rows by a query of their own',
    });
  const ordered = isSliced(state) || state.distinctOn !== null;
  const limit = state.empty ? 0 : state.limit;
  return { ...state, limit, total: isSliced(state), order: ordered ? state.order : [] };
}

/** A statement as a table. */
export function derivedSql(statement: Sql, alias: string): Sql {
  return sql`(${statement}) AS ${raw(alias)}`;
}

/** What the column of a marker says: that there is a row. It is NULL where a join has found none. */
export function presence(marker: Sql): CompiledExpression {
  return { sql: marker, kind: 'boolean', nullable: false };
}

/** What every row of a table has. */
export const MARKER: Sql = raw('TRUE');
