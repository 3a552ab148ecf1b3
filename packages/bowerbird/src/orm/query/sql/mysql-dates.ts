import { type DateField, type TruncateUnit } from './expression-dialect.js';
import { raw, sql, type Sql } from './sql.js';

const FORMATS: Readonly<Record<Exclude<TruncateUnit, 'week' | 'quarter'>, string>> = {
  year: '%Y-01-01 00:00:00',
  month: '%Y-%m-01 00:00:00',
  day: '%Y-%m-%d 00:00:00',
  hour: '%Y-%m-%d %H:00:00',
  minute: '%Y-%m-%d %H:%i:00',
  second: '%Y-%m-%d %H:%i:%s',
};

const PARTS: Readonly<Record<DateField, (value: Sql) => Sql>> = {
  year: (value) => sql`YEAR(${value})`,
  isoYear: (value) => sql`(YEARWEEK(${value}, 3) DIV 100)`,
  quarter: (value) => sql`QUARTER(${value})`,
  month: (value) => sql`MONTH(${value})`,
  week: (value) => sql`WEEK(${value}, 3)`,
  day: (value) => sql`DAY(${value})`,
  weekDay: (value) => sql`DAYOFWEEK(${value})`,
  isoWeekDay: (value) => sql`(WEEKDAY(${value}) + 1)`,
  hour: (value) => sql`HOUR(${value})`,
  minute: (value) => sql`MINUTE(${value})`,
  second: (value) => sql`SECOND(${value})`,
};

/** What TO_DAYS leaves of a Monday when it is divided by seven. */
const MONDAY = raw('2');

/** A part of a date on MySQL. */
export function mysqlDatePart(part: DateField, value: Sql): Sql {
  return PARTS[part](value);
}

/** The begin of the unit of a date or a moment on MySQL, as text. */
export function mysqlBegin(unit: TruncateUnit, value: Sql): Sql {
  const format = (moment: Sql, text: string): Sql => sql`DATE_FORMAT(${moment}, ${raw(`'${text}'`)})`;
  if (unit === 'week')
    return format(sql`FROM_DAYS((TO_DAYS(${value}) - ${MONDAY}) DIV 7 * 7 + ${MONDAY})`, FORMATS.day);
  if (unit === 'quarter')
    return format(sql`(MAKEDATE(YEAR(${value}), 1) + INTERVAL (QUARTER(${value}) - 1) QUARTER)`, FORMATS.day);
  return format(value, FORMATS[unit]);
}
