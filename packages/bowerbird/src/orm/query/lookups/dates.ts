const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)(:([0-5]\d)(\.\d{1,6})?)?$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s?(Z|[+-]\d{2}(:?\d{2})?)?)?$/i;

/** The first year that every database can hold. */
export const FIRST_YEAR = 1;

/** The last year that every database can hold. */
export const LAST_YEAR = 9999;

/** `YYYY-MM-DD` for a date of the calendar given as text or as a moment (its day in UTC); otherwise undefined. */
export function parseDate(value: unknown): string | undefined {
  if (value instanceof Date) return isMoment(value) ? value.toISOString().slice(0, 10) : undefined;
  const match = typeof value === 'string' ? DATE.exec(value.trim()) : null;
  if (!match) return undefined;
  const [text, year, month, day] = match;
  return isCalendarDay(Number(year), Number(month), Number(day)) ? text : undefined;
}

/** `HH:MM:SS` with its fraction for a time of day; otherwise undefined. */
export function parseTime(value: unknown): string | undefined {
  const match = typeof value === 'string' ? TIME.exec(value.trim()) : null;
  if (!match) return undefined;
  return match[3] === undefined ? `${match[0]}:00` : match[0];
}

/** A moment given as a date or as ISO 8601 text, in UTC when the text names no zone; otherwise undefined. */
export function parseMoment(value: unknown): Date | undefined {
  if (value instanceof Date) return isMoment(value) ? value : undefined;
  if (typeof value !== 'string' || !MOMENT.test(value.trim())) return undefined;
  const [day, rest] = [value.trim().slice(0, 10), value.trim().slice(11)];
  if (parseDate(day) === undefined) return undefined;
  const moment = new Date(`${day}T${withZone(rest)}`);
  return isMoment(moment) ? moment : undefined;
}

/** A time as JavaScript reads it: UTC unless it names a zone, whose minutes may be left out. */
function withZone(time: string): string {
  if (time === '') return '00:00Z';
  const [, clock, zone = 'Z'] = /^([\d:.]+)\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/i.exec(time)!;
  return clock + (zone.length === 3 ? `${zone}:00` : zone.toUpperCase());
}

/** The first moment of a year in UTC. */
export function startOfYear(year: number): Date {
  const moment = new Date(0);
  moment.setUTCFullYear(year, 0, 1);
  return moment;
}

/** The first moment of a day in UTC, or of the day so many days later. */
export function startOfDay(date: string, days = 0): Date {
  const moment = new Date(`${date}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment;
}

function isMoment(value: Date): boolean {
  const year = value.getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year >= FIRST_YEAR && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
