import { type FieldKind } from '../../describe/entity-description.js';
import { type ArithmeticOperator, type BitOperator, type CompiledExpression } from '../expressions/expression.js';
import { type TimeZone } from '../zones/time-zone.js';
import {
  CLOCK_UNITS,
  ExpressionDialect,
  type AggregateMarks,
  type DateField,
  type TruncateUnit,
} from './expression-dialect.js';
import { mysqlBegin, mysqlDatePart } from './mysql-dates.js';
import { mysqlClock, mysqlMidnight, mysqlOffset } from './mysql-zones.js';
import { bind, raw, sql, type Sql } from './sql.js';

/** Most digits of a decimal, and most of them after the point. */
const DIGITS = 65;
const FRACTION = 30;

/** The collation that regards trailing spaces too; each product reads its own one, and the other one as a comment. */
const BY_CODE_POINTS = raw(' /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */');

const CASTS: Readonly<Partial<Record<FieldKind, string>>> = {
  integer: 'SIGNED',
  bigint: 'SIGNED',
  decimal: 'DECIMAL(65, 0)',
  date: 'DATE',
  datetime: 'DATETIME(3)',
};

const AS_TEXT: ReadonlySet<FieldKind> = new Set<FieldKind>(['date', 'time', 'json']);

/** Values that MySQL and MariaDB work out. */
export class MysqlExpressions extends ExpressionDialect {
  literal(value: unknown, kind: FieldKind): Sql {
    if (value === null) return raw('NULL');
    if (kind === 'decimal') return sql`CAST(${bind(value)} AS DECIMAL(${raw(`${DIGITS}, ${fractionOf(value)}`)}))`;
    if (kind === 'bigint') return sql`CAST(${bind(textOf(value as number))} AS SIGNED)`;
    if (kind === 'datetime') return sql`CAST(${bind(value)} AS DATETIME(3))`;
    if (kind === 'date') return sql`CAST(${bind(value)} AS DATE)`;
    return bind(kind === 'json' ? JSON.stringify(value) : value);
  }

  /** Rows that are told apart or put into groups are so by what is selected. */
  selected(value: CompiledExpression): Sql {
    const { sql: plain, kind, column } = value;
    if (column || !AS_TEXT.has(kind)) return this.sortable(value);
    const text = sql`CAST(${plain} AS CHAR)`;
    return kind === 'json' ? this.sortable({ sql: text, kind: 'string', nullable: true }) : text;
  }

  cast(value: CompiledExpression, kind: FieldKind, zone: TimeZone): Sql {
    const { kind: from, sql: given } = value;
    if (kind === 'date') return sql`CAST(${this.clock(given, from, zone)} AS DATE)`;
    if (kind === 'datetime') return midnight(sql`CAST(${given} AS DATETIME(3))`, zone);
    if (kind === 'float') return this.asFloat(given);
    const fraction = from === 'decimal' || from === 'float';
    if (fraction) return sql`CAST(${this.rounded(given, 'decimal', raw('0'))} AS SIGNED)`;
    return sql`CAST(${given} AS ${raw(CASTS[kind] ?? 'CHAR')})`;
  }

  clock(value: Sql, kind: FieldKind, zone: TimeZone): Sql {
    return kind === 'datetime' && !zone.isUtc ? mysqlClock(value, zone) : value;
  }

  datePart(part: DateField, clock: Sql): Sql {
    return mysqlDatePart(part, clock);
  }

  timeOfDay(clock: Sql): Sql {
    return sql`CAST(${clock} AS TIME(6))`;
  }

  timeLiteral(time: string): Sql {
    return sql`CAST(${bind(time)} AS TIME(6))`;
  }

  truncated(unit: TruncateUnit, value: Sql, kind: FieldKind, zone: TimeZone): Sql {
    const begin = sql`CAST(${mysqlBegin(unit, this.clock(value, kind, zone))} AS ${raw(CASTS[kind]!)})`;
    if (kind === 'date' || zone.isUtc) return begin;
    return CLOCK_UNITS.has(unit)
      ? sql`DATE_SUB(${begin}, INTERVAL ${mysqlOffset(value, zone)} SECOND)`
      : midnight(begin, zone);
  }

  momentText(moment: Sql): Sql {
    return sql`DATE_FORMAT(${moment}, '%Y-%m-%d %H:%i:%s')`;
  }

  /** The library of C would round a double to the even one of two neighbors. */
  protected rounded(value: Sql, kind: FieldKind, digits: Sql): Sql {
    const rounded = sql`ROUND(CAST(${value} AS DECIMAL(65, 20)), ${digits})`;
    return kind === 'float' ? this.asFloat(rounded) : rounded;
  }

  asFloat(value: Sql): Sql {
    return sql`(${value} + 0E0)`;
  }

  /** Unsigned columns would refuse negative results. */
  protected exact(left: Sql, operator: ArithmeticOperator, right: Sql, kind: FieldKind, scale: number): Sql {
    const signed = (value: Sql): Sql => (kind === 'decimal' ? value : sql`CAST(${value} AS SIGNED)`);
    if (operator !== '/') return sql`(${signed(left)} ${raw(operator)} ${signed(right)})`;
    const exact = sql`(CAST(${left} AS DECIMAL(${raw(`${DIGITS}, ${FRACTION}`)})) / ${right})`;
    return sql`ROUND(${exact}, ${raw(String(scale))})`;
  }

  /** Operators of bits take and give integers without a sign. A negative one moved down keeps its sign by its opposite. */
  protected bits(left: Sql, operator: BitOperator, right: Sql): Sql {
    const signed = sql`CAST(${left} AS SIGNED)`;
    if (operator === '<<')
      return sql`CASE WHEN ${right} BETWEEN 0 AND 63 THEN CAST(${signed} << ${right} AS SIGNED) END`;
    if (operator === '>>')
      return sql`CASE WHEN ${right} NOT BETWEEN 0 AND 63 THEN NULL WHEN ${left} < 0 THEN CAST(~(~${signed} >> ${right}) AS SIGNED) ELSE CAST(${signed} >> ${right} AS SIGNED) END`;
    return sql`CAST(${signed} ${raw(operator)} CAST(${right} AS SIGNED) AS SIGNED)`;
  }

  protected floatModulo(left: Sql, right: Sql): Sql {
    return sql`(${left} % ${right})`;
  }

  protected sum(argument: Sql, _kind: FieldKind, { distinct, over }: AggregateMarks): Sql {
    return sql`SUM(${distinct}${argument})${over}`;
  }

  protected mean(argument: Sql, _kind: FieldKind, { distinct, over }: AggregateMarks, scale: number): Sql {
    const exact = sql`CAST(${argument} AS DECIMAL(${raw(`${DIGITS}, ${Math.min(FRACTION, scale + 4)}`)}))`;
    return sql`ROUND(AVG(${distinct}${exact})${over}, ${raw(String(scale))})`;
  }

  protected deviation(name: 'STDDEV' | 'VARIANCE', argument: Sql, { over }: AggregateMarks, sample: boolean): Sql {
    const short = name === 'STDDEV' ? 'STDDEV' : 'VAR';
    return sql`${raw(`${short}_${sample ? 'SAMP' : 'POP'}`)}(${argument})${over}`;
  }

  override cased(letters: 'lower' | 'upper', value: Sql): Sql {
    return super.cased(letters, sql`CONVERT(${value} USING utf8mb4)`);
  }

  /** The separator has to be written out; drivers write a bound value as a literal there. */
  joinedTexts(value: Sql, separator: string, order: Sql): Sql {
    return sql`GROUP_CONCAT(${value}${order} SEPARATOR ${bind(separator)})`;
  }

  differentTexts(value: Sql, separator: string, descending: boolean): Sql {
    const text = sql`CONVERT(${value} USING utf8mb4)${BY_CODE_POINTS}`;
    const order = sql` ORDER BY ${text}${raw(descending ? ' DESC' : '')}`;
    return this.joinedTexts(sql`DISTINCT ${text}`, separator, order);
  }

  /** What the database works out has the collation of the connection, which regards neither case nor accents. */
  override sortable({ sql: value, kind, column }: CompiledExpression): Sql {
    const text = kind === 'string' || kind === 'text' || kind === 'enum';
    return text && !column ? sql`CONVERT(${value} USING utf8mb4)${BY_CODE_POINTS}` : value;
  }

  protected override extreme(name: 'MIN' | 'MAX', argument: CompiledExpression, over: Sql): Sql {
    return sql`${raw(name)}(${this.sortable(argument)})${over}`;
  }

  override sameText(value: Sql): Sql {
    return sql`CAST(CONVERT(${value} USING utf8mb4) AS BINARY)`;
  }
}

function midnight(clock: Sql, zone: TimeZone): Sql {
  return zone.isUtc ? clock : mysqlMidnight(clock, zone);
}

function textOf(value: string | number | bigint): string {
  return String(value);
}

function fractionOf(value: unknown): number {
  return Math.min(FRACTION, /\.(\d*)$/.exec(String(value))?.[1]?.length ?? 0);
}
