import { type EntityMetadata } from 'typeorm';

import { type Dialect, type FieldKind } from '../../describe/entity-description.js';
import { CustomLookupSet } from '../lookups/custom.js';
import { type PortableRegex } from '../lookups/portable-regex.js';
import { type LockRequest, type RowLock } from '../query-state.js';
import { TimeZones } from '../zones/time-zones.js';
import { type ExpressionDialect } from './expression-dialect.js';
import { type JsonDialect } from './json-dialect.js';
import { type SearchDialect } from './search-dialect.js';
import { bind, list, NOTHING, raw, sql, type Sql } from './sql.js';

/** Where in a text another one is looked for. */
export type MatchPosition = 'anywhere' | 'start' | 'end' | 'whole';

/** How a locking read treats rows that are locked already. */
export const WAITS: Readonly<Record<RowLock, string>> = { wait: '', nowait: ' NOWAIT', 'skip-locked': ' SKIP LOCKED' };

/** Units of time that have a begin. */
export type BeginUnit = 'year' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second';

/** What a text comparison needs. */
export interface TextMatch {
  readonly position: MatchPosition;
  readonly ignoreCase: boolean;
}

/** Kinds of keys that are text already. */
const TEXT_KEYS: ReadonlySet<FieldKind> = new Set<FieldKind>(['string', 'text', 'enum']);

/** What the databases write differently. One class per dialect; nothing else in the query area branches on dialects. */
export abstract class SqlDialect {
  abstract readonly name: Dialect;

  /** How values are written that the database works out. */
  abstract readonly expressions: ExpressionDialect;

  /** The time zones of queries. */
  readonly zones: TimeZones;

  /** @param zone the time zone of queries that name none */
  constructor(zone?: string) {
    this.zones = new TimeZones(zone);
  }

  /** What the application has added. */
  readonly custom = new CustomLookupSet();

  /** How JSON documents are read. */
  abstract readonly json: JsonDialect;

  /** How words are found in texts. */
  abstract readonly search: SearchDialect;

  /** Text in which a regular expression is found. */
  abstract regex(text: Sql, pattern: PortableRegex, ignoreCase: boolean): Sql;

  /** A random number. */
  abstract readonly random: string;

  /** A name as SQL, with its quotes doubled. */
  abstract quote(name: string): string;

  /** The placeholder of the n-th value, from 1. */
  abstract placeholder(index: number): string;

  /** Text equal to any of some values, with regard to case, accents and trailing spaces. */
  abstract equalsAny(text: Sql, values: readonly unknown[]): Sql;

  /** Text that holds a value, or a text that the statement works out, at a position; LIKE's own marks have no meaning. */
  abstract matches(text: Sql, value: string | Sql, match: TextMatch): Sql;

  /** A date, or what clocks show, cut down to the begin of its unit, as text: `2026-11-01 00:00:00`. */
  abstract begin(unit: BeginUnit, clock: Sql): Sql;

  /** The plan as one text. */
  abstract readPlan(rows: readonly Readonly<Record<string, unknown>>[]): string;

  /** One ordering term. `nullsAfter` tells whether nulls come behind the values, which else are before them. */
  abstract orderTerm(value: Sql, descending: boolean, nullable: boolean, nullsAfter: boolean): Sql;

  /** A value whose raw form loses nothing, as text or number, so that a cursor can hold it. */
  abstract exact(value: Sql, kind: FieldKind): Sql;

  /** Whether parameters have numbers, so that an expression with values that is written twice is not the same one. */
  readonly numbersParameters: boolean = false;

  /** Whether an index serves comparisons of rows, `(a, b) > (1, 2)`. */
  readonly comparesRows: boolean = true;

  /** A bound text that {@link exact} made, to be compared with a column of the kind. */
  exactBound(value: unknown, _kind: FieldKind): Sql {
    return bind(value);
  }

  /** A bound value to be compared with a column of a kind. */
  bound(value: unknown, _kind: FieldKind): Sql {
    return bind(value);
  }

  /** What stands in a list of selected columns so that the driver's value is exact. */
  selected(column: Sql, _kind: FieldKind): Sql {
    return column;
  }

  /** A value as text. */
  asText(value: Sql): Sql {
    return sql`CAST(${value} AS TEXT)`;
  }

  /** A key as text, equal to the column in which a generic reference keeps it. */
  keyText(value: Sql, kind: FieldKind): Sql {
    return TEXT_KEYS.has(kind) ? value : this.asText(value);
  }

  /** `LIMIT` and `OFFSET`, with the space before them. */
  slice(limit: number | null, offset: number): Sql {
    if (limit === null && offset === 0) return NOTHING;
    const head = ` LIMIT ${limit === null ? this.noLimit : count(limit)}`;
    return raw(offset === 0 ? head : `${head} OFFSET ${count(offset)}`);
  }

  /** The statement whose `n` is about how many rows a table has, or undefined where there are no statistics. */
  tableSize(_metadata: EntityMetadata): Sql | undefined {
    return undefined;
  }

  /** The head of a statement that deletes rows of an aliased table. */
  deleteFrom(table: Sql, alias: string): Sql {
    return sql`DELETE FROM ${table} AS ${raw(alias)}`;
  }

  /** What locks the rows of tables until the end of the transaction, with the space before it. */
  abstract lock(aliases: readonly string[], lock: LockRequest): Sql;

  /** Whether a statement that changes a table may read it in a subquery. */
  readonly readsChangedTable: boolean = true;

  /** Whether an UPDATE sets one column after another, each seeing what the ones before have set. */
  readonly assignsInOrder: boolean = false;

  /** Whether LAG and LEAD take a value for rows that there are not. */
  readonly shiftsWithDefault: boolean = true;

  /** The present moment as the column of a kind stores it. */
  abstract now(precision: number): Sql;

  protected abstract readonly noLimit: string;

  protected equalsList(column: Sql, values: readonly unknown[]): Sql {
    return values.length === 1 ? sql`${column} = ${bind(values[0])}` : sql`${column} IN ${list(values)}`;
  }
}

/** The pattern of a LIKE for a match, its marks escaped with `escape`. */
export function likePattern(value: string, position: MatchPosition, escape: string): string {
  const literal = value.replace(/[%_\\!]/g, (mark) =>
    mark === '%' || mark === '_' || mark === escape ? escape + mark : mark,
  );
  const head = position === 'anywhere' || position === 'end' ? '%' : '';
  const tail = position === 'anywhere' || position === 'start' ? '%' : '';
  return head + literal + tail;
}

/** The parts of the same pattern for a text that the statement works out. */
export function likeParts(text: Sql, position: MatchPosition, escape: string): Sql[] {
  const literal = [escape, '%', '_'].reduce(
    (value, mark) => sql`REPLACE(${value}, ${bind(mark)}, ${bind(escape + mark)})`,
    text,
  );
  const any = raw(`'%'`);
  const head = position === 'anywhere' || position === 'end' ? [any] : [];
  return [...head, literal, ...(position === 'anywhere' || position === 'start' ? [any] : [])];
}

function count(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`Not a number of rows: ${value}`);
  return String(value);
}
