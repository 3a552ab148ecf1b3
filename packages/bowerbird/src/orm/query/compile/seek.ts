import { coerce } from '../lookups/coerce.js';
import { storedValue } from '../lookups/column-value.js';
import { parseDate, parseMoment, parseTime } from '../lookups/dates.js';
import { type ColumnModel } from '../model/entity-model.js';
import { BadCursorError, BadLookupValueError, QueryUsageError } from '../query.errors.js';
import { bind, join, raw, sql, type Sql } from '../sql/sql.js';
import { type OrderTerm } from './ordering.js';
import { allOf, anyOf, type Predicate } from './predicate.js';

/** The value of one ordering term of a row, in a form that loses nothing. */
export type CursorValue = string | number | boolean | null;

/** A term and the bound value of the row to continue from; null for NULL. */
interface Mark {
  readonly term: OrderTerm;
  readonly value: Sql | null;
}

/** Checks that a text is what `exact` makes of a date, a time or a moment. */
const PARSERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  date: parseDate,
  time: parseTime,
  datetime: parseMoment,
};

/** The rows that come after the one with these values. @throws BadCursorError when they do not fit the ordering */
export function seekAfter(terms: readonly OrderTerm[], values: readonly CursorValue[]): Predicate {
  refuseUnstable(terms);
  if (values.length !== terms.length) throw new BadCursorError();
  const marks = terms.map((term, index) => ({ term, value: boundValue(term, values[index]!) }));
  return isPlain(marks) ? rowAfter(marks) : chain(marks);
}

/** @throws QueryUsageError for an ordering that is another one each time */
export function refuseUnstable(terms: readonly OrderTerm[]): void {
  if (terms.some(({ stable }) => !stable))
    throw new QueryUsageError('A random ordering has no places to continue from');
}

function boundValue(term: OrderTerm, value: CursorValue): Sql | null {
  if (value === null) return null;
  const { kind, dialect } = term;
  const parse = PARSERS[kind];
  if (parse) {
    if (parse(value) === undefined) throw new BadCursorError();
    return dialect.exactBound(value, kind);
  }
  const bytes = kind === 'binary' ? Buffer.from(String(value), 'hex') : value;
  return term.column ? boundColumn(term.column, term.path, bytes) : boundComputed(term, bytes);
}

function boundColumn(column: ColumnModel, path: string, value: unknown): Sql {
  try {
    return column.dialect.bound(storedValue(column, value, path), column.kind);
  } catch (error) {
    throw error instanceof BadLookupValueError ? new BadCursorError(error) : error;
  }
}

/** A value that was read in its sortable form already. */
function boundComputed({ kind, dialect }: OrderTerm, value: unknown): Sql {
  if (dialect.expressions.sortsByKey(kind) && typeof value === 'string') return bind(value);
  const fitting = coerce(kind, value);
  if (fitting === undefined) throw new BadCursorError();
  return dialect.expressions.literal(fitting, kind);
}

/** Whether one comparison of rows says it all, which an index on the columns serves best. */
function isPlain(marks: readonly Mark[]): boolean {
  const [first] = marks;
  const uniform = marks.every(({ term }) => !term.nullable && term.descending === first!.term.descending);
  return uniform && first!.term.dialect.comparesRows;
}

function rowAfter(marks: readonly Mark[]): Predicate {
  const columns = marks.map(({ term }) => term.sql);
  const values = marks.map(({ value }) => value!);
  const operator = raw(marks[0]!.term.descending ? '<' : '>');
  return { sql: sql`(${join(columns, ', ')}) ${operator} (${join(values, ', ')})`, certain: true };
}

/** `a >= 1 AND (a > 1 OR b > 2)`: the first part is redundant, but an index can serve it. */
function chain([mark, ...rest]: readonly Mark[]): Predicate {
  const later = beyond(mark!);
  if (rest.length === 0) return later;
  const after = anyOf([later, allOf([level(mark!), chain(rest)])]);
  const { term, value } = mark!;
  if (term.nullable || value === null) return after;
  const bound = sql`${term.sql} ${raw(term.descending ? '<=' : '>=')} ${value}`;
  return allOf([{ sql: bound, certain: true }, after]);
}

/** Where NULL comes behind the values, it is beyond each of them; where it comes before, they are beyond it. */
function beyond({ term, value }: Mark): Predicate {
  if (value === null) return test(term.nullsAfter ? raw('1 = 0') : sql`${term.sql} IS NOT NULL`);
  const later = sql`${term.sql} ${raw(term.descending ? '<' : '>')} ${value}`;
  return test(term.nullable && term.nullsAfter ? sql`(${later} OR ${term.sql} IS NULL)` : later);
}

function level({ term, value }: Mark): Predicate {
  return test(value === null ? sql`${term.sql} IS NULL` : sql`${term.sql} = ${value}`);
}

function test(text: Sql): Predicate {
  return { sql: text, certain: false };
}

/** The text under which a cursor travels: JSON in base64url, of one version. */
export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values), 'utf8').toString('base64url');
}

/** The values of a cursor. @throws BadCursorError when it is damaged */
export function decodeCursor(cursor: string): readonly CursorValue[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.every(isCursorValue)) return values;
  } catch (error) {
    throw new BadCursorError(error);
  }
  throw new BadCursorError();
}

function isCursorValue(value: unknown): value is CursorValue {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
