import { type FieldKind } from '../../describe/entity-description.js';
import { type AliasSource } from '../compile/join-scope.js';
import { coerce, expectation } from '../lookups/coerce.js';
import { type ColumnModel } from '../model/entity-model.js';
import { type Where } from '../q.js';
import { BadLookupValueError } from '../query.errors.js';
import { type SearchDocument } from '../search/search-document.js';
import { type AggregateFunction } from '../sql/expression-dialect.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { raw, type Sql } from '../sql/sql.js';
import { type TimeZone } from '../zones/time-zone.js';
import { type At } from './expression.types.js';

/** What an expression has become in a statement. */
export interface CompiledExpression {
  readonly sql: Sql;
  readonly kind: FieldKind;
  readonly nullable: boolean;
  /** Digits after the point of a decimal; undefined where they are not known. */
  readonly scale?: number | undefined;
  /** Whether it is the same for every row, which databases take for something else in an ordering. */
  readonly constant?: boolean;
  /** The column that it is, unchanged: its transformer makes the value that callers get. */
  readonly column?: ColumnModel | undefined;
  /** Of the key of a row: the columns of that row, by which rows may stand for their keys. */
  readonly references?: readonly ColumnModel[] | undefined;
  /** What is searched in, where it is a vector. */
  readonly document?: SearchDocument;
}

/** The rows over which an aggregate reaches: those related to each row, those of a group, or those of a window. */
export type AggregateReach = 'related' | 'group' | 'window';

/** What an expression is compiled in: the names of its statement. */
export interface ExpressionContext {
  readonly dialect: SqlDialect;
  /** Gives out the table aliases of the statement, those of its subqueries included. */
  readonly aliases: AliasSource;
  readonly reach: AggregateReach;
  /** The zone in which moments are taken apart; UTC where nothing is said. */
  readonly zone?: TimeZone;
  /** The same names for aggregates of another reach. */
  within(reach: AggregateReach): ExpressionContext;
  /** The value of an annotation, or of the column at a path. @throws UnknownPathError, UnfitPathError */
  path(path: string): CompiledExpression;
  /** The same in the query around this one. @throws QueryUsageError where there is none */
  outer(path: string): CompiledExpression;
  compile(expression: Expression): CompiledExpression;
  /** A condition as a truth value, never NULL. */
  truth(where: Where): Sql;
  /** The query around the subqueries of this one. */
  asOuter(): ExpressionContext;
  /** Compiles an aggregate's argument and condition over the rows that it reaches. */
  aggregate(parts: AggregateParts): CompiledExpression;
}

/** What an aggregate is made of. */
export interface AggregateParts {
  readonly name: AggregateFunction | 'STRING_AGG' | 'ANY_VALUE';
  /** Absent for a count of rows. */
  readonly argument: Expression | undefined;
  readonly filter: Where | undefined;
  readonly distinct: boolean;
  /** The aggregate over a compiled argument, in a context of its rows; undefined stands for a count of rows. */
  write(argument: CompiledExpression | undefined, within: ExpressionContext): CompiledExpression;
}

/** Where NULL stands in an ordering; the greatest of all values unless told otherwise. */
export type NullsPlace = 'first' | 'last';

/** A term of an ordering that is more than a name. */
export class OrderBy<M = unknown> {
  declare protected readonly mentions: M;

  constructor(
    readonly expression: Expression,
    readonly descending: boolean,
    readonly nulls: NullsPlace | undefined,
  ) {}
}

/** How an ordering term treats NULL. */
export interface OrderOptions {
  readonly nulls?: NullsPlace;
}

/** A value that stands for itself in an expression. */
export type Literal = string | number | bigint | boolean | Date | null;

/** An expression, or a value that stands for itself. */
export type Operand = Expression | Literal;

/** The type of what an operand comes to. */
export type ResultOf<O> = O extends Expression<infer T> ? T : O extends Literal ? Widened<O> : never;

/** What an operand mentions. */
export type MentionsOf<O> = O extends Expression<infer _, infer M> ? M : never;

/** A literal's type without the literal: `5` is a number. */
export type Widened<L> = L extends string
  ? string
  : L extends number
    ? number
    : L extends bigint
      ? bigint
      : L extends boolean
        ? boolean
        : L;

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** What is done with the bits of two integers of 64 bits. */
export type BitOperator = '&' | '|' | '^' | '<<' | '>>';

/**
 * A value that the database works out for each row: immutable data, compiled only with the query that uses it. `T` is
 * the type of the value, in which {@link At} stands for the type at a path; `M` collects the paths that it mentions, so
 * that the query can check them. See https://docs.djangoproject.com/en/stable/ref/models/expressions/
 */
export abstract class Expression<out T = unknown, out M = unknown> {
  declare protected readonly result: T;
  declare protected readonly mentions: M;

  /** Writes itself into a statement. @throws FieldError */
  abstract compile(context: ExpressionContext): CompiledExpression;

  /** The expressions that it is made of. */
  abstract readonly parts: readonly Expression[];

  /** Whether it makes one value of those of many rows. */
  get aggregates(): boolean {
    return false;
  }

  /** The paths that it names itself, apart from its parts. */
  get paths(): readonly string[] {
    return [];
  }

  /** The conditions that it holds itself, apart from its parts. */
  get conditions(): readonly Where[] {
    return [];
  }

  /** The sum. Numbers of any kind; the result is exact unless one of them is a float. */
  plus<const O extends Operand>(other: O): Expression<T, M | MentionsOf<O>> {
    return new Arithmetic<T, M | MentionsOf<O>>(this, '+', operandOf(other));
  }

  /** The difference. */
  minus<const O extends Operand>(other: O): Expression<T, M | MentionsOf<O>> {
    return new Arithmetic<T, M | MentionsOf<O>>(this, '-', operandOf(other));
  }

  /** The product. */
  times<const O extends Operand>(other: O): Expression<T, M | MentionsOf<O>> {
    return new Arithmetic<T, M | MentionsOf<O>>(this, '*', operandOf(other));
  }

  /** The quotient, NULL for a division by zero. Integers give a float; decimals are rounded to 10 digits more. */
  dividedBy<const O extends Operand>(other: O): Expression<T | null, M | MentionsOf<O>> {
    return new Arithmetic<T | null, M | MentionsOf<O>>(this, '/', operandOf(other));
  }

  /** The rest of a division, with the sign of the dividend; NULL for a division by zero. */
  modulo<const O extends Operand>(other: O): Expression<T | null, M | MentionsOf<O>> {
    return new Arithmetic<T | null, M | MentionsOf<O>>(this, '%', operandOf(other));
  }

  /** The bits that are set in both integers. */
  bitAnd<const O extends Operand>(other: O): Expression<T, M | MentionsOf<O>> {
    return new Arithmetic<T, M | MentionsOf<O>>(this, '&', operandOf(other));
  }

  /** The bits that are set in one of the integers. */
  bitOr<const O extends Operand>(other: O): Expression<T, M | MentionsOf<O>> {
    return new Arithmetic<T, M | MentionsOf<O>>(this, '|', operandOf(other));
  }

  /** The bits that are set in one of the integers and not in both. */
  bitXor<const O extends Operand>(other: O): Expression<T, M | MentionsOf<O>> {
    return new Arithmetic<T, M | MentionsOf<O>>(this, '^', operandOf(other));
  }

  /** The bits moved so many places up: an integer of 64 bits, as text. NULL unless the places are 0 to 63. */
  shiftLeft<const O extends Operand>(places: O): Expression<string | null, M | MentionsOf<O>> {
    return new Arithmetic<string | null, M | MentionsOf<O>>(this, '<<', operandOf(places));
  }

  /** The bits moved so many places down; the sign stays. NULL unless the places are 0 to 63. */
  shiftRight<const O extends Operand>(places: O): Expression<T | null, M | MentionsOf<O>> {
    return new Arithmetic<T | null, M | MentionsOf<O>>(this, '>>', operandOf(places));
  }

  /** An ascending term for `orderBy`. */
  asc({ nulls }: OrderOptions = {}): OrderBy<M> {
    return new OrderBy<M>(this, false, nulls);
  }

  /** A descending term for `orderBy`. */
  desc({ nulls }: OrderOptions = {}): OrderBy<M> {
    return new OrderBy<M>(this, true, nulls);
  }
}

/** Nothing, of the kind of whatever stands beside it. */
const NULL: CompiledExpression = { sql: raw('NULL'), kind: 'string', nullable: true, constant: true };

/** A value that stands for itself, bound as a parameter. */
export class ValueExpression<T = unknown> extends Expression<T, never> {
  readonly parts = [];

  constructor(
    readonly value: unknown,
    readonly kind: FieldKind | undefined,
  ) {
    super();
  }

  compile({ dialect }: ExpressionContext): CompiledExpression {
    if (this.value === null && !this.kind) return NULL;
    const kind = this.kind ?? kindOfLiteral(this.value);
    const value = fitting(this.value, kind);
    const literal = dialect.expressions.literal(value, kind);
    return { sql: literal, kind, nullable: value === null, scale: scaleOf(value), constant: true };
  }
}

/** The value at a path of the same row, or an annotation. */
export class PathExpression<T = unknown, M = unknown> extends Expression<T, M> {
  readonly parts = [];

  constructor(readonly path: string) {
    super();
  }

  override get paths(): readonly string[] {
    return [this.path];
  }

  compile(context: ExpressionContext): CompiledExpression {
    return context.path(this.path);
  }
}

/** Two numbers and what is done with them. */
class Arithmetic<T, M> extends Expression<T, M> {
  constructor(
    private readonly left: Expression,
    private readonly operator: ArithmeticOperator | BitOperator,
    private readonly right: Expression,
  ) {
    super();
  }

  get parts(): readonly Expression[] {
    return [this.left, this.right];
  }

  compile(context: ExpressionContext): CompiledExpression {
    const [left, right] = compileTogether([this.left, this.right], context);
    const { expressions } = context.dialect;
    return isOfBits(this.operator)
      ? expressions.combineBits(left!, this.operator, right!)
      : expressions.combine(left!, this.operator, right!);
  }
}

function isOfBits(operator: ArithmeticOperator | BitOperator): operator is BitOperator {
  return (['&', '|', '^', '<<', '>>'] as const).some((each) => each === operator);
}

/** The value at a path of the same row: `F('stock').minus(1)`. Over to-one relations too: `F('author.rank')`. */
export function F<const P extends string>(path: P): Expression<At<P>, P> {
  return new PathExpression(path);
}

/** A value of the query around a subquery. Its path is checked when the statement is made. */
export function OuterRef(path: string): Expression<never, never> {
  return new OuterExpression(path);
}

class OuterExpression extends Expression<never, never> {
  readonly parts = [];

  constructor(private readonly path: string) {
    super();
  }

  compile(context: ExpressionContext): CompiledExpression {
    return context.outer(this.path);
  }
}

/**
 * A value that stands for itself, for where an expression is asked for. Texts that are decimals, dates or uuids need
 * their kind: `Value('1.50', 'decimal')`.
 */
export function Value<const L extends Literal>(value: L, kind?: FieldKind): Expression<Widened<L>, never> {
  return new ValueExpression<Widened<L>>(value, kind);
}

/** An operand as an expression; a path is a path only as `F`, a bare text is a value. */
export function operandOf(operand: Operand): Expression {
  return operand instanceof Expression ? operand : new ValueExpression(operand, undefined);
}

/** An argument as an expression: a text is a path. */
export function argumentOf(argument: Expression | string): Expression {
  return typeof argument === 'string' ? new PathExpression(argument) : argument;
}

/** Compiles an operand; a bare value takes the kind of what stands beside it. */
export function compileBeside(
  operand: Expression,
  { kind }: CompiledExpression,
  context: ExpressionContext,
): CompiledExpression {
  return isBare(operand) ? literalBeside(operand, kind, context) : operand.compile(context);
}

/** Compiles operands that stand beside each other, each of them once; bare values take the kind of the first other one. */
export function compileTogether(
  operands: readonly Expression[],
  context: ExpressionContext,
): readonly CompiledExpression[] {
  const leading = operands.find((operand) => !(operand instanceof ValueExpression));
  if (!leading) return operands.map((operand) => operand.compile(context));
  const beside = leading.compile(context);
  return operands.map((operand) => (operand === leading ? beside : compileBeside(operand, beside, context)));
}

function isBare(operand: Expression): operand is ValueExpression {
  return operand instanceof ValueExpression && !operand.kind;
}

/** Whether an expression, or one that it is made of, passes a test. */
export function someExpression(expression: Expression, test: (part: Expression) => boolean): boolean {
  return test(expression) || expression.parts.some((part) => someExpression(part, test));
}

const EXACT_NUMBERS: ReadonlySet<FieldKind> = new Set<FieldKind>(['integer', 'bigint', 'decimal']);

/** A number keeps what it has after the point; any other value is read as the kind beside it. */
function literalBeside({ value }: ValueExpression, kind: FieldKind, context: ExpressionContext): CompiledExpression {
  const numeric = typeof value === 'number' || typeof value === 'bigint';
  const exact = EXACT_NUMBERS.has(kind) && (numeric || typeof value === 'string');
  const wide = exact && kind === 'integer' && isWhole(value) && !Number.isSafeInteger(Number(value));
  const own = wide
    ? 'bigint'
    : exact && !isWhole(value)
      ? 'decimal'
      : numeric && kind !== 'float' && !exact
        ? undefined
        : kind;
  return new ValueExpression(value, own).compile(context);
}

/** Half of a surrogate pair, which drivers replace by something else. */
const HALF_PAIR = /\p{Surrogate}/u;

/** @throws BadLookupValueError for a value that no column of the kind could hold */
function fitting(value: unknown, kind: FieldKind): unknown {
  if (value === null) return value;
  if (typeof value === 'string' && HALF_PAIR.test(value))
    throw new BadLookupValueError('a value of an expression', value, 'well-formed text');
  const coerced = kind === 'json' ? (typeof value === 'bigint' ? undefined : value) : coerce(kind, value);
  if (coerced === undefined) throw new BadLookupValueError('a value of an expression', value, expectation(kind));
  return coerced;
}

function isWhole(value: unknown): boolean {
  return typeof value === 'bigint' || Number.isInteger(typeof value === 'string' ? Number(value) : value);
}

function kindOfLiteral(value: unknown): FieldKind {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'float';
  if (typeof value === 'bigint') return 'bigint';
  if (typeof value === 'boolean') return 'boolean';
  return value instanceof Date ? 'datetime' : 'string';
}

function scaleOf(value: unknown): number | undefined {
  const fraction = /^[+-]?\d*\.?(\d*)$/.exec(String(value))?.[1];
  return fraction?.length;
}
