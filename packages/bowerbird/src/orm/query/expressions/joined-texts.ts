import { type FieldKind } from '../../describe/entity-description.js';
import { whereOf, type Where } from '../q.js';
import { QueryUsageError } from '../query.errors.js';
import { join, NOTHING, raw, sql, type Sql } from '../sql/sql.js';
import {
  withDefault,
  type AggregateSettings,
  type Argument,
  type ArgumentMentions,
  type ArgumentResult,
} from './aggregates.js';
import {
  argumentOf,
  Expression,
  operandOf,
  OrderBy,
  PathExpression,
  type CompiledExpression,
  type ExpressionContext,
} from './expression.js';
import { type MentionedBy } from './expression.types.js';
import { orderByOf, orderSql } from './order-by.js';

const TEXTS: readonly FieldKind[] = ['string', 'text', 'enum'];

type TermMentions<T> = T extends `-${infer N}` ? N : T extends string ? T : T extends OrderBy<infer M> ? M : never;

/** How {@link StringAgg} puts texts together. */
export interface StringAggSettings<O = string | OrderBy, C extends object = object> extends AggregateSettings<C> {
  /** In which order; any, unless told. */
  readonly orderBy?: O;
  /** Whether equal texts come once, ordered by nothing but themselves. */
  readonly distinct?: boolean;
}

type FilterMentions<C> = [C] extends [never] ? never : MentionedBy<C>;

/** The texts of many rows as one, with a separator between them: `StringAgg('tags.name', ', ', { orderBy: 'tags.name' })`. */
export function StringAgg<
  const A extends Argument,
  const O extends string | OrderBy = never,
  const C extends object = never,
>(
  argument: A,
  separator: string,
  { orderBy, distinct = false, ...settings }: StringAggSettings<O, C> = {},
): Expression<string | null, ArgumentMentions<A> | TermMentions<O> | FilterMentions<C>> {
  const order = orderBy === undefined ? [] : [orderByOf(orderBy)];
  const texts = argumentOf(argument);
  if (distinct && order.some(({ expression }) => !isSamePath(expression, texts)))
    throw new QueryUsageError('Different texts have no other order than their own', {
      hint: 'Give orderBy the same path as the argument, or leave distinct out',
    });
  const terms = distinct ? [] : order;
  return new GatheredExpression('STRING_AGG', texts, settings, terms, (value, sorted, { dialect: { expressions } }) => {
    if (!TEXTS.includes(value.kind)) throw new QueryUsageError(`StringAgg takes texts, got a ${value.kind}`);
    const joined = distinct
      ? expressions.differentTexts(value.sql, separator, order[0]?.descending ?? false)
      : expressions.joinedTexts(value.sql, separator, sorted);
    return { sql: joined, kind: 'string', nullable: true };
  });
}

/** The value of any of many rows, for values that are the same in all of them. NULL without rows. */
export function AnyValue<const A extends Argument, const C extends object = never>(
  argument: A,
  settings: AggregateSettings<C> = {},
): Expression<ArgumentResult<A> | null, ArgumentMentions<A> | FilterMentions<C>> {
  return new GatheredExpression('ANY_VALUE', argumentOf(argument), settings, [], (value, _sorted, { dialect }) =>
    dialect.expressions.aggregate('MIN', value, {}),
  );
}

function isSamePath(one: Expression, other: Expression): boolean {
  return one instanceof PathExpression && other instanceof PathExpression && one.path === other.path;
}

type Gather = (value: CompiledExpression, order: Sql, context: ExpressionContext) => CompiledExpression;

/** One value of many rows that takes more than an argument. */
class GatheredExpression<T, M> extends Expression<T, M> {
  private readonly where: Where | undefined;
  private readonly fallback: Expression | undefined;

  constructor(
    private readonly name: 'STRING_AGG' | 'ANY_VALUE',
    private readonly argument: Expression,
    { filter, default: fallback }: AggregateSettings,
    private readonly order: readonly OrderBy[],
    private readonly gather: Gather,
  ) {
    super();
    this.where = filter && whereOf(filter);
    this.fallback = fallback === undefined ? undefined : operandOf(fallback);
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
    const made = context.aggregate({
      name,
      argument,
      filter,
      distinct: name === 'ANY_VALUE',
      write: (value, within) => this.gather(value!, orderClause(order, within), context),
    });
    return withDefault(made, this.fallback, context);
  }
}

function orderClause(order: readonly OrderBy[], within: ExpressionContext): Sql {
  if (order.length === 0) return NOTHING;
  return sql`${raw(' ORDER BY ')}${join(
    order.map((term) => orderSql(term, within)),
    ', ',
  )}`;
}
