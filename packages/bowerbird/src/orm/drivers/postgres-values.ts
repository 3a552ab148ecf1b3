import { twoDigits } from '../hydrate/moments.js';

/** Makes a value of the text that the database has sent. */
type Parse = (text: string) => unknown;

/** The part of the library that reads values. */
export interface TypeParsers {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown;
}

/** Types by their numbers in the catalog of PostgreSQL, `pg_type`. */
const [DATE, DATES, DECIMALS, TEXT, TEXTS, TIMESTAMPTZ] = [1082, 1182, 1231, 25, 1009, 1184];

/** What would become moments of the zone of this machine, or numbers that lose digits, and what it is read as instead. */
const READ_AS: ReadonlyMap<number, number> = new Map([
  [DATE, TEXT],
  [DATES, TEXTS],
  [DECIMALS, TEXTS],
]);

const [ZERO, PLUS, MINUS, POINT, BLANK] = [48, 43, 45, 46, 32];
const HOUR = 3_600_000;
/** Where the blank between day and time stands in years of four digits, and where a fraction of seconds begins. */
const [TIME_AT, FRACTION_AT] = [10, 19];

/**
 * Reads days as texts, apart from time zones, as those of the other databases and the items of lists are; decimals in
 * lists without losing digits; and moments five times as fast as the library does.
 */
export function valueParsers(types: TypeParsers): TypeParsers {
  const moments = types.getTypeParser(TIMESTAMPTZ) as Parse;
  const parseMoment: Parse = (text) => momentOf(text) ?? moments(text);
  return {
    getTypeParser: (oid, format) =>
      oid === TIMESTAMPTZ && format !== 'binary' ? parseMoment : types.getTypeParser(READ_AS.get(oid) ?? oid, format),
  };
}

/**
 * The moment of a text such as `2026-11-21 17:30:15.25+00`; undefined where it has another form, as those of years
 * beyond four digits, before Christ, or of zones that are no whole hours from UTC.
 */
function momentOf(text: string): Date | undefined {
  const end = text.length - 3;
  const sign = text.charCodeAt(end);
  if (text.charCodeAt(TIME_AT) !== BLANK || (sign !== PLUS && sign !== MINUS)) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  if (year < 100) return undefined;
  const thousandths = text.charCodeAt(FRACTION_AT) === POINT ? thousandthsOf(text, FRACTION_AT + 1, end) : 0;
  const time = Date.UTC(
    year,
    twoDigits(text, 5) - 1,
    twoDigits(text, 8),
    twoDigits(text, 11),
    twoDigits(text, 14),
    twoDigits(text, 17),
    thousandths,
  );
  const ahead = twoDigits(text, end + 1) * HOUR;
  return new Date(sign === PLUS ? time - ahead : time + ahead);
}

/** Further digits are cut off: a Date has none. */
function thousandthsOf(text: string, start: number, end: number): number {
  let sum = 0;
  for (let index = start, weight = 100; index < end && weight >= 1; index += 1, weight /= 10)
    sum += (text.charCodeAt(index) - ZERO) * weight;
  return sum;
}
