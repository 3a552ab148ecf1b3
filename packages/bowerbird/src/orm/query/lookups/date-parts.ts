import { type FieldKind } from '../../describe/entity-description.js';
import { UnknownLookupError } from '../../orm.errors.js';
import { type DatePart } from '../lookup.types.js';
import { BadLookupValueError } from '../query.errors.js';
import { bind, sql, type Sql } from '../sql/sql.js';
import { UTC } from '../zones/time-zone.js';
import { coerce, expectation } from './coerce.js';
import { LAST_YEAR, startOfDay, startOfYear } from './dates.js';
import { type Operand } from './lookup.js';
import { findLookup, lookupNames } from './lookups.js';

/** Parts by the kinds that have them. */
const OF_DAYS = ['year', 'isoYear', 'quarter', 'month', 'week', 'day', 'weekDay', 'isoWeekDay'] as const;
const OF_CLOCKS = ['hour', 'minute', 'second'] as const;
const PARTS: Readonly<Partial<Record<FieldKind, readonly DatePart[]>>> = {
  date: OF_DAYS,
  time: OF_CLOCKS,
  datetime: [...OF_DAYS, ...OF_CLOCKS, 'date', 'time'],
};

/** Parts are integers of 32 bits. */
const LARGEST_PART = 2_147_483_647;

/** Names of the parts that a kind has, for messages. */
export function partNames(kind: FieldKind): readonly DatePart[] {
  return PARTS[kind] ?? [];
}

/** Whether a name is a part that the kind has. */
export function isDatePart(name: string, kind: FieldKind): name is DatePart {
  return (partNames(kind) as readonly string[]).includes(name);
}

/**
 * A comparison of a part of a date: `year`, `year__gte`, `date__range`. Years and days that are compared for equality
 * become a range of the column itself, which an index can serve.
 */
export function compilePart(operand: Operand, part: DatePart, rest: readonly string[], value: unknown): Sql {
  const name = rest[0] ?? 'exact';
  const kind = kindOfPart(part);
  if (name === 'exact' && rest.length < 2 && (part === 'year' || part === 'date')) {
    const range = within(operand, part, partValue(operand, kind, value));
    if (range) return range;
  }
  const lookup = rest.length < 2 ? findLookup(name, kind) : undefined;
  if (!lookup) throw new UnknownLookupError(`${operand.path}__${part}`, rest.join('__'), lookupNames(kind));
  return lookup.compile(partOperand(operand, part), value);
}

function kindOfPart(part: DatePart): FieldKind {
  return part === 'date' || part === 'time' ? part : 'integer';
}

/** A part of a date as a value that is compared with others. */
export function partOf(operand: PartedValue, part: DatePart): { readonly sql: Sql; readonly kind: FieldKind } {
  return { sql: partSql(operand, part), kind: kindOfPart(part) };
}

type PartedValue = Pick<Operand, 'sql' | 'kind' | 'dialect' | 'zone'>;

/** A part of a date as what a lookup compares. */
export function partOperand(operand: Operand, part: DatePart): Operand {
  const kind = kindOfPart(part);
  const path = `${operand.path}__${part}`;
  const raw = (given: unknown): unknown => partValue({ ...operand, path }, kind, given);
  const { expressions } = operand.dialect;
  const value = (given: unknown): Sql =>
    kind === 'time' ? expressions.timeLiteral(String(raw(given))) : bind(raw(given));
  return { ...operand, path, kind, sql: partSql(operand, part), compared: undefined, raw, value };
}

function partSql({ dialect: { expressions }, sql: value, kind, zone = UTC }: PartedValue, part: DatePart): Sql {
  if (part === 'time') return expressions.timeOfDay(expressions.clock(value, kind, zone));
  return part === 'date'
    ? expressions.cast({ sql: value, kind, nullable: true }, 'date', zone)
    : expressions.datePart(part, expressions.clock(value, kind, zone));
}

/** The day of a moment is that of the zone as well. */
function partValue({ path, zone = UTC }: Operand, kind: FieldKind, given: unknown): unknown {
  const day = kind === 'date' && given instanceof Date ? coerce('datetime', given) : undefined;
  const value = day instanceof Date ? zone.dayAt(day.getTime()) : coerce(kind, given);
  const fits = typeof value === 'number' ? Math.abs(value) <= LARGEST_PART : value !== undefined;
  if (!fits) throw new BadLookupValueError(path, given, expectation(kind));
  return value;
}

/** A range of moments; undefined where clocks were put back over its bounds, so that its moments are no range. */
function within(operand: Operand, part: 'year' | 'date', value: unknown): Sql | undefined {
  const from = part === 'year' ? firstOfYear(operand, Number(value)) : startOfDay(String(value));
  const end = part === 'year' ? firstOfYear(operand, Number(value) + 1) : startOfDay(String(value), 1);
  const { zone = UTC } = operand.kind === 'datetime' ? operand : {};
  if ([from, end].some((bound) => zone.repeatsBefore(bound.getTime()))) return undefined;
  const { expressions } = operand.dialect;
  const bound = (day: Date): Sql =>
    expressions.midnight(day.toISOString().slice(0, 10), zone) ?? operand.value(new Date(zone.midnight(day.getTime())));
  const lower = sql`${operand.sql} >= ${bound(from)}`;
  return isBeyond(end) ? lower : sql`(${lower} AND ${operand.sql} < ${bound(end)})`;
}

function firstOfYear(operand: Operand, year: number): Date {
  if (year < 1 || year > LAST_YEAR + 1)
    throw new BadLookupValueError(`${operand.path}__year`, year, 'a year from 1 to 9999');
  return startOfYear(year);
}

/** Whether a moment lies after all that databases hold. */
function isBeyond(moment: Date): boolean {
  return moment.getUTCFullYear() > LAST_YEAR;
}
