import { type DateField, type TruncateUnit } from './expression-dialect.js';
import { raw, sql, type Sql } from './sql.js';

const FORMATS: Readonly<Record<Exclude<TruncateUnit, 'week' | 'quarter'>, string>> = {
  year: '%Y-01-01 00:00:00',
  month: '%Y-%m-01 00:00:00',
  day: '%Y-%m-%d 00:00:00',
  hour: '%Y-%m-%d %H:00:00',
  minute: '%Y-%m-%d %H:%M:00',
  second: '%Y-%m-%d %H:%M:%S',
};

const number = (format: string, value: Sql): Sql => sql`CAST(strftime(${raw(`'${format}'`)}, ${value}) AS INTEGER)`;

const PARTS: Readonly<Record<DateField, (value: Sql) => Sql>> = {
  year: (value) => number('%Y', value),
  isoYear: (value) => number('%G', value),
  quarter: (value) => sql`((${number('%m', value)} + 2) / 3)`,
  month: (value) => number('%m', value),
  week: (value) => number('%V', value),
  day: (value) => number('%d', value),
  weekDay: (value) => sql`(${number('%w', value)} + 1)`,
  isoWeekDay: (value) => sql`((${number('%w', value)} + 6) % 7 + 1)`,
  hour: (value) => number('%H', value),
  minute: (value) => number('%M', value),
  second: (value) => number('%S', value),
};

/** A part of a date on SQLite. */
export function sqliteDatePart(part: DateField, value: Sql): Sql {
  return PARTS[part](value);
}

/** The begin of the unit of a date or a moment on SQLite, as text. */
export function sqliteBegin(unit: TruncateUnit, value: Sql): Sql {
  if (unit === 'week') return sql`strftime(${raw(`'${FORMATS.day}'`)}, ${value}, 'weekday 0', '-6 days')`;
  if (unit !== 'quarter') return sql`strftime(${raw(`'${FORMATS[unit]}'`)}, ${value})`;
  const months = sql`'+' || ((${number('%m', value)} - 1) / 3 * 3) || ' months'`;
  return sql`strftime(${raw(`'${FORMATS.day}'`)}, ${value}, 'start of year', ${months})`;
}
