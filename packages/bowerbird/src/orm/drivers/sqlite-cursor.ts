import { type Database as Connection } from 'better-sqlite3';
import { type DataSource } from 'typeorm';
import { type BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';

import { loadPeer } from '#core';

import { type DatabaseConfig } from '../orm.options.js';
import { type RowCursor } from './row-cursor.js';
import { addSqliteFunctions } from './sqlite-functions.js';
import { exactStatement, type ExactStatement } from './sqlite-statements.js';

type Row = Record<string, unknown>;

/**
 * Reads rows by a connection of its own, for the one that everything else uses can write nothing as long as a statement
 * has rows left: better-sqlite3 refuses to ("This database connection is busy executing a query"). With a write-ahead
 * log readers and writers do not wait for each other, and the rows are those of the moment at which reading begins.
 */
export class SqliteCursor implements RowCursor {
  private readonly rows: Iterator<Row>;

  private constructor(
    private readonly connection: Connection,
    statement: ExactStatement,
    parameters: readonly unknown[],
  ) {
    this.rows = statement.iterate(...parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
  }

  /** Undefined for a database that has one connection alone: in memory, opened by the project, or without the log. */
  static async open(
    dataSource: DataSource,
    { adopted, busyTimeout }: DatabaseConfig,
    sql: string,
    parameters: readonly unknown[],
  ): Promise<RowCursor | undefined> {
    const { databaseConnection: main } = dataSource.driver as { databaseConnection?: Connection } & BetterSqlite3Driver;
    if (!main?.open || main.memory || adopted || main.pragma('journal_mode', { simple: true }) !== 'wal')
      return undefined;
    const { default: Sqlite } = await loadPeer('better-sqlite3', 'SQLite', () => import('better-sqlite3'));
    const connection = new Sqlite(main.name, { readonly: true, fileMustExist: true, timeout: busyTimeout });
    try {
      addSqliteFunctions(connection);
      dataSource.logger.logQuery(sql, [...parameters]);
      return new SqliteCursor(connection, exactStatement(connection.prepare(sql), []), parameters);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  async next(count: number): Promise<Row[]> {
    const rows: Row[] = [];
    while (rows.length < count) {
      const { done, value } = this.rows.next();
      if (done) break;
      rows.push(value);
    }
    return rows;
  }

  async close(): Promise<void> {
    this.rows.return?.();
    this.connection.close();
  }
}
