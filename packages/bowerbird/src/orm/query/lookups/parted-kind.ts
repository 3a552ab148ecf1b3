import { type CompiledExpression, type ExpressionContext } from '../expressions/expression.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { type Sql } from '../sql/sql.js';

/** A value that has parts, and the path by which it was named. */
export interface PartedValue extends CompiledExpression {
  readonly path: string;
}

/** How values are looked into that are made of others: documents, lists, ranges. */
export interface PartedKind {
  /** Names of parts, for messages. */
  readonly parts: readonly string[];
  /** The part, or what is worked out of the value, that a name stands for; undefined for a name that is a lookup. */
  part(value: CompiledExpression, name: string, dialect: SqlDialect): CompiledExpression | undefined;
  /** A lookup of the whole. @throws UnknownLookupError, BadLookupValueError */
  compile(value: PartedValue, lookups: readonly string[], given: unknown, context: ExpressionContext): Sql;
}
