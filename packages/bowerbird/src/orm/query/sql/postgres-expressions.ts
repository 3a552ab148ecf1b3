import { type FieldKind } from '../../describe/entity-description.js';
import { type ArithmeticOperator, type BitOperator, type CompiledExpression } from '../expressions/expression.js';
import { type TimeZone } from '../zones/time-zone.js';
import { ExpressionDialect, type AggregateMarks, type DateField, type TruncateUnit } from './expression-dialect.js';
import { postgresBegin, postgresClock, postgresMidnight } from './postgres-zones.js';
import { bind, raw, sql, type Sql } from './sql.js';

/** What a bound value has to be cast to: a parameter has no type by itself. */
const TYPES: Readonly<Partial<Record<FieldKind, string>>> = {
  string: 'text',
  text: 'text',
  enum: 'text',
  integer: 'bigint',
  bigint: 'bigint',
  float: 'double precision',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  datetime: 'timestamptz',
  uuid: 'uuid',
  json: 'jsonb',
};

/** Fields that are named otherwise there. */
const FIELDS: Readonly<Partial<Record<DateField, string>>> = { isoYear: 'ISOYEAR', isoWeekDay: 'ISODOW' };

const AS_TEXT: ReadonlySet<FieldKind> = new Set<FieldKind>(['date', 'time', 'json']);

/** Values that PostgreSQL works out. */
export class PostgresExpressions extends ExpressionDialect {
  literal(value: unknown, kind: FieldKind): Sql {
    const given = kind === 'json' ? JSON.stringify(value) : value;
    const type = TYPES[kind];
    return type ? sql`${bind(given)}::${raw(type)}` : bind(given);
  }

  selected({ sql: value, kind, column }: CompiledExpression): Sql {
    return !column && AS_TEXT.has(kind) ? sql`(${value})::text` : value;
  }

  cast(value: CompiledExpression, kind: FieldKind, zone: TimeZone): Sql {
    const { kind: from, sql: given } = value;
    if (kind === 'date') return sql`(${postgresClock(given, zone)})::date`;
    if (kind === 'datetime') return postgresMidnight(given, zone);
    const fraction = from === 'decimal' || from === 'float';
    if (fraction && kind !== 'float') return sql`ROUND((${given})::numeric)::bigint`;
    return from === 'boolean' ? sql`(${given})::int` : sql`(${given})::${raw(TYPES[kind]!)}`;
  }

  clock(value: Sql, kind: FieldKind, zone: TimeZone): Sql {
    return kind === 'datetime' ? postgresClock(value, zone) : value;
  }

  datePart(part: DateField, clock: Sql): Sql {
    const field = FIELDS[part] ?? part.toUpperCase();
    if (part === 'weekDay') return sql`(EXTRACT(DOW FROM ${clock})::int + 1)`;
    return sql`FLOOR(EXTRACT(${raw(field)} FROM ${clock}))::int`;
  }

  timeOfDay(clock: Sql): Sql {
    return sql`(${clock})::time`;
  }

  timeLiteral(time: string): Sql {
    return sql`${bind(time)}::time`;
  }

  truncated(unit: TruncateUnit, value: Sql, kind: FieldKind, zone: TimeZone): Sql {
    if (kind === 'datetime') return postgresBegin(unit, value, zone);
    return sql`DATE_TRUNC(${raw(`'${unit}'`)}, (${value})::timestamp)::date`;
  }

  override midnight(day: string, zone: TimeZone): Sql | undefined {
    return zone.isUtc ? undefined : postgresMidnight(sql`${bind(day)}::date`, zone);
  }

  momentText(moment: Sql): Sql {
    return sql`TO_CHAR(${moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')`;
  }

  protected rounded(value: Sql, kind: FieldKind, digits: Sql): Sql {
    const rounded = sql`ROUND((${value})::numeric, ${digits})`;
    return kind === 'float' ? this.asFloat(rounded) : rounded;
  }

  asFloat(value: Sql): Sql {
    return sql`(${value})::double precision`;
  }

  protected exact(left: Sql, operator: ArithmeticOperator, right: Sql, kind: FieldKind, scale: number): Sql {
    const type = raw(kind === 'decimal' ? 'numeric' : 'bigint');
    const result = sql`((${left})::${type} ${raw(operator)} (${right})::${type})`;
    return operator === '/' ? sql`ROUND(${result}, ${raw(String(scale))})` : result;
  }

  protected bits(left: Sql, operator: BitOperator, right: Sql): Sql {
    if (operator === '<<' || operator === '>>')
      return sql`CASE WHEN ${right} BETWEEN 0 AND 63 THEN (${left})::bigint ${raw(operator)} (${right})::int END`;
    return sql`((${left})::bigint ${raw(operator === '^' ? '#' : operator)} (${right})::bigint)`;
  }

  protected floatModulo(left: Sql, right: Sql): Sql {
    return sql`(${left} - ${right} * TRUNC(${left} / ${right}))`;
  }

  protected sum(argument: Sql, kind: FieldKind, { distinct, over }: AggregateMarks): Sql {
    return kind === 'float'
      ? sql`SUM(${distinct}${this.asFloat(argument)})${over}`
      : sql`SUM(${distinct}(${argument})::numeric)${over}`;
  }

  protected mean(argument: Sql, _kind: FieldKind, { distinct, over }: AggregateMarks, scale: number): Sql {
    return sql`ROUND(AVG(${distinct}(${argument})::numeric)${over}, ${raw(String(scale))})`;
  }

  protected deviation(
    name: 'STDDEV' | 'VARIANCE',
    argument: Sql,
    { distinct, over }: AggregateMarks,
    sample: boolean,
  ): Sql {
    const short = name === 'STDDEV' ? 'STDDEV' : 'VAR';
    return sql`${raw(`${short}_${sample ? 'SAMP' : 'POP'}`)}(${distinct}${argument})${over}`;
  }

  joinedTexts(value: Sql, separator: string, order: Sql): Sql {
    return sql`STRING_AGG(${value}, ${bind(separator)}::text${order})`;
  }

  /** An order beside DISTINCT has to be that of the same expression, and one with values is not the same twice. */
  differentTexts(value: Sql, separator: string, descending: boolean): Sql {
    const each = raw(descending ? 'each DESC' : 'each');
    return sql`(SELECT STRING_AGG(each, ${bind(separator)}::text ORDER BY ${each}) FROM UNNEST(ARRAY_AGG(DISTINCT ${value})) AS each)`;
  }

  /** A float on its way into an integer would be rounded to the even one of two neighbors. */
  override stored({ sql: value, kind: given }: CompiledExpression, kind: FieldKind): Sql {
    const whole = kind === 'integer' || kind === 'bigint';
    return whole && given === 'float' ? sql`ROUND((${value})::numeric)` : value;
  }

  /** PostgreSQL has no least of truth values or uuids. */
  protected override extreme(name: 'MIN' | 'MAX', argument: CompiledExpression, over: Sql): Sql {
    const { kind, sql: value } = argument;
    if (kind === 'boolean') return sql`${raw(name === 'MIN' ? 'BOOL_AND' : 'BOOL_OR')}(${value})${over}`;
    return kind === 'uuid' ? sql`(${raw(name)}((${value})::text)${over})::uuid` : super.extreme(name, argument, over);
  }
}
