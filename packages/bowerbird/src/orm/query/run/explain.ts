import { type DataSource } from 'typeorm';

import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { compileQuery } from './fetch.js';

/** What a plan tells. */
export interface ExplainOptions {
  /** Run the statement, and tell how long its parts took and how many rows they had. */
  readonly analyze?: boolean;
  /** Pages that were read and written; PostgreSQL. */
  readonly buffers?: boolean;
  /** Columns of each part; PostgreSQL. */
  readonly verbose?: boolean;
  /** Text on SQLite and PostgreSQL, JSON on MySQL and MariaDB, unless told otherwise. */
  readonly format?: 'text' | 'json';
}

type Product = 'sqlite' | 'postgres' | 'mysql' | 'mariadb';

/** What stands before the statement; undefined where the database cannot tell it. */
const PREFIXES: Readonly<Record<Product, (options: ExplainOptions) => string | undefined>> = {
  sqlite: ({ analyze, buffers, verbose, format }) =>
    analyze || buffers || verbose || format === 'json' ? undefined : 'EXPLAIN QUERY PLAN ',
  postgres: ({ analyze, buffers, verbose, format }) => {
    const words = [
      analyze && 'ANALYZE',
      buffers && 'BUFFERS',
      verbose && 'VERBOSE',
      format === 'json' && 'FORMAT JSON',
    ];
    const told = words.filter(Boolean);
    return told.length === 0 ? 'EXPLAIN ' : `EXPLAIN (${told.join(', ')}) `;
  },
  mysql: ({ analyze, buffers, verbose, format }) => {
    if (buffers || verbose || (analyze && format === 'json')) return undefined;
    if (analyze) return 'EXPLAIN ANALYZE ';
    return format === 'text' ? 'EXPLAIN FORMAT=TREE ' : 'EXPLAIN FORMAT=JSON ';
  },
  mariadb: ({ analyze, buffers, verbose, format }) => {
    if (buffers || verbose || format === 'text') return undefined;
    return analyze ? 'ANALYZE FORMAT=JSON ' : 'EXPLAIN FORMAT=JSON ';
  },
};

/** The statement that asks the database for its plan. @throws QueryUsageError for what it cannot tell */
export function explainSql(engine: QueryEngine, state: QueryState, options: ExplainOptions): Sql {
  const product = productOf(engine.source.dataSource);
  const prefix = PREFIXES[product](options);
  if (prefix !== undefined) return sql`${raw(prefix)}${compileQuery(engine, state).sql}`;
  throw new QueryUsageError(`${product} cannot explain with ${JSON.stringify(options)}`, {
    hint: 'Leave options out: buffers and verbose are of PostgreSQL, SQLite knows none',
  });
}

function productOf({ options: { type } }: DataSource): Product {
  if (type === 'postgres' || type === 'mysql' || type === 'mariadb') return type;
  return 'sqlite';
}
