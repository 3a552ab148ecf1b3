import { type FieldKind } from '../../describe/entity-description.js';
import { type ArithmeticOperator, type BitOperator, type CompiledExpression } from '../expressions/expression.js';
import { QueryUsageError } from '../query.errors.js';
import { type TimeZone } from '../zones/time-zone.js';
import { NOTHING, raw, sql, type Sql } from './sql.js';

/** Kinds whose values compare with each other. */
const FAMILIES: Readonly<Partial<Record<FieldKind, string>>> = {
  string: 'text',
  text: 'text',
  enum: 'text',
  integer: 'number',
  bigint: 'number',
  float: 'number',
  decimal: 'number',
};

const NUMBERS: readonly FieldKind[] = ['integer', 'bigint', 'decimal', 'float'];

const DISTINCT = raw('DISTINCT ');

/** Digits that a quotient of decimals has more than its operands. */
const QUOTIENT_DIGITS = 10;

/** Digits that a mean of decimals has more than its values. */
const MEAN_DIGITS = 6;

/** The aggregates that every database has or is given. */
export type AggregateFunction = 'COUNT' | 'SUM' | 'AVG' | 'MIN' | 'MAX' | 'STDDEV' | 'VARIANCE';

/** Parts of a date or a moment that are numbers. */
export type DateField =
  'year' | 'isoYear' | 'quarter' | 'month' | 'week' | 'day' | 'weekDay' | 'isoWeekDay' | 'hour' | 'minute' | 'second';

/** Units of time that have a begin. */
export type TruncateUnit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second';

/** Units that clocks show; the others are those of calendars. */
export const CLOCK_UNITS: ReadonlySet<string> = new Set(['hour', 'minute', 'second']);

/** What becomes of a number that is cut or rounded. */
export type NumberShape = 'abs' | 'ceil' | 'floor' | 'round';

/** What an aggregate is told beside its argument. */
export interface AggregateOptions {
  readonly distinct?: boolean;
  /** Whether a deviation is that of a sample. */
  readonly sample?: boolean;
  /** The window whose rows it is of, `OVER (…)`; without one those of a group. */
  readonly over?: Sql | undefined;
}

/** What stands in the brackets of an aggregate before its argument, and behind them. */
export interface AggregateMarks {
  readonly distinct: Sql;
  readonly over: Sql;
}

/** How values that the database works out are written. One class per dialect. */
export abstract class ExpressionDialect {
  /** A bound value of a kind. */
  abstract literal(value: unknown, kind: FieldKind): Sql;

  /** What stands in a list of selected columns so that the driver's value is exact. */
  abstract selected(value: CompiledExpression): Sql;

  /** A value as one of another kind, of those that come to the same on every database; days are those of a zone. */
  abstract cast(value: CompiledExpression, kind: FieldKind, zone: TimeZone): Sql;

  /** What calendars and clocks of a zone show at a moment; a date or a time is that already. */
  abstract clock(value: Sql, kind: FieldKind, zone: TimeZone): Sql;

  /** A part of what {@link clock} gives. */
  abstract datePart(part: DateField, clock: Sql): Sql;

  /** The time of the day that {@link clock} shows. */
  abstract timeOfDay(clock: Sql): Sql;

  /** A bound time of day in a comparison with {@link timeOfDay}. */
  abstract timeLiteral(time: string): Sql;

  /** The begin of the unit of a date or of a moment in a zone, of the same kind. */
  abstract truncated(unit: TruncateUnit, value: Sql, kind: FieldKind, zone: TimeZone): Sql;

  /**
   * The first moment of a day in a zone, where the database looks at data of its own; undefined where it is told what
   * Node knows.
   */
  midnight(_day: string, _zone: TimeZone): Sql | undefined {
    return undefined;
  }

  /** A moment in UTC as text, without fractions of seconds: `2026-11-01 00:00:00`. */
  abstract momentText(moment: Sql): Sql;

  /** A number cut or rounded, of the same kind. */
  shaped(shape: NumberShape, value: CompiledExpression, digits: Sql = raw('0')): Sql {
    const { kind, sql: number } = value;
    if (shape !== 'abs' && (kind === 'integer' || kind === 'bigint')) return number;
    if (shape !== 'round') return this.cut(shape, number, kind);
    return this.rounded(number, kind, digits);
  }

  protected cut(shape: Exclude<NumberShape, 'round'>, value: Sql, _kind: FieldKind): Sql {
    return sql`${raw(shape.toUpperCase())}(${value})`;
  }

  protected abstract rounded(value: Sql, kind: FieldKind, digits: Sql): Sql;

  /** A number as a double. */
  abstract asFloat(value: Sql): Sql;

  /** An exact operation; numbers are of any kind but float. */
  protected abstract exact(left: Sql, operator: ArithmeticOperator, right: Sql, kind: FieldKind, scale: number): Sql;

  protected abstract floatModulo(left: Sql, right: Sql): Sql;

  /** A number of calls without an argument is a number of rows. */
  protected abstract sum(argument: Sql, kind: FieldKind, marks: AggregateMarks): Sql;
  protected abstract mean(argument: Sql, kind: FieldKind, marks: AggregateMarks, scale: number): Sql;
  protected abstract deviation(name: 'STDDEV' | 'VARIANCE', argument: Sql, marks: AggregateMarks, sample: boolean): Sql;

  /** The least or the greatest. */
  protected extreme(name: 'MIN' | 'MAX', argument: CompiledExpression, over: Sql): Sql {
    return sql`${raw(name)}(${argument.sql})${over}`;
  }

  /** A text in small or in capital letters, of every script. */
  cased(letters: 'lower' | 'upper', value: Sql): Sql {
    return sql`${raw(letters.toUpperCase())}(${value})`;
  }

  /** Texts put together, with a separator between them. */
  abstract joinedTexts(value: Sql, separator: string, order: Sql): Sql;

  /** The same with equal texts once, in an order of their own. */
  abstract differentTexts(value: Sql, separator: string, descending: boolean): Sql;

  /** A value in comparisons and orderings, where its plain form would not be compared as what it is. */
  sortable({ sql: value }: CompiledExpression): Sql {
    return value;
  }

  /** The same for what is selected under an alias, in the form that {@link selected} gives it. */
  sortedAlias(alias: Sql, value: CompiledExpression): Sql {
    return this.sortable({ ...value, sql: alias });
  }

  /** Whether {@link sortable} makes a text of its own of values of a kind. */
  sortsByKey(_kind: FieldKind): boolean {
    return false;
  }

  /** A text in a comparison with another one, exact in case, accents and trailing spaces. */
  sameText(value: Sql): Sql {
    return value;
  }

  /** A value on its way into a column. */
  stored(value: CompiledExpression, _kind: FieldKind, _scale: number | undefined): Sql {
    return value.sql;
  }

  /** @throws QueryUsageError when a column of a kind cannot hold a value */
  refuseUnfit({ kind: given }: CompiledExpression, kind: FieldKind, path: string): void {
    if ((FAMILIES[given] ?? given) !== (FAMILIES[kind] ?? kind))
      throw new QueryUsageError(`"${path}" is a ${kind} and cannot be set to a ${given}`);
  }

  /** Both sides of a comparison. @throws QueryUsageError when values of their kinds do not compare */
  comparable(left: CompiledExpression, right: CompiledExpression, equality: boolean): readonly [Sql, Sql] {
    const [one, other] = [left, right].map(({ kind }) => FAMILIES[kind] ?? kind);
    if (one !== other) throw new QueryUsageError(`A ${left.kind} does not compare with a ${right.kind}`);
    if (one === 'json' || one === 'binary')
      throw new QueryUsageError(`Values of ${left.kind} columns do not compare with each other`);
    if (one === 'text' && equality) return [this.sameText(left.sql), this.sameText(right.sql)];
    return [this.sortable(left), this.sortable(right)];
  }

  /** What two numbers come to. @throws QueryUsageError for other kinds */
  combine(left: CompiledExpression, operator: ArithmeticOperator, right: CompiledExpression): CompiledExpression {
    const kind = numberKind(left, right, operator);
    const divides = operator === '/' || operator === '%';
    const divisor = divides ? sql`NULLIF(${right.sql}, 0)` : right.sql;
    const nullable = left.nullable || right.nullable || divides;
    if (kind === 'float') return { sql: this.floats(left.sql, operator, divisor), kind, nullable };
    const scale = kind === 'decimal' ? scaleOf(left, operator, right) : undefined;
    return { sql: this.exact(left.sql, operator, divisor, kind, scale ?? QUOTIENT_DIGITS), kind, nullable, scale };
  }

  /** What the bits of two integers come to. @throws QueryUsageError for other kinds */
  combineBits(left: CompiledExpression, operator: BitOperator, right: CompiledExpression): CompiledExpression {
    const shifts = operator === '<<' || operator === '>>';
    const unfit = [left, right].find(({ kind }) => kind !== 'integer' && kind !== 'bigint');
    if (unfit) throw new QueryUsageError(`Bits are those of integers, got a ${unfit.kind}`);
    const wide = operator === '<<' || left.kind === 'bigint' || (!shifts && right.kind === 'bigint');
    const nullable = left.nullable || right.nullable || shifts;
    return { sql: this.bits(left.sql, operator, right.sql), kind: wide ? 'bigint' : 'integer', nullable };
  }

  protected abstract bits(left: Sql, operator: BitOperator, right: Sql): Sql;

  /** An aggregate over an argument; without one, COUNT counts rows. @throws QueryUsageError for unfit kinds */
  aggregate(
    name: AggregateFunction,
    argument: CompiledExpression | undefined,
    { distinct = false, sample = false, over = NOTHING }: AggregateOptions,
  ): CompiledExpression {
    const marks = { distinct: distinct ? DISTINCT : NOTHING, over };
    if (name === 'COUNT') return this.count(argument, marks);
    const { kind, scale, column, sql: value } = argument!;
    if ((name === 'MIN' || name === 'MAX') && (kind === 'json' || kind === 'binary'))
      throw new QueryUsageError(`${name} has no order of ${kind} values`, {
        hint: kind === 'json' ? "Name their type: Cast('data.size', 'float')" : undefined,
      });
    if (name === 'MIN' || name === 'MAX')
      return { sql: this.extreme(name, argument!, over), kind, scale, column, nullable: true };
    if (!NUMBERS.includes(kind)) throw new QueryUsageError(`${name} takes numbers, got a ${kind}`);
    if (name === 'SUM') return this.total(value, kind, marks, scale);
    if (name === 'AVG') return this.average(value, kind, marks, scale);
    const deviation = this.deviation(name, this.asFloat(value), marks, sample);
    return { sql: deviation, kind: 'float', nullable: true };
  }

  protected count(argument: CompiledExpression | undefined, { distinct, over }: AggregateMarks): CompiledExpression {
    const value = argument && distinct !== NOTHING ? this.sortable(argument) : argument?.sql;
    return { sql: sql`COUNT(${value ? sql`${distinct}${value}` : raw('*')})${over}`, kind: 'integer', nullable: false };
  }

  /** Integers of 64 bits add up to more than that: their sum is a decimal. */
  private total(value: Sql, kind: FieldKind, marks: AggregateMarks, scale: number | undefined): CompiledExpression {
    const sum = this.sum(value, kind, marks);
    if (kind === 'bigint') return { sql: sum, kind: 'decimal', scale: 0, nullable: true };
    return { sql: sum, kind, scale, nullable: true };
  }

  private average(value: Sql, kind: FieldKind, marks: AggregateMarks, scale: number | undefined): CompiledExpression {
    const { distinct, over } = marks;
    if (kind === 'float' || kind === 'integer')
      return { sql: sql`AVG(${distinct}${this.asFloat(value)})${over}`, kind: 'float', nullable: true };
    const digits = (kind === 'bigint' ? 0 : (scale ?? 0)) + MEAN_DIGITS;
    return { sql: this.mean(value, kind, marks, digits), kind: 'decimal', scale: digits, nullable: true };
  }

  private floats(left: Sql, operator: ArithmeticOperator, right: Sql): Sql {
    if (operator === '%') return this.floatModulo(this.asFloat(left), this.asFloat(right));
    return sql`(${this.asFloat(left)} ${raw(operator)} ${this.asFloat(right)})`;
  }
}

function numberKind(left: CompiledExpression, right: CompiledExpression, operator: ArithmeticOperator): FieldKind {
  const ranks = [left, right].map(({ kind }) => NUMBERS.indexOf(kind));
  if (ranks.includes(-1))
    throw new QueryUsageError(`"${operator}" takes numbers, got a ${left.kind} and a ${right.kind}`);
  const kind = NUMBERS[Math.max(...ranks)]!;
  if (operator !== '/') return kind;
  return kind === 'integer' ? 'float' : kind === 'bigint' ? 'decimal' : kind;
}

function scaleOf(
  left: CompiledExpression,
  operator: ArithmeticOperator,
  right: CompiledExpression,
): number | undefined {
  const [one, other] = [left, right].map(({ kind, scale }) => (kind === 'decimal' ? scale : 0));
  if (one === undefined || other === undefined) return undefined;
  if (operator === '*') return one + other;
  return operator === '/' ? Math.max(one, other) + QUOTIENT_DIGITS : Math.max(one, other);
}
