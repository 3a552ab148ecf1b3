import { QueryHandle } from '../query-handle.js';
import { QueryUsageError } from '../query.errors.js';
import { sql } from '../sql/sql.js';
import { Expression, type CompiledExpression, type ExpressionContext } from './expression.js';
import { type QueryResult } from './subquery.types.js';

/**
 * The one value of the first row of another query, or NULL. The query selects it with `flat()` or `values()`, and
 * speaks of the row around it by `OuterRef`:
 * `Subquery(querySet(Comment).filter({ post: OuterRef('pk') }).orderBy('-createdAt').flat('createdAt'))`.
 * See https://docs.djangoproject.com/en/stable/ref/models/expressions/#subquery-expressions
 */
export function Subquery<Q extends QueryHandle>(query: Q): Expression<QueryResult<Q> | null, never> {
  return new SubqueryExpression<QueryResult<Q> | null>(query);
}

class SubqueryExpression<T> extends Expression<T, never> {
  readonly parts = [];

  constructor(private readonly query: QueryHandle) {
    super();
  }

  compile(context: ExpressionContext): CompiledExpression {
    refuseForeign(this.query, context);
    return { ...this.query.scalar(context.asOuter()), nullable: true };
  }
}

/** Whether another query has a row; `OuterRef` ties it to the row around it. */
export function Exists(query: QueryHandle): Expression<boolean, never> {
  return new ExistsExpression(query);
}

class ExistsExpression extends Expression<boolean, never> {
  readonly parts = [];

  constructor(private readonly query: QueryHandle) {
    super();
  }

  compile(context: ExpressionContext): CompiledExpression {
    refuseForeign(this.query, context);
    return { sql: sql`EXISTS (${this.query.presence(context.asOuter())})`, kind: 'boolean', nullable: false };
  }
}

function refuseForeign(query: QueryHandle, { dialect }: ExpressionContext): void {
  if (!query.runsOn(dialect)) throw new QueryUsageError('A subquery cannot read rows of another database');
}
