import { whereOf, type Where } from '../q.js';
import { QueryUsageError } from '../query.errors.js';
import { type AggregateFunction } from '../sql/expression-dialect.js';
import { sql, type Sql } from '../sql/sql.js';
import {
  argumentOf,
  compileBeside,
  Expression,
  operandOf,
  PathExpression,
  someExpression,
  type CompiledExpression,
  type ExpressionContext,
  type Literal,
  type MentionsOf,
  type ResultOf,
} from './expression.js';
import { type At, type MentionedBy, type Present } from './expression.types.js';
import { isList, jsonAs } from './json-value.js';

/** What every aggregate takes beside its argument. */
export interface AggregateSettings<C extends object = object> {
  /** Which rows count. */
  readonly filter?: C;
  /** The value where there are no rows, instead of NULL. */
  readonly default?: Literal | Expression;
}

/** The same for aggregates that can count equal values once. */
export interface DistinctSettings<C extends object = object> extends AggregateSettings<C> {
  readonly distinct?: boolean;
}

/** The same for the spread of values. */
export interface SpreadSettings<C extends object = object> extends AggregateSettings<C> {
  /** Whether the values are a sample of more. */
  readonly sample?: boolean;
}

/** An argument of an aggregate: a path, or an expression. */
export type Argument = string | Expression;

/** The type of the values of an argument. */
export type ArgumentResult<A> = A extends string ? At<A> : ResultOf<A>;

/** What an argument mentions. */
export type ArgumentMentions<A> = A extends string ? A : MentionsOf<A>;

type Mentions<A, C, D> = ArgumentMentions<A> | (object extends C ? never : MentionedBy<C>) | MentionsOf<D>;

type OrNull<T, S> = S extends { readonly default: Literal | Expression } ? Present<T> : T | null;

type ConditionOf<S> = S extends { readonly filter: infer C } ? C : object;
type DefaultOf<S> = S extends { readonly default: infer D } ? D : never;

/** Aggregates that take the numbers among values of JSON. */
const OF_NUMBERS: ReadonlySet<AggregateFunction> = new Set(['SUM', 'AVG', 'STDDEV', 'VARIANCE']);

/** One value of many rows. Over a relation to many it is worked out for each row; after `values()` for each group. */
export class Aggregate<T = unknown, M = unknown> extends Expression<T, M> {
  private readonly argument: Expression | undefined;
  private readonly where: Where | undefined;
  private readonly fallback: Expression | undefined;

  constructor(
    readonly name: AggregateFunction,
    argument: Argument | undefined,
    private readonly settings: DistinctSettings & SpreadSettings,
  ) {
    super();
    this.argument = argument === undefined ? undefined : argumentOf(argument);
    this.where = settings.filter && whereOf(settings.filter);
    this.fallback = settings.default === undefined ? undefined : operandOf(settings.default);
    if (this.argument && someExpression(this.argument, ({ aggregates }) => aggregates))
      throw new QueryUsageError(`${name} cannot take another aggregate`, {
        hint: 'Annotate the inner one first, then aggregate() over its name',
      });
  }

  get parts(): readonly Expression[] {
    return this.argument ? [this.argument] : [];
  }

  override get aggregates(): boolean {
    return true;
  }

  override get conditions(): readonly Where[] {
    return this.where ? [this.where] : [];
  }

  compile(context: ExpressionContext): CompiledExpression {
    return this.compileOver(undefined, context);
  }

  /** Over the rows of a window, `OVER (…)`; without one over those that the context gives. @throws QueryUsageError */
  compileOver(window: Sql | undefined, context: ExpressionContext): CompiledExpression {
    const { name, argument, where: filter } = this;
    const { distinct = false } = this.settings;
    if (window && distinct)
      throw new QueryUsageError(`${name} over a window counts equal values each time`, {
        hint: 'Leave distinct out: databases do not have it there',
      });
    const over = window && sql` ${window}`;
    const write = (value: CompiledExpression | undefined): CompiledExpression => this.write(value, over, context);
    return withDefault(context.aggregate({ name, argument, filter, distinct, write }), this.fallback, context);
  }

  private write(
    argument: CompiledExpression | undefined,
    over: Sql | undefined,
    { dialect }: ExpressionContext,
  ): CompiledExpression {
    const numbers = argument?.kind === 'json' && OF_NUMBERS.has(this.name) && !isList(argument);
    return dialect.expressions.aggregate(this.name, numbers ? jsonAs(argument, 'float', dialect) : argument, {
      ...this.settings,
      over,
    });
  }
}

/** The value of an aggregate, or another one where there are no rows. */
export function withDefault(
  made: CompiledExpression,
  other: Expression | undefined,
  context: ExpressionContext,
): CompiledExpression {
  if (!other) return made;
  const fallback = compileBeside(other, made, context);
  return { ...made, sql: sql`COALESCE(${made.sql}, ${fallback.sql})`, nullable: fallback.nullable };
}

/**
 * How many rows have a value at a path, or are related along it; without a path how many rows a group has.
 * `Count('comments', { filter: Q({ 'comments.approved': true }), distinct: true })`.
 */
export function Count<const A extends Argument = never, const C extends object = object>(
  argument?: A,
  settings: Omit<DistinctSettings<C>, 'default'> = {},
): Expression<number, Mentions<A, C, never>> {
  return new Aggregate('COUNT', argument, settings);
}

/** The sum: exact for integers and decimals, NULL without rows. */
export function Sum<const A extends Argument, const S extends DistinctSettings>(
  argument: A,
  settings: S = {} as S,
): Expression<OrNull<ArgumentResult<A>, S>, Mentions<A, ConditionOf<S>, DefaultOf<S>>> {
  return new Aggregate('SUM', argument, settings);
}

/** The mean: a float for integers and floats, a decimal with six digits more for decimals. NULL without rows. */
export function Avg<const A extends Argument, const S extends DistinctSettings>(
  argument: A,
  settings: S = {} as S,
): Expression<OrNull<ArgumentResult<A>, S>, Mentions<A, ConditionOf<S>, DefaultOf<S>>> {
  return new Aggregate('AVG', argument, settings);
}

/** The least value. NULL without rows. */
export function Min<const A extends Argument, const S extends AggregateSettings>(
  argument: A,
  settings: S = {} as S,
): Expression<OrNull<ArgumentResult<A>, S>, Mentions<A, ConditionOf<S>, DefaultOf<S>>> {
  return new Aggregate('MIN', argument, settings);
}

/** The greatest value. NULL without rows. */
export function Max<const A extends Argument, const S extends AggregateSettings>(
  argument: A,
  settings: S = {} as S,
): Expression<OrNull<ArgumentResult<A>, S>, Mentions<A, ConditionOf<S>, DefaultOf<S>>> {
  return new Aggregate('MAX', argument, settings);
}

/** The standard deviation, of the whole or with `sample` of a sample. A float. */
export function StdDev<const A extends Argument, const S extends SpreadSettings>(
  argument: A,
  settings: S = {} as S,
): Expression<number | null, Mentions<A, ConditionOf<S>, DefaultOf<S>>> {
  return new Aggregate('STDDEV', argument, settings);
}

/** The variance, of the whole or with `sample` of a sample. A float. */
export function Variance<const A extends Argument, const S extends SpreadSettings>(
  argument: A,
  settings: S = {} as S,
): Expression<number | null, Mentions<A, ConditionOf<S>, DefaultOf<S>>> {
  return new Aggregate('VARIANCE', argument, settings);
}

/** Whether an expression works with more than one row. */
export function isAggregate(expression: Expression): boolean {
  return someExpression(expression, ({ aggregates }) => aggregates);
}

/** Whether an expression is no more than a path. */
export function isPath(expression: Expression | undefined): expression is PathExpression {
  return expression instanceof PathExpression;
}
