import { randomUUID } from 'node:crypto';

import { didYouMean } from '#core';

import { MigrationStateError } from '../migrations.errors.js';
import { quoteName } from '../schema/literals.js';
import { quotedTable } from '../schema/table-name.js';
import { type HistoricalColumn } from './historical-columns.js';
import { type HistoryConnection } from './historical-entities.js';
import { readValue, selectText, writtenValue } from './stored-values.js';

/** A row by the paths of its fields. */
export type HistoricalRow = Record<string, unknown>;

/** Fields with the value that they must have; a list stands for one of several, `null` for none. */
export type HistoricalWhere = Readonly<Record<string, unknown>>;

/** Which rows to read. */
export interface RowsOptions {
  readonly where?: HistoricalWhere;
  /** At most so many; all by default. */
  readonly limit?: number;
  /** Only rows behind this key: its values in the order of the key. */
  readonly after?: readonly unknown[] | null;
}

/** Parameters of one statement; SQLite and PostgreSQL take more, but not without end. */
const MOST_PARAMETERS = 10_000;

/** Reads and writes the rows of one entity (or the pairs of a relation) as it was at one point of the history. */
export class HistoricalEntity {
  constructor(
    /** `shop.Product`. */
    readonly key: string,
    /** The whole name of its table: with its schema, where that is another than the one of the connection. */
    readonly table: string,
    private readonly columns: readonly HistoricalColumn[],
    private readonly connection: HistoryConnection,
  ) {}

  private get place(): string {
    return quotedTable(this.connection.dialect, this.table);
  }

  /** The paths of a row. */
  get fields(): readonly string[] {
    return this.columns.map(({ path }) => path);
  }

  /** The rows in the order of their key. */
  async rows({ where = {}, limit, after }: RowsOptions = {}): Promise<HistoricalRow[]> {
    const { dialect, db } = this.connection;
    const list = this.columns.map(
      ({ name, type }, index) => `${selectText(dialect, type, this.quote(name))} AS c${index}`,
    );
    const { text, parameters } = this.conditions(where, after ?? null);
    const keys = this.keyColumns.map(({ name }) => this.quote(name));
    const order = keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
    const rows = await db.query(
      `SELECT ${list.join(', ')} FROM ${this.place}${text}${order}${limit === undefined ? '' : ` LIMIT ${Math.trunc(limit)}`}`,
      parameters,
    );
    return rows.map((row) =>
      Object.fromEntries(this.columns.map(({ path, type }, index) => [path, readValue(row[`c${index}`], type)])),
    );
  }

  /** How many rows there are; with a key, how many behind it. */
  async count(where: HistoricalWhere = {}, after: readonly unknown[] | null = null): Promise<number> {
    const { text, parameters } = this.conditions(where, after);
    const [row] = await this.connection.db.query<{ amount: number | string }>(
      `SELECT COUNT(*) AS amount FROM ${this.place}${text}`,
      parameters,
    );
    return Number(row!.amount);
  }

  /** Adds rows. What a row does not say gets the column's default. */
  async insert(rows: readonly HistoricalRow[]): Promise<void> {
    const cells = rows.map((row) => this.assignments(this.withGenerated(row)));
    const shapeOf = (each: readonly Cell[]) => each.map(({ column }) => column.name).join('\0');
    for (const alike of grouped(cells, shapeOf)) await this.insertAlike(alike);
    const { counting } = this;
    if (counting && rows.some((row) => row[counting.path] !== undefined)) await this.moveCounter(counting);
  }

  /** Adds one row and returns it with its key. */
  async create(row: HistoricalRow): Promise<HistoricalRow> {
    const full = this.withGenerated(row);
    await this.insert([full]);
    const { counting } = this;
    if (!counting || full[counting.path] !== undefined) return full;
    return { ...full, [counting.path]: await this.lastNumber(counting) };
  }

  /** Changes rows by their key: each says its key and the fields to change. */
  async update(rows: readonly HistoricalRow[]): Promise<void> {
    const changes = rows.map((row) => {
      const key = this.keyOf(row);
      const cells = this.assignments(row).filter(({ column }) => !this.isKey(column));
      return { key, cells, shape: JSON.stringify(cells.map(({ column, value }) => [column.name, value])) };
    });
    for (const alike of grouped(changes, ({ shape }) => shape)) {
      const { cells } = alike[0]!;
      if (cells.length === 0) continue;
      await this.eachChunk(
        alike.map(({ key }) => key),
        cells.length,
        async (keys) => {
          await this.run(`UPDATE ${this.place} SET ${this.setText(cells)} WHERE ${this.keyText(keys)}`, [
            ...cells.map(({ value }) => value),
            ...keys.flat(),
          ]);
        },
      );
    }
  }

  /** Changes all rows for which a condition holds. */
  async updateWhere(where: HistoricalWhere, values: HistoricalRow): Promise<void> {
    const cells = this.assignments(values);
    if (cells.length === 0) return;
    const { text, parameters } = this.conditions(where, null);
    await this.run(`UPDATE ${this.place} SET ${this.setText(cells)}${text}`, [
      ...cells.map(({ value }) => value),
      ...parameters,
    ]);
  }

  /** Removes rows by their key. */
  async remove(rows: readonly HistoricalRow[]): Promise<void> {
    await this.eachChunk(
      rows.map((row) => this.keyOf(row)),
      0,
      async (keys) => {
        await this.run(`DELETE FROM ${this.place} WHERE ${this.keyText(keys)}`, keys.flat());
      },
    );
  }

  /** Removes all rows for which a condition holds. */
  async removeWhere(where: HistoricalWhere): Promise<void> {
    const { text, parameters } = this.conditions(where, null);
    await this.run(`DELETE FROM ${this.place}${text}`, parameters);
  }

  /** The key of a row, as {@link RowsOptions.after} takes it. @throws MigrationStateError when a part of it is missing */
  keyOf(row: HistoricalRow): readonly unknown[] {
    const keys = this.keyColumns;
    if (keys.length === 0) throw new MigrationStateError(`${this.key} has no primary key by which to find its rows`);
    return keys.map(({ path, type }) => {
      if (row[path] === undefined) throw new MigrationStateError(`A row of ${this.key} does not say its key "${path}"`);
      return writtenValue(this.connection.dialect, type, row[path]);
    });
  }

  private get counting(): HistoricalColumn | undefined {
    return this.columns.find(({ generated }) => generated === 'increment');
  }

  private get keyColumns(): readonly HistoricalColumn[] {
    const keys = this.columns.filter(({ primary }) => primary);
    return keys.filter(({ name }, index) => keys.findIndex((other) => other.name === name) === index);
  }

  private isKey({ name }: HistoricalColumn): boolean {
    return this.keyColumns.some((key) => key.name === name);
  }

  private async insertAlike(rows: readonly (readonly Cell[])[]): Promise<void> {
    const names = rows[0]!.map(({ column }) => this.quote(column.name));
    if (names.length === 0) return this.insertBare(rows.length);
    const size = Math.max(1, Math.floor(MOST_PARAMETERS / Math.max(1, names.length)));
    for (let start = 0; start < rows.length; start += size) {
      const chunk = rows.slice(start, start + size);
      const line = `(${names.map(() => '?').join(', ')})`;
      await this.run(
        `INSERT INTO ${this.place} (${names.join(', ')}) VALUES ${chunk.map(() => line).join(', ')}`,
        chunk.flatMap((cells) => cells.map(({ value }) => value)),
      );
    }
  }

  /** Rows of which nothing is said: databases take them one by one. */
  private async insertBare(count: number): Promise<void> {
    const values = this.connection.dialect === 'mysql' ? '() VALUES ()' : 'DEFAULT VALUES';
    for (let index = 0; index < count; index += 1) await this.run(`INSERT INTO ${this.place} ${values}`, []);
  }

  /** What no database makes by itself. */
  private withGenerated(row: HistoricalRow): HistoricalRow {
    const made = this.columns.flatMap(({ path, generated }): [string, unknown][] => {
      if (row[path] !== undefined) return [];
      if (generated === 'uuid') return [[path, randomUUID()]];
      return generated === 'version' ? [[path, 1]] : [];
    });
    return made.length > 0 ? { ...row, ...Object.fromEntries(made) } : row;
  }

  /** A counter of PostgreSQL does not notice numbers that somebody gives; it never goes back. */
  private async moveCounter({ name }: HistoricalColumn): Promise<void> {
    if (this.connection.dialect !== 'postgres') return;
    const largest = `SELECT MAX(${this.quote(name)}) FROM ${this.place}`;
    await this.run(
      `SELECT setval(s, GREATEST((${largest}), pg_sequence_last_value(s))) FROM (SELECT pg_get_serial_sequence(?, ?)::regclass AS s) q`,
      [this.place, name],
    );
  }

  private async lastNumber({ name, type }: HistoricalColumn): Promise<unknown> {
    const { dialect, db } = this.connection;
    const texts = {
      sqlite: 'SELECT last_insert_rowid() AS number',
      mysql: 'SELECT LAST_INSERT_ID() AS number',
      postgres: `SELECT currval(pg_get_serial_sequence(?, ?)) AS number`,
    };
    const parameters = dialect === 'postgres' ? [this.place, name] : [];
    const [row] = await db.query<{ number: unknown }>(texts[dialect], parameters);
    return type.kind === 'bigint' ? String(row!.number) : Number(row!.number);
  }

  /** The columns that a row names, each once, with their parameters. @throws MigrationStateError for an unknown path */
  private assignments(row: HistoricalRow): readonly Cell[] {
    const cells = new Map<string, Cell>();
    for (const [path, value] of Object.entries(row)) {
      const column = this.column(path);
      if (value === undefined || column.generated === 'expression' || cells.has(column.name)) continue;
      cells.set(column.name, { column, value: writtenValue(this.connection.dialect, column.type, value) });
    }
    return [...cells.values()];
  }

  private column(path: string): HistoricalColumn {
    const found = this.columns.find((column) => column.path === path);
    if (found) return found;
    const hint = didYouMean(path, this.fields);
    throw new MigrationStateError(`${this.key} has no field "${path}" at this point of the history. ${hint}`.trim(), {
      hint: `Its fields: ${this.fields.join(', ')}`,
    });
  }

  private conditions(where: HistoricalWhere, after: readonly unknown[] | null): Conditions {
    const parts = Object.entries(where).map(([path, value]) => this.condition(this.column(path), value));
    if (after) parts.push(this.afterKey(after));
    const text = parts.map((part) => part.text).join(' AND ');
    return { text: text === '' ? '' : ` WHERE ${text}`, parameters: parts.flatMap(({ parameters }) => parameters) };
  }

  private condition({ name, type }: HistoricalColumn, value: unknown): Conditions {
    const column = this.quote(name);
    if (value === null || value === undefined) return { text: `${column} IS NULL`, parameters: [] };
    const values = (Array.isArray(value) ? (value as unknown[]) : [value]).map((each) =>
      writtenValue(this.connection.dialect, type, each),
    );
    if (values.length === 0) return { text: '1 = 0', parameters: [] };
    return { text: `${column} IN (${values.map(() => '?').join(', ')})`, parameters: values };
  }

  private afterKey(after: readonly unknown[]): Conditions {
    const keys = this.keyColumns.map(({ name }) => this.quote(name)).join(', ');
    return { text: `(${keys}) > (${after.map(() => '?').join(', ')})`, parameters: after };
  }

  private setText(cells: readonly Cell[]): string {
    return cells.map(({ column }) => `${this.quote(column.name)} = ?`).join(', ');
  }

  private keyText(keys: readonly (readonly unknown[])[]): string {
    const names = this.keyColumns.map(({ name }) => this.quote(name));
    if (names.length === 1) return `${names[0]} IN (${keys.map(() => '?').join(', ')})`;
    return keys.map(() => `(${names.map((name) => `${name} = ?`).join(' AND ')})`).join(' OR ');
  }

  private async eachChunk(
    keys: readonly (readonly unknown[])[],
    others: number,
    work: (chunk: readonly (readonly unknown[])[]) => Promise<void>,
  ): Promise<void> {
    // An OR of many conditions is a deep tree, of which SQLite takes 1,000 levels.
    const wide = this.keyColumns.length > 1 ? 500 : MOST_PARAMETERS - others;
    for (let start = 0; start < keys.length; start += wide) await work(keys.slice(start, start + wide));
  }

  private async run(sql: string, parameters: readonly unknown[]): Promise<void> {
    await this.connection.db.query(sql, parameters);
  }

  private quote(name: string): string {
    return quoteName(this.connection.dialect, name);
  }
}

function grouped<T>(items: readonly T[], nameOf: (item: T) => string): Iterable<readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.push(item);
    else groups.set(nameOf(item), [item]);
  }
  return groups.values();
}

interface Cell {
  readonly column: HistoricalColumn;
  readonly value: unknown;
}

interface Conditions {
  readonly text: string;
  readonly parameters: readonly unknown[];
}
