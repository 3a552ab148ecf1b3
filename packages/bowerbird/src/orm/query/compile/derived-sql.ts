import { type CompiledExpression } from '../expressions/expression.js';
import { isSliced, type QueryState } from '../query-state.js';
import { raw, sql, type Sql } from '../sql/sql.js';

/** A query without a place for it: locks do not reach into tables, and an order counts only where it decides which rows. */
export function asTable(state: QueryState): QueryState {
  const ordered = isSliced(state) || state.distinctOn !== null;
  const limit = state.empty ? 0 : state.limit;
  return { ...state, limit, lock: null, total: isSliced(state), order: ordered ? state.order : [] };
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
