import { type ColumnModel } from './model/entity-model.js';
import { type SqlDialect } from './sql/sql-dialect.js';
import { type Sql } from './sql/sql.js';

/** A query as a value of another one: `{ author__in: Author.objects.filter(…) }`. */
export abstract class QueryHandle {
  /**
   * The statement that lists it: the given columns of its rows, or the one that it selects itself.
   * @throws QueryUsageError when it selects none or several
   */
  abstract list(columns: readonly ColumnModel[] | undefined): Sql;

  /** Whether it runs on the database of a dialect; there is one dialect object for each database. */
  runsOn(_dialect: SqlDialect): boolean {
    return true;
  }
}
