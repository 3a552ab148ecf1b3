import { type AliasSource } from './compile/join-scope.js';
import { type SourceTable } from './compile/source-table.js';
import { type UniqueNames } from './compile/unique-names.js';
import { type CompiledExpression, type ExpressionContext } from './expressions/expression.js';
import { type ColumnModel } from './model/entity-model.js';
import { QueryUsageError } from './query.errors.js';
import { type SqlDialect } from './sql/sql-dialect.js';
import { type Sql } from './sql/sql.js';

/** A query as a value of another one: `{ author__in: Author.objects.filter(…) }`. */
export abstract class QueryHandle {
  /**
   * The statement that lists it: the given columns of its rows, or the one that it selects itself.
   * @throws QueryUsageError when it selects none or several
   */
  abstract list(columns: readonly ColumnModel[] | undefined, outer?: ExpressionContext): Sql;

  /** The one value of its first row, in parentheses. @throws QueryUsageError when it selects none or several */
  scalar(_outer: ExpressionContext): CompiledExpression {
    throw new QueryUsageError('This query has no single value');
  }

  /** The statement that has a row when the query has one. */
  presence(outer: ExpressionContext): Sql {
    return this.list(undefined, outer);
  }

  /** Its rows as a table of a statement. @throws QueryUsageError */
  tableIn(_aliases: AliasSource): SourceTable {
    throw new QueryUsageError('This query cannot be a table of another one');
  }

  /** The sets of names of which no two of its rows have the same values. */
  get uniqueNames(): UniqueNames {
    return [];
  }

  /** Whether it runs on the database of a dialect; there is one dialect object for each database. */
  runsOn(_dialect: SqlDialect): boolean {
    return true;
  }
}
