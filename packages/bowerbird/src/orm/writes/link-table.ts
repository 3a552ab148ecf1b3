import { type DataSource } from 'typeorm';

import { type Dialect } from '../describe/entity-description.js';
import { quotedTable, wholeName } from '../migrations/schema/table-name.js';

/** Rows per statement; every database takes that many parameters for keys of a few columns. */
const BATCH = 500;

/** The values of a key, in the order of its columns. */
export type KeyValues = readonly unknown[];

/** A table in which links are kept, and the columns of its two keys. */
export interface LinkColumns {
  readonly table: string;
  readonly schema?: string;
  readonly own: readonly string[];
  readonly target: readonly string[];
}

/** Where statements go. */
export interface LinkDatabase {
  readonly dialect: Dialect;
  readonly dataSource: DataSource;
  query<R>(sql: string, parameters: readonly unknown[]): Promise<R>;
}

/** The few statements that change links between rows, in batches. Names are quoted, values bound. */
export class LinkTable {
  private readonly values: unknown[] = [];

  constructor(
    private readonly database: LinkDatabase,
    private readonly columns: LinkColumns,
  ) {}

  /** The target keys that a row is linked to. */
  async linked(own: KeyValues): Promise<readonly KeyValues[]> {
    const { target } = this.columns;
    const where = this.equal(this.columns.own, own);
    const rows = await this.run<readonly Record<string, unknown>[]>(
      `SELECT ${this.names(target)} FROM ${this.place} WHERE ${where}`,
    );
    return rows.map((row) => target.map((column) => row[column]));
  }

  /** Adds pairs; those that exist already stay as they are. */
  async insert(own: KeyValues, targets: readonly KeyValues[]): Promise<void> {
    const { own: ownColumns, target } = this.columns;
    const columns = [...ownColumns, ...target];
    for (const batch of batches(targets)) {
      const rows = batch.map((key) => `(${[...own, ...key].map((value) => this.bind(value)).join(', ')})`);
      const first = this.name(columns[0]!);
      const duplicates =
        this.database.dialect === 'mysql' ? `ON DUPLICATE KEY UPDATE ${first} = ${first}` : 'ON CONFLICT DO NOTHING';
      await this.run(`INSERT INTO ${this.place} (${this.names(columns)}) VALUES ${rows.join(', ')} ${duplicates}`);
    }
  }

  /** Removes pairs. */
  async delete(own: KeyValues, targets: readonly KeyValues[]): Promise<void> {
    for (const batch of batches(targets)) {
      const where = this.equal(this.columns.own, own);
      await this.run(`DELETE FROM ${this.place} WHERE ${where} AND ${this.among(batch)}`);
    }
  }

  /** Points rows of the target's own table at a row, or with null at none. */
  async point(own: KeyValues | null, targets: readonly KeyValues[], onlyFrom?: KeyValues): Promise<void> {
    for (const batch of batches(targets)) {
      const set = this.columns.own.map(
        (column, index) => `${this.name(column)} = ${own ? this.bind(own[index]) : 'NULL'}`,
      );
      const from = onlyFrom ? `${this.equal(this.columns.own, onlyFrom)} AND ` : '';
      await this.run(`UPDATE ${this.place} SET ${set.join(', ')} WHERE ${from}${this.among(batch)}`);
    }
  }

  private among(keys: readonly KeyValues[]): string {
    const { target } = this.columns;
    if (target.length === 1)
      return `${this.name(target[0]!)} IN (${keys.map(([value]) => this.bind(value)).join(', ')})`;
    return `(${keys.map((key) => `(${this.equal(target, key)})`).join(' OR ')})`;
  }

  private equal(columns: readonly string[], values: KeyValues): string {
    return columns.map((column, index) => `${this.name(column)} = ${this.bind(values[index])}`).join(' AND ');
  }

  private bind(value: unknown): string {
    this.values.push(value);
    return this.database.dialect === 'postgres' ? `$${this.values.length}` : '?';
  }

  private async run<R>(sql: string): Promise<R> {
    return this.database.query<R>(sql, this.values.splice(0));
  }

  private names(columns: readonly string[]): string {
    return columns.map((column) => this.name(column)).join(', ');
  }

  private get place(): string {
    const { table, schema } = this.columns;
    return quotedTable(this.database.dialect, wholeName(table, schema));
  }

  private name(name: string): string {
    return this.database.dataSource.driver.escape(name);
  }
}

/** Some hundred at a time. */
export function batches<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );
}
