import { type Argument, type ArgumentMentions } from '../../query/expressions/aggregates.js';
import {
  argumentOf,
  Expression,
  type CompiledExpression,
  type ExpressionContext,
} from '../../query/expressions/expression.js';
import { QueryUsageError } from '../../query/query.errors.js';
import { raw, sql } from '../../query/sql/sql.js';
import { type FieldKind } from '../entity-description.js';

/** Which ends belong to a range: `[)` has its beginning and not its end. */
export type RangeBounds = '[)' | '[]' | '(]' | '()';

/** The type of a range by what it ranges over. */
const TYPES: Readonly<Partial<Record<FieldKind, string>>> = {
  integer: 'int4range',
  bigint: 'int8range',
  decimal: 'numrange',
  date: 'daterange',
  datetime: 'tstzrange',
};

class RangeExpression<M> extends Expression<string, M> {
  constructor(
    readonly parts: readonly [Expression, Expression],
    private readonly bounds: RangeBounds,
  ) {
    super();
  }

  compile(context: ExpressionContext): CompiledExpression {
    const { dialect } = context;
    if (dialect.name !== 'postgres') throw new QueryUsageError(`RangeOf is not there on ${dialect.name}`);
    const [from, to] = this.parts.map((part) => context.compile(part)) as [CompiledExpression, CompiledExpression];
    const type = TYPES[from.kind];
    if (!type || from.kind !== to.kind)
      throw new QueryUsageError(
        `RangeOf takes two of ${Object.keys(TYPES).join(', ')}, got a ${from.kind} and a ${to.kind}`,
      );
    return {
      sql: sql`${raw(type)}(${from.sql}, ${to.sql}, ${raw(`'${this.bounds}'`)})`,
      kind: 'string',
      nullable: false,
    };
  }
}

/** The range between two values of a row, open where one is missing: `RangeOf('start', 'end')`. PostgreSQL only. */
export function RangeOf<const A extends Argument, const B extends Argument>(
  from: A,
  to: B,
  bounds: RangeBounds = '[)',
): Expression<string, ArgumentMentions<A> | ArgumentMentions<B>> {
  return new RangeExpression([argumentOf(from), argumentOf(to)], bounds);
}
