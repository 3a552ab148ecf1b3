import { type FieldKind } from '../../../describe/entity-description.js';
import { CLOCK_UNITS, type DateField, type TruncateUnit } from '../../sql/expression-dialect.js';
import { sql, type Sql } from '../../sql/sql.js';
import { type Argument, type ArgumentMentions } from '../aggregates.js';
import { argumentOf, Expression, type CompiledExpression, type ExpressionContext } from '../expression.js';
import { MomentFunction, type MomentRule, type ZoneOptions } from './moment-function.js';

const DATED: readonly FieldKind[] = ['date', 'datetime'];
const TIMED: readonly FieldKind[] = ['datetime', 'time'];

/**
 * A part of a date or a moment as a number, in the zone that is given or that of the query. Weeks are those of ISO 8601;
 * `weekDay` counts from Sunday = 1, `isoWeekDay` from Monday = 1.
 */
export function Extract<const A extends Argument>(
  argument: A,
  part: DateField,
  options: ZoneOptions = {},
): Expression<number, ArgumentMentions<A>> {
  const rule: MomentRule = {
    name: `Extract('${part}')`,
    takes: CLOCK_UNITS.has(part) ? TIMED : DATED,
    write: ({ sql: value, kind }, zone, { expressions }) =>
      expressions.datePart(part, expressions.clock(value, kind, zone)),
    result: 'integer',
  };
  return new MomentFunction(rule, argumentOf(argument), options);
}

/** The year. */
export function ExtractYear<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'year', options);
}

/** The month, from 1. */
export function ExtractMonth<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'month', options);
}

/** The day of the month. */
export function ExtractDay<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'day', options);
}

/** The quarter of the year, from 1. */
export function ExtractQuarter<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'quarter', options);
}

/** The week of ISO 8601, whose year is `Extract(…, 'isoYear')`. */
export function ExtractWeek<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'week', options);
}

/** The day of the week, Sunday = 1. */
export function ExtractWeekDay<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'weekDay', options);
}

/** The hour. */
export function ExtractHour<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'hour', options);
}

/** The minute. */
export function ExtractMinute<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'minute', options);
}

/** The second, without its fraction. */
export function ExtractSecond<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'second', options);
}

/**
 * The moment at which the unit of a moment begins, in the zone that is given or that of the query; of a date the first
 * day of its unit. Weeks begin on Monday. A day begins when its date is first shown; hours, minutes and seconds are cut
 * off the clock as it is set at the moment, so that an hour that is shown twice is two hours.
 */
export function Trunc<const A extends Argument, T = Date>(
  argument: A,
  unit: TruncateUnit,
  options: ZoneOptions = {},
): Expression<T, ArgumentMentions<A>> {
  const rule: MomentRule = {
    name: `Trunc('${unit}')`,
    takes: CLOCK_UNITS.has(unit) ? ['datetime'] : DATED,
    write: ({ sql: value, kind }, zone, { expressions }) => expressions.truncated(unit, value, kind, zone),
  };
  return new MomentFunction(rule, argumentOf(argument), options);
}

/** The first moment or day of the year. */
export function TruncYear<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'year', options);
}

/** The first moment or day of the quarter. */
export function TruncQuarter<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'quarter', options);
}

/** The first moment or day of the month. */
export function TruncMonth<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'month', options);
}

/** The first moment or day of the week, which is Monday. */
export function TruncWeek<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'week', options);
}

/** The first moment of the day. */
export function TruncDay<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'day', options);
}

/** The first moment of the hour. */
export function TruncHour<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'hour', options);
}

/** The first moment of the minute. */
export function TruncMinute<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'minute', options);
}

/** The first moment of the second. */
export function TruncSecond<const A extends Argument>(
  argument: A,
  options?: ZoneOptions,
): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'second', options);
}

/** The day of a moment as a date, in the zone that is given or that of the query. */
export function TruncDate<const A extends Argument>(
  argument: A,
  options: ZoneOptions = {},
): Expression<string, ArgumentMentions<A>> {
  const rule: MomentRule = {
    name: 'TruncDate',
    takes: ['datetime'],
    write: (value, zone, { expressions }) => expressions.cast(value, 'date', zone),
    result: 'date',
  };
  return new MomentFunction(rule, argumentOf(argument), options);
}

/** The present moment, with milliseconds: the same in the whole statement. */
export function Now(): Expression<Date, never> {
  return new NowExpression();
}

class NowExpression extends Expression<Date, never> {
  readonly parts = [];

  compile({ dialect }: ExpressionContext): CompiledExpression {
    const now: Sql = dialect.now(3);
    return { sql: sql`${now}`, kind: 'datetime', nullable: false };
  }
}
