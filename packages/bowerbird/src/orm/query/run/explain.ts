import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { sql, type Sql } from '../sql/sql.js';
import { compileQuery } from './fetch.js';

/** The statement that asks the database for its plan. */
export function explainSql(engine: QueryEngine, state: QueryState): Sql {
  return sql`${engine.dialect.explain}${compileQuery(engine, state).sql}`;
}
