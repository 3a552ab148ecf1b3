import { QueryUsageError } from '../query.errors.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { Expression, OrderBy, PathExpression, type CompiledExpression, type ExpressionContext } from './expression.js';
import { isList, jsonOrder } from './json-value.js';

/** Whether NULL stands behind the values in the direction of reading; it is the greatest of all unless told otherwise. */
export function nullsAfter({ nulls, descending }: OrderBy): boolean {
  return nulls ? nulls === 'last' : !descending;
}

/** A path (`-views` for descending) or a term as a term. */
export function orderByOf(term: string | OrderBy): OrderBy {
  if (term instanceof OrderBy) return term;
  const descending = term.startsWith('-');
  return new OrderBy(new PathExpression(descending ? term.slice(1) : term), descending, undefined);
}

/** One ordering term in a window or an aggregate. */
export function orderSql(term: OrderBy, context: ExpressionContext): Sql {
  const { dialect } = context;
  const pieces = sortedBy(context.compile(term.expression), dialect).map((value) =>
    dialect.orderTerm(dialect.expressions.sortable(value), term.descending, value.nullable, nullsAfter(term)),
  );
  return join(pieces, ', ');
}

/** The values by which rows are ordered one after the other: those of JSON have no order that all databases share. */
export function sortedBy(value: CompiledExpression, dialect: SqlDialect): readonly CompiledExpression[] {
  return value.kind === 'json' && !isList(value) ? jsonOrder(value, dialect) : [value];
}

/** A random value for each row: `orderBy(Random())`. */
export function Random(): OrderBy<never> {
  return new OrderBy(new RandomExpression(), false, undefined);
}

/** A random value for each row. */
export class RandomExpression extends Expression<number, never> {
  readonly parts = [];

  compile({ dialect }: ExpressionContext): CompiledExpression {
    return { sql: sql`${raw(dialect.random)}`, kind: 'float', nullable: false };
  }
}

/** A term as the state of a query keeps it; an expression alone ascends. */
export function orderTerm(term: string | OrderBy | Expression): string | OrderBy {
  if (term instanceof Expression) return term.asc();
  if (typeof term === 'string' || term instanceof OrderBy) return term;
  throw new QueryUsageError('orderBy() takes paths as texts, expressions and terms made of them by asc() and desc()');
}
