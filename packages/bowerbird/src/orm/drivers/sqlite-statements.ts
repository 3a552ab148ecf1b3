import { type Database as Connection, type Statement } from 'better-sqlite3';

import { fixDecimal } from '../describe/decimal.js';

/** A prepared statement that returns exact values. */
export interface ExactStatement {
  readonly reader: boolean;
  all(...parameters: unknown[]): unknown;
  run(...parameters: unknown[]): unknown;
  iterate(...parameters: unknown[]): IterableIterator<Row>;
}

type Row = Record<string, unknown>;

const CHANGES_TABLES = /^\s*(create|alter|drop|reindex|vacuum|attach|detach)\b/i;

/**
 * Prepared statements of one SQLite connection, shared by all of its query runners. Columns declared `bigint` come back
 * as text with every digit, columns declared `decimal(p, s)` as text with s digits after the point.
 */
export class SqliteStatements {
  private readonly prepared = new Map<string, ExactStatement>();

  constructor(
    private readonly limit: number,
    /** Tables of an adopted data source; their values stay as SQLite gives them. */
    private readonly foreignTables: () => readonly string[],
  ) {}

  get(connection: Connection, sql: string): ExactStatement {
    if (CHANGES_TABLES.test(sql)) this.prepared.clear();
    const known = this.prepared.get(sql);
    if (known) return known;
    const statement = exactStatement(connection.prepare(sql), this.foreignTables());
    this.prepared.set(sql, statement);
    if (this.prepared.size > this.limit) this.prepared.delete(this.prepared.keys().next().value!);
    return statement;
  }

  clear(): void {
    this.prepared.clear();
  }
}

/** A statement whose values are exact, but for those of some tables. */
export function exactStatement(statement: Statement, foreign: readonly string[]): ExactStatement {
  if (!statement.reader) return statement as ExactStatement & Statement;
  const columns = statement
    .columns()
    .map(({ name, type, table }) => ({ name, fix: table && foreign.includes(table) ? undefined : fixFor(type) }));
  const wide = columns.some(({ fix }) => fix === bigintText);
  if (wide) statement.safeIntegers(true);
  const build = rowBuilder(columns.map(({ name, fix }) => ({ name, fix: fix ?? (wide ? plainNumber : undefined) })));
  // The library takes twice as long to make objects as to make arrays.
  statement.raw(true);
  return {
    reader: true,
    all: (...parameters) => (statement.all(...parameters) as unknown[][]).map(build),
    run: (...parameters) => statement.run(...parameters),
    *iterate(...parameters) {
      for (const values of statement.iterate(...parameters)) yield build(values as unknown[]);
    },
  };
}

interface Column {
  readonly name: string;
  readonly fix: ((value: unknown) => unknown) | undefined;
}

function rowBuilder(columns: readonly Column[]): (values: readonly unknown[]) => Row {
  return (values) => {
    const row: Row = {};
    for (let index = 0; index < columns.length; index += 1) {
      const { name, fix } = columns[index]!;
      row[name] = fix ? fix(values[index]) : values[index];
    }
    return row;
  };
}

function fixFor(type: string | null): ((value: unknown) => unknown) | undefined {
  if (type === null) return undefined;
  if (/^(bigint|unsigned big int|int8)\b/i.test(type)) return bigintText;
  const decimal = /^(?:decimal|numeric)\s*\(\s*\d+\s*,\s*(\d+)\s*\)/i.exec(type);
  return decimal ? (value) => decimalText(value, Number(decimal[1])) : undefined;
}

function bigintText(value: unknown): unknown {
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : value;
}

function decimalText(value: unknown, scale: number): unknown {
  if (typeof value !== 'number' && typeof value !== 'bigint') return value;
  const text = String(value);
  return padDecimal(text, scale) ?? fixDecimal(text, scale);
}

/** The usual case: a number in plain digits, of which no more stand after the point than should. */
function padDecimal(text: string, scale: number): string | undefined {
  const point = text.indexOf('.');
  const missing = point < 0 ? scale : scale - (text.length - point - 1);
  if (missing < 0 || text.includes('e')) return undefined;
  return (point < 0 && scale > 0 ? `${text}.` : text) + '0'.repeat(missing);
}

/** With exact integers on, every integer of the row arrives as a bigint. */
function plainNumber(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
