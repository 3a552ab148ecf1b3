import { type FieldKind } from '../../describe/entity-description.js';
import { SQLITE_FUNCTIONS as own } from '../../drivers/sqlite-functions.js';
import { type ArithmeticOperator, type BitOperator, type CompiledExpression } from '../expressions/expression.js';
import { type TimeZone } from '../zones/time-zone.js';
import {
  CLOCK_UNITS,
  ExpressionDialect,
  type AggregateMarks,
  type DateField,
  type TruncateUnit,
} from './expression-dialect.js';
import { bind, raw, sql, type Sql } from './sql.js';
import { sqliteBegin, sqliteDatePart } from './sqlite-dates.js';
import { zoneName } from './zone-name.js';

/**
 * Values that SQLite works out. Computed decimals are text, made by functions of our own, because its numbers are
 * doubles; they are compared and ordered by a key that sorts as they do.
 */
export class SqliteExpressions extends ExpressionDialect {
  /** The driver binds every number as a double. */
  literal(value: unknown, kind: FieldKind): Sql {
    if (value === null) return raw('NULL');
    if (kind === 'integer' || kind === 'bigint') return sql`CAST(${bind(textOf(value as number))} AS INTEGER)`;
    if (kind === 'boolean') return raw(value ? '1' : '0');
    if (kind === 'datetime') return bind(storedMoment(value));
    if (kind === 'decimal') return bind(textOf(value as number));
    return bind(kind === 'json' ? JSON.stringify(value) : value);
  }

  selected({ sql: value, kind, column }: CompiledExpression): Sql {
    return kind === 'bigint' || (kind === 'decimal' && !column) ? sql`CAST(${value} AS TEXT)` : value;
  }

  cast(value: CompiledExpression, kind: FieldKind, zone: TimeZone): Sql {
    const { kind: from, sql: given } = value;
    if (kind === 'float') return this.asFloat(given);
    if (kind === 'date') return sql`SUBSTR(${this.clock(given, from, zone)}, 1, 10)`;
    if (kind === 'datetime') return midnight(sql`(${given} || ' 00:00:00.000')`, zone);
    if (kind === 'string' || kind === 'decimal') return sql`CAST(${given} AS TEXT)`;
    const fraction = from === 'decimal' || from === 'float';
    return fraction ? sql`CAST(${raw(own.round)}(${given}, 0) AS INTEGER)` : given;
  }

  clock(value: Sql, kind: FieldKind, zone: TimeZone): Sql {
    return kind === 'datetime' && !zone.isUtc ? sql`${raw(own.clock)}(${value}, ${zoneName(zone)})` : value;
  }

  datePart(part: DateField, clock: Sql): Sql {
    return sqliteDatePart(part, clock);
  }

  /** Columns hold times without a fraction that is nothing. */
  timeOfDay(clock: Sql): Sql {
    return sql`REPLACE(SUBSTR(${clock}, 12), '.000', '')`;
  }

  timeLiteral(time: string): Sql {
    const [clock = '', fraction = ''] = time.split('.');
    return bind(/[1-9]/.test(fraction) ? `${clock}.${fraction.padEnd(3, '0')}` : clock);
  }

  truncated(unit: TruncateUnit, value: Sql, kind: FieldKind, zone: TimeZone): Sql {
    const begin = sqliteBegin(unit, this.clock(value, kind, zone));
    if (kind === 'date') return sql`SUBSTR(${begin}, 1, 10)`;
    const moment = sql`(${begin} || '.000')`;
    if (zone.isUtc || !CLOCK_UNITS.has(unit)) return midnight(moment, zone);
    return sql`${raw(own.unclock)}(${moment}, ${value}, ${zoneName(zone)})`;
  }

  momentText(moment: Sql): Sql {
    return sql`SUBSTR(${moment}, 1, 19)`;
  }

  protected rounded(value: Sql, kind: FieldKind, digits: Sql): Sql {
    const rounded = sql`${raw(own.round)}(${value}, ${digits})`;
    return kind === 'float' ? this.asFloat(rounded) : rounded;
  }

  protected override cut(shape: 'abs' | 'ceil' | 'floor', value: Sql, kind: FieldKind): Sql {
    return kind === 'decimal' ? sql`${raw(own.cut)}('${raw(shape)}', ${value})` : super.cut(shape, value, kind);
  }

  asFloat(value: Sql): Sql {
    return sql`CAST(${value} AS REAL)`;
  }

  protected exact(left: Sql, operator: ArithmeticOperator, right: Sql, kind: FieldKind, scale: number): Sql {
    if (kind === 'integer') return sql`(${left} ${raw(operator)} ${right})`;
    if (kind === 'bigint') return sql`${raw(own.integer)}('${raw(operator)}', ${left}, ${right})`;
    return sql`${raw(own.decimal)}('${raw(operator)}', ${left}, ${right}, ${raw(String(scale))})`;
  }

  protected bits(left: Sql, operator: BitOperator, right: Sql): Sql {
    return sql`${raw(own.integer)}('${raw(operator)}', ${left}, ${right})`;
  }

  protected floatModulo(left: Sql, right: Sql): Sql {
    return sql`(${left} - ${right} * TRUNC(${left} / ${right}))`;
  }

  protected sum(argument: Sql, kind: FieldKind, { distinct, over }: AggregateMarks): Sql {
    if (kind === 'float' || kind === 'integer') return sql`SUM(${distinct}${argument})${over}`;
    return sql`${raw(own.sum)}(${distinct}${exactNumber(argument, kind)})${over}`;
  }

  protected mean(argument: Sql, kind: FieldKind, { distinct, over }: AggregateMarks, scale: number): Sql {
    const mean = sql`${raw(own.mean)}(${distinct}${exactNumber(argument, kind)})${over}`;
    return sql`${raw(own.round)}(${mean}, ${raw(String(scale))})`;
  }

  protected deviation(
    name: 'STDDEV' | 'VARIANCE',
    argument: Sql,
    { distinct, over }: AggregateMarks,
    sample: boolean,
  ): Sql {
    const variance = sql`${raw(sample ? own.sampleVariance : own.variance)}(${distinct}${argument})${over}`;
    return name === 'STDDEV' ? sql`SQRT(${variance})` : variance;
  }

  protected override extreme(name: 'MIN' | 'MAX', argument: CompiledExpression, over: Sql): Sql {
    if (!isText(argument)) return super.extreme(name, argument, over);
    return sql`${raw(name === 'MIN' ? own.least : own.greatest)}(${argument.sql})${over}`;
  }

  override sortable(value: CompiledExpression): Sql {
    return value.kind === 'decimal' ? this.sortKey(value) : value.sql;
  }

  override sortedAlias(alias: Sql, value: CompiledExpression): Sql {
    return value.kind === 'bigint' ? sql`CAST(${alias} AS INTEGER)` : super.sortedAlias(alias, value);
  }

  private sortKey({ sql: value, kind }: CompiledExpression): Sql {
    return sql`${raw(own.sortKey)}(${exactNumber(value, kind)})`;
  }

  /** A decimal that is text compares with a column's number by the key of both, with a float as one. */
  override comparable(left: CompiledExpression, right: CompiledExpression, equality: boolean): readonly [Sql, Sql] {
    const plain = super.comparable(left, right, equality);
    const kinds = [left.kind, right.kind];
    if (!kinds.includes('decimal')) return plain;
    if (kinds.includes('float')) return [this.asFloat(left.sql), this.asFloat(right.sql)];
    return [this.sortKey(left), this.sortKey(right)];
  }

  override sortsByKey(kind: FieldKind): boolean {
    return kind === 'decimal';
  }

  /** SQLite's own functions know the case of ASCII only. */
  override cased(letters: 'lower' | 'upper', value: Sql): Sql {
    return sql`${raw(own[letters])}(${value})`;
  }

  joinedTexts(value: Sql, separator: string, order: Sql): Sql {
    return sql`GROUP_CONCAT(${value}, ${bind(separator)}${order})`;
  }

  /** DISTINCT lets aggregates take one argument, and no separator. */
  differentTexts(value: Sql, separator: string, descending: boolean): Sql {
    const direction = raw(descending ? ' DESC' : '');
    return sql`${raw(own.differentTexts)}(${value}, ${bind(separator)} ORDER BY ${value}${direction})`;
  }

  /** Columns take whatever they are given: the digits that they have not are rounded away here. */
  override stored(value: CompiledExpression, kind: FieldKind, scale: number | undefined): Sql {
    if (kind === 'decimal') return sql`${raw(own.store)}(${value.sql}, ${raw(String(scale ?? 0))})`;
    const whole = kind === 'integer' || kind === 'bigint';
    return whole && (value.kind === 'float' || value.kind === 'decimal')
      ? sql`CAST(${raw(own.round)}(${value.sql}, 0) AS INTEGER)`
      : value.sql;
  }
}

function midnight(clock: Sql, zone: TimeZone): Sql {
  return zone.isUtc ? clock : sql`${raw(own.midnight)}(${clock}, ${zoneName(zone)})`;
}

function textOf(value: string | number | bigint): string {
  return String(value);
}

/** Whether a decimal is text and not the number that a column holds. */
function isText({ kind, column }: CompiledExpression): boolean {
  return kind === 'decimal' && column === undefined;
}

/** Functions are given doubles, which lose digits of large integers. */
function exactNumber(argument: Sql, kind: FieldKind): Sql {
  return kind === 'bigint' ? sql`CAST(${argument} AS TEXT)` : argument;
}

function storedMoment(value: unknown): unknown {
  return value instanceof Date ? value.toISOString().replace('T', ' ').replace('Z', '') : value;
}
