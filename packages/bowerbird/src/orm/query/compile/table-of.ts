import { type QueryHandle } from '../query-handle.js';
import { QueryUsageError } from '../query.errors.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { type AliasSource } from './join-scope.js';
import { type SourceTable } from './source-table.js';

/** A query as a table of a statement of the same database. @throws QueryUsageError, FieldError */
export function tableOf(query: QueryHandle, dialect: SqlDialect, aliases: AliasSource): SourceTable {
  if (query.runsOn(dialect)) return query.tableIn(aliases);
  throw new QueryUsageError('A join cannot read rows of another database', {
    hint: 'Load their keys first and filter by the list',
  });
}
