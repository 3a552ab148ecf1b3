import { type FieldKind } from '../../describe/entity-description.js';
import { whereOf, type Where } from '../q.js';
import { QueryUsageError } from '../query.errors.js';
import { join, NOTHING, raw, sql, type Sql } from '../sql/sql.js';
import { type Argument, type ArgumentMentions, type ArgumentResult } from './aggregates.js';
import { argumentOf, Expression, OrderBy, type CompiledExpression, type ExpressionContext } from './expression.js';
import { type MentionedBy } from './expression.types.js';
import { orderByOf, orderSql } from './order-by.js';

const TEXTS: readonly FieldKind[] = ['string', 'text', 'enum'];

type TermMentions<T> = T extends `-${infer N}` ? N : T extends string ? T : T extends OrderBy<infer M> ? M : never;

/** How {@link StringAgg} puts texts together. */
export interface StringAggSettings<O = string | OrderBy, C extends object = object> {
  /** In which order; any, unless told. */
  readonly orderBy?: O;
  /** Which rows count. */
  readonly filter?: C;
}

/** The texts of many rows as one, with a separator between them: `StringAgg('tags.name', ', ', { orderBy: 'tags.name' })`. */
export function StringAgg<
  const A extends Argument,
  const O extends string | OrderBy = never,
  const C extends object = never,
>(
  argument: A,
  separator: string,
  { orderBy, filter }: StringAggSettings<O, C> = {},
): Expression<string | null, ArgumentMentions<A> | TermMentions<O> | ([C] extends [never] ? never : MentionedBy<C>)> {
  const order = orderBy === undefined ? [] : [orderByOf(orderBy)];
  return new GatheredExpression(
    'STRING_AGG',
    argumentOf(argument),
    filter && whereOf(filter),
    order,
    (value, sorted, { dialect }) => {
      if (!TEXTS.includes(value.kind)) throw new QueryUsageError(`StringAgg takes texts, got a ${value.kind}`);
      return { sql: dialect.expressions.joinedTexts(value.sql, separator, sorted), kind: 'string', nullable: true };
    },
  );
}

/** The value of any of many rows, for values that are the same in all of them. NULL without rows. */
export function AnyValue<const A extends Argument>(
  argument: A,
): Expression<ArgumentResult<A> | null, ArgumentMentions<A>> {
  return new GatheredExpression('ANY_VALUE', argumentOf(argument), undefined, [], (value, _sorted, { dialect }) =>
    dialect.expressions.aggregate('MIN', value, {}),
  );
}

type Gather = (value: CompiledExpression, order: Sql, context: ExpressionContext) => CompiledExpression;

/** One value of many rows that takes more than an argument. */
class GatheredExpression<T, M> extends Expression<T, M> {
  constructor(
    private readonly name: 'STRING_AGG' | 'ANY_VALUE',
    private readonly argument: Expression,
    private readonly where: Where | undefined,
    private readonly order: readonly OrderBy[],
    private readonly gather: Gather,
  ) {
    super();
  }

  get parts(): readonly Expression[] {
    return [this.argument, ...this.order.map(({ expression }) => expression)];
  }

  override get conditions(): readonly Where[] {
    return this.where ? [this.where] : [];
  }

  override get aggregates(): boolean {
    return true;
  }

  compile(context: ExpressionContext): CompiledExpression {
    const { name, argument, where: filter, order } = this;
    return context.aggregate({
      name,
      argument,
      filter,
      distinct: name === 'ANY_VALUE',
      write: (value, within) => this.gather(value!, orderClause(order, within), context),
    });
  }
}

function orderClause(order: readonly OrderBy[], within: ExpressionContext): Sql {
  if (order.length === 0) return NOTHING;
  return sql`${raw(' ORDER BY ')}${join(
    order.map((term) => orderSql(term, within)),
    ', ',
  )}`;
}
