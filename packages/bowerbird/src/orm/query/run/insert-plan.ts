import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { raw, sql, type Sql, type Statement } from '../sql/sql.js';
import { WRITE_DIALECTS, type WriteDialect } from '../sql/write-dialect.js';
import { UNSET, type InsertColumn } from './insert-columns.js';

/** A new row and what is stored for it, in the order of the columns. */
export interface NewRow {
  readonly row: object;
  readonly cells: readonly unknown[];
}

/** Most values of one statement, whichever the database. */
const MOST_VALUES = 32_000;
/** Most characters of the values of one statement: packets of MySQL end at some megabytes. */
const MOST_TEXT = 1_000_000;

/** Slices of rows, each small enough for a statement. `apart` keeps rows of equal name in different slices. */
export function* insertBatches(
  rows: readonly NewRow[],
  batch: number,
  apart?: (row: NewRow) => string | undefined,
): Generator<readonly NewRow[], void, undefined> {
  const most = Math.max(1, Math.min(batch, Math.floor(MOST_VALUES / Math.max(1, rows[0]?.cells.length ?? 1))));
  let slice: NewRow[] = [];
  let text = 0;
  const names = new Set<string>();
  for (const row of rows) {
    const size = sizeOf(row);
    const name = apart?.(row);
    const full = slice.length >= most || text + size > MOST_TEXT || (name !== undefined && names.has(name));
    if (full && slice.length > 0) {
      yield slice;
      slice = [];
      text = 0;
      names.clear();
    }
    slice.push(row);
    text += size;
    if (name !== undefined) names.add(name);
  }
  if (slice.length > 0) yield slice;
}

function sizeOf({ cells }: NewRow): number {
  let size = 0;
  for (const cell of cells) {
    if (typeof cell === 'string') size += cell.length;
    else if (cell instanceof Uint8Array) size += 2 * cell.length;
  }
  return size;
}

/** Writes the statements that insert rows of an entity. */
export class InsertWriter {
  private readonly dialect: WriteDialect;
  private readonly unset: readonly string[];

  constructor(
    private readonly model: EntityModel,
    private readonly columns: readonly InsertColumn[],
  ) {
    this.dialect = WRITE_DIALECTS[model.dialect.name];
    this.unset = columns.map(({ column }) => this.dialect.unset(column).texts[0]!);
  }

  /** `INSERT INTO … VALUES …` and what follows it, of the columns that at least one of the rows fills. */
  insert(rows: readonly NewRow[], tail: Sql): Statement {
    const filled = this.filled(rows);
    const names = filled.map((index) => this.name(this.columns[index]!.column)).join(', ');
    const { texts } = sql`INSERT INTO ${this.model.table}${this.dialect.insertAlias} (${raw(names)}) VALUES `;
    const parameters: unknown[] = [];
    const tuples = rows.map((row) => this.tuple(row, filled, parameters)).join(', ');
    return { sql: `${texts[0]}${tuples}${tail.texts[0]}`, parameters };
  }

  /**
   * `INSERT INTO … SELECT …` of one row of which some columns are filled, stored once for each row of a table, and what
   * follows it. The placeholders come after some others.
   */
  insertFrom(table: Sql, filled: readonly number[], others: number, tail: Sql): string {
    const names = filled.map((index) => this.name(this.columns[index]!.column)).join(', ');
    const values = filled.map((_, index) => this.model.dialect.placeholder(others + index + 1)).join(', ');
    return sql`INSERT INTO ${this.model.table} (${raw(names)}) SELECT ${raw(values)} FROM ${table}${tail}`.texts[0]!;
  }

  /** Numbers of the columns; at least one, for there is no portable way to name none. */
  private filled(rows: readonly NewRow[]): readonly number[] {
    const all = [...this.columns.keys()];
    const filled = all.filter((index) => rows.some(({ cells }) => cells[index] !== UNSET));
    return filled.length > 0 ? filled : all.slice(0, 1);
  }

  /** Written out rather than put together of pieces: there are tens of thousands of values. */
  private tuple({ cells }: NewRow, filled: readonly number[], parameters: unknown[]): string {
    let text = '';
    for (const index of filled) {
      const cell = cells[index];
      text += text === '' ? '(' : ', ';
      if (cell === UNSET) text += this.unset[index]!;
      else text += this.model.dialect.placeholder(parameters.push(cell));
    }
    return `${text})`;
  }

  private name({ name }: ColumnModel): string {
    return this.model.dialect.quote(name);
  }
}
