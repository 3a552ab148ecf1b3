import { type FieldKind } from '../../../describe/entity-description.js';
import { type DateField, type TruncateUnit } from '../../sql/expression-dialect.js';
import { sql, type Sql } from '../../sql/sql.js';
import { type Argument, type ArgumentMentions } from '../aggregates.js';
import { argumentOf, Expression, type CompiledExpression, type ExpressionContext } from '../expression.js';
import { FunctionExpression, resulting, type FunctionRule } from './function-expression.js';

const DATED: readonly FieldKind[] = ['date', 'datetime'];
const TIMED: readonly FieldKind[] = ['datetime', 'time'];

const CLOCK: ReadonlySet<string> = new Set(['hour', 'minute', 'second']);

/**
 * A part of a date or a moment, in UTC, as a number. Weeks are those of ISO 8601; `weekDay` counts from Sunday = 1,
 * `isoWeekDay` from Monday = 1.
 */
export function Extract<const A extends Argument>(
  argument: A,
  part: DateField,
): Expression<number, ArgumentMentions<A>> {
  const rule: FunctionRule = {
    name: `Extract('${part}')`,
    takes: [CLOCK.has(part) ? TIMED : DATED],
    write: ([value], [given], { expressions }) => expressions.datePart(part, value!, given!.kind),
    result: resulting('integer'),
  };
  return new FunctionExpression(rule, [argumentOf(argument)]);
}

/** The year. */
export function ExtractYear<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'year');
}

/** The month, from 1. */
export function ExtractMonth<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'month');
}

/** The day of the month. */
export function ExtractDay<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'day');
}

/** The quarter of the year, from 1. */
export function ExtractQuarter<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'quarter');
}

/** The week of ISO 8601, whose year is `Extract(…, 'isoYear')`. */
export function ExtractWeek<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'week');
}

/** The day of the week, Sunday = 1. */
export function ExtractWeekDay<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'weekDay');
}

/** The hour, in UTC. */
export function ExtractHour<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'hour');
}

/** The minute. */
export function ExtractMinute<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'minute');
}

/** The second, without its fraction. */
export function ExtractSecond<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return Extract(argument, 'second');
}

/** The moment at which the unit of a moment begins, in UTC; of a date the first day of its unit. Weeks begin on Monday. */
export function Trunc<const A extends Argument, T = Date>(
  argument: A,
  unit: TruncateUnit,
): Expression<T, ArgumentMentions<A>> {
  const rule: FunctionRule = {
    name: `Trunc('${unit}')`,
    takes: [CLOCK.has(unit) ? ['datetime'] : DATED],
    write: ([value], [given], { expressions }) => expressions.truncated(unit, value!, given!.kind),
    result: ([value]) => ({ kind: value!.kind, nullable: value!.nullable }),
  };
  return new FunctionExpression(rule, [argumentOf(argument)]);
}

/** The first moment or day of the year. */
export function TruncYear<const A extends Argument>(argument: A): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'year');
}

/** The first moment or day of the quarter. */
export function TruncQuarter<const A extends Argument>(argument: A): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'quarter');
}

/** The first moment or day of the month. */
export function TruncMonth<const A extends Argument>(argument: A): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'month');
}

/** The first moment or day of the week, which is Monday. */
export function TruncWeek<const A extends Argument>(argument: A): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'week');
}

/** The first moment of the day. */
export function TruncDay<const A extends Argument>(argument: A): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'day');
}

/** The first moment of the hour. */
export function TruncHour<const A extends Argument>(argument: A): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'hour');
}

/** The first moment of the minute. */
export function TruncMinute<const A extends Argument>(argument: A): Expression<Date, ArgumentMentions<A>> {
  return Trunc(argument, 'minute');
}

/** The day of a moment, in UTC, as a date. */
export function TruncDate<const A extends Argument>(argument: A): Expression<string, ArgumentMentions<A>> {
  const rule: FunctionRule = {
    name: 'TruncDate',
    takes: [['datetime']],
    write: (_args, [value], { expressions }) => expressions.cast(value!, 'date'),
    result: resulting('date'),
  };
  return new FunctionExpression(rule, [argumentOf(argument)]);
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
