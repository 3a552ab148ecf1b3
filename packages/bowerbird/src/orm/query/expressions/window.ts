import { QueryUsageError } from '../query.errors.js';
import { join, NOTHING, raw, sql, type Sql } from '../sql/sql.js';
import { Aggregate, type Argument, type ArgumentMentions, type ArgumentResult } from './aggregates.js';
import {
  argumentOf,
  Expression,
  OrderBy,
  someExpression,
  ValueExpression,
  type CompiledExpression,
  type ExpressionContext,
  type Literal,
} from './expression.js';
import { orderByOf, orderSql } from './order-by.js';

/** A bound of a frame: so many rows before (negative) or after this one, this one, or all that there are. */
export type FrameBound = number | 'current' | 'unbounded';

/** The part of a window that counts: rows, or values of the ordering that are equal. */
export interface Frame {
  readonly type?: 'rows' | 'range';
  readonly start: FrameBound;
  readonly end: FrameBound;
}

/** The rows around each row. */
export interface WindowOptions<P = unknown, O = unknown> {
  readonly partitionBy?: P;
  readonly orderBy?: O;
  readonly frame?: Frame;
}

/** Terms of a window's ordering: a path (`-views`), an ordering term, or several. */
export type WindowOrder = string | OrderBy | readonly (string | OrderBy)[];

/** What the rows of a window have in common. */
export type WindowPartition = Argument | readonly Argument[];

type PartitionMentions<P> = P extends readonly (infer A)[] ? ArgumentMentions<A> : ArgumentMentions<P>;
type TermMentions<T> = T extends `-${infer N}` ? N : T extends string ? T : T extends OrderBy<infer M> ? M : never;
type OrderMentions<O> = O extends readonly (infer T)[] ? TermMentions<T> : TermMentions<O>;

/**
 * An aggregate or a ranking over the rows around each row, which stay rows of their own:
 * `Window(Rank(), { partitionBy: 'author', orderBy: '-views' })`.
 * See https://docs.djangoproject.com/en/stable/ref/models/expressions/#window-functions
 */
export function Window<T, M, const P extends WindowPartition = never, const O extends WindowOrder = never>(
  over: Expression<T, M>,
  options: WindowOptions<P, O> = {},
): Expression<T, M | PartitionMentions<P> | OrderMentions<O>> {
  return new WindowExpression(over, options);
}

/** An expression over a window. */
export class WindowExpression<T = unknown, M = unknown> extends Expression<T, M> {
  private readonly partition: readonly Expression[];
  private readonly order: readonly OrderBy[];
  private readonly frame: Frame | undefined;

  constructor(
    private readonly over: Expression,
    { partitionBy = [], orderBy = [], frame }: WindowOptions<WindowPartition, WindowOrder>,
  ) {
    super();
    if (!(over instanceof Aggregate) && !(over instanceof WindowFunction))
      throw new QueryUsageError('Window() takes an aggregate or a window function, such as Rank()');
    this.partition = listed(partitionBy).map(argumentOf);
    this.order = listed(orderBy).map(orderByOf);
    this.frame = frame;
  }

  get parts(): readonly Expression[] {
    return [...this.over.parts, ...this.partition, ...this.order.map(({ expression }) => expression)];
  }

  compile(context: ExpressionContext): CompiledExpression {
    const within = context.within('window');
    const partition = this.partition.map((part) => context.dialect.expressions.sortable(within.compile(part)));
    const order = this.order.map((term) => orderSql(term, within));
    const clauses = [
      partition.length > 0 ? sql`PARTITION BY ${join(partition, ', ')}` : NOTHING,
      order.length > 0 ? sql`ORDER BY ${join(order, ', ')}` : NOTHING,
      this.frame ? frameSql(this.frame) : NOTHING,
    ].filter((clause) => clause !== NOTHING);
    const window = sql`OVER (${join(clauses, ' ')})`;
    const common = partition.length > 0 ? clauses[0]! : NOTHING;
    if (this.over instanceof Shift) return this.over.compileOver(window, common, within);
    if (this.over instanceof Aggregate) return this.over.compileOver(window, within);
    const value = this.over.compile(within);
    return { ...value, sql: sql`${value.sql} ${window}` };
  }
}

/** Whether an expression looks at the rows around each row. */
export function isWindowed(expression: Expression): boolean {
  return someExpression(expression, (part) => part instanceof WindowExpression);
}

/** A function of {@link Window}. */
class WindowFunction<T = unknown, M = unknown> extends Expression<T, M> {
  constructor(
    private readonly name: string,
    override readonly parts: readonly Expression[],
    private readonly yields: 'integer' | 'float' | 'first',
    private readonly nullable: boolean,
  ) {
    super();
  }

  compile(context: ExpressionContext): CompiledExpression {
    const [first, ...rest] = this.parts.map((part) =>
      part instanceof ValueExpression ? undefined : context.compile(part),
    );
    const values = this.parts.map(
      (part, index) => [first, ...rest][index] ?? literal(part as ValueExpression, first, context),
    );
    const call = sql`${raw(this.name)}(${join(
      values.map((value) => value.sql),
      ', ',
    )})`;
    if (this.yields !== 'first') return { sql: call, kind: this.yields, nullable: this.nullable };
    return { ...first!, sql: call, nullable: this.nullable };
  }
}

/** Counts are written as they are: some databases take no parameters there. Other values take the kind of the first. */
function literal(
  part: ValueExpression,
  first: CompiledExpression | undefined,
  context: ExpressionContext,
): CompiledExpression {
  if (part.kind) return { sql: raw(String(part.value)), kind: part.kind, nullable: false };
  const { kind, scale } = first ?? { kind: 'string' as const, scale: undefined };
  const { sql: bound, nullable } = new ValueExpression(part.value, kind).compile(context);
  return { sql: bound, kind, scale, nullable };
}

/** The number of a row among those of its window, from 1. */
export function RowNumber(): Expression<number, never> {
  return new WindowFunction('ROW_NUMBER', [], 'integer', false);
}

/** The rank of a row, with gaps after equal ones. */
export function Rank(): Expression<number, never> {
  return new WindowFunction('RANK', [], 'integer', false);
}

/** The rank of a row, without gaps. */
export function DenseRank(): Expression<number, never> {
  return new WindowFunction('DENSE_RANK', [], 'integer', false);
}

/** The rank of a row between 0 and 1. */
export function PercentRank(): Expression<number, never> {
  return new WindowFunction('PERCENT_RANK', [], 'float', false);
}

/** The share of rows up to this one and its equals. */
export function CumeDist(): Expression<number, never> {
  return new WindowFunction('CUME_DIST', [], 'float', false);
}

/** The number of a row's share when its window is dealt into so many, from 1. */
export function Ntile(shares: number): Expression<number, never> {
  return new WindowFunction('NTILE', [positive(shares, 'Ntile')], 'integer', false);
}

/** The value of the row so many places before this one. */
export function Lag<const A extends Argument, const D extends Literal = null>(
  argument: A,
  offset = 1,
  otherwise: D = null as D,
): Expression<ArgumentResult<A> | D, ArgumentMentions<A>> {
  return shifted('LAG', argument, offset, otherwise);
}

/** The value of the row so many places after this one. */
export function Lead<const A extends Argument, const D extends Literal = null>(
  argument: A,
  offset = 1,
  otherwise: D = null as D,
): Expression<ArgumentResult<A> | D, ArgumentMentions<A>> {
  return shifted('LEAD', argument, offset, otherwise);
}

/** The value of the first row of the frame. */
export function FirstValue<const A extends Argument>(argument: A): Expression<ArgumentResult<A>, ArgumentMentions<A>> {
  return new WindowFunction('FIRST_VALUE', [argumentOf(argument)], 'first', true);
}

/** The value of the last row of the frame, which ends at this row unless it is told otherwise. */
export function LastValue<const A extends Argument>(argument: A): Expression<ArgumentResult<A>, ArgumentMentions<A>> {
  return new WindowFunction('LAST_VALUE', [argumentOf(argument)], 'first', true);
}

/** The value of the n-th row of the frame, from 1. */
export function NthValue<const A extends Argument>(
  argument: A,
  place: number,
): Expression<ArgumentResult<A> | null, ArgumentMentions<A>> {
  return new WindowFunction('NTH_VALUE', [argumentOf(argument), positive(place, 'NthValue')], 'first', true);
}

function shifted<T, M>(name: 'LAG' | 'LEAD', argument: Argument, offset: number, otherwise: Literal): Expression<T, M> {
  const places = positive(offset, name, 0);
  if (otherwise === null) return new WindowFunction(name, [argumentOf(argument), places], 'first', true);
  return new Shift(name, argumentOf(argument), places, new ValueExpression(otherwise, undefined));
}

/** The value of another row, or one given for where there is none. */
class Shift<T = unknown, M = unknown> extends WindowFunction<T, M> {
  constructor(
    private readonly direction: 'LAG' | 'LEAD',
    argument: Expression,
    private readonly places: ValueExpression,
    private readonly otherwise: ValueExpression,
  ) {
    super(direction, [argument, places, otherwise], 'first', true);
  }

  /** Where the function takes no such value, the number of a row tells whether it reaches out of its window. */
  compileOver(window: Sql, partition: Sql, context: ExpressionContext): CompiledExpression {
    if (context.dialect.shiftsWithDefault) {
      const value = this.compile(context);
      return { ...value, sql: sql`${value.sql} ${window}` };
    }
    const plain = new WindowFunction(this.direction, [this.parts[0]!, this.places], 'first', true).compile(context);
    const offset = raw(String(this.places.value));
    const outside =
      this.direction === 'LAG'
        ? sql`ROW_NUMBER() ${window} <= ${offset}`
        : sql`COUNT(*) OVER (${partition}) - ROW_NUMBER() ${window} < ${offset}`;
    const otherwise = literal(this.otherwise, plain, context);
    return { ...plain, sql: sql`CASE WHEN ${outside} THEN ${otherwise.sql} ELSE ${plain.sql} ${window} END` };
  }
}

function positive(value: number, name: string, least = 1): ValueExpression {
  if (!Number.isSafeInteger(value) || value < least)
    throw new QueryUsageError(`${name} takes a whole number from ${least}, got ${value}`);
  return new ValueExpression(value, 'integer');
}

function listed<I>(items: I | readonly I[]): readonly I[] {
  return Array.isArray(items) ? (items as readonly I[]) : [items as I];
}

function frameSql({ type = 'rows', start, end }: Frame): Sql {
  if (type === 'range' && [start, end].some((bound) => typeof bound === 'number'))
    throw new QueryUsageError("A frame of type 'range' is bounded by 'current' and 'unbounded'");
  const unit = type === 'rows' ? 'ROWS' : 'RANGE';
  return raw(`${unit} BETWEEN ${boundSql(start, 'PRECEDING')} AND ${boundSql(end, 'FOLLOWING')}`);
}

function boundSql(bound: FrameBound, open: 'PRECEDING' | 'FOLLOWING'): string {
  if (bound === 'unbounded') return `UNBOUNDED ${open}`;
  if (bound === 'current' || bound === 0) return 'CURRENT ROW';
  if (!Number.isSafeInteger(bound)) throw new QueryUsageError(`A frame is bounded by whole numbers, got ${bound}`);
  return bound < 0 ? `${-bound} PRECEDING` : `${bound} FOLLOWING`;
}
