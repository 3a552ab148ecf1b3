import { type Statement } from 'better-sqlite3';
import { type Dialect } from 'bowerbird/orm';

/** The database's own library, as a program without any ORM would use it. */
export interface RawDriver {
  readonly dialect: Dialect;
  /** The rows of a statement, as objects. */
  rows(sql: string, parameters?: readonly unknown[]): Promise<readonly unknown[]> | readonly unknown[];
  /** Runs a statement that has no rows. */
  change(sql: string, parameters?: readonly unknown[]): unknown;
  close(): Promise<void> | void;
}

/** How a database is reached without the framework. */
type Connect = (url: string) => Promise<RawDriver>;

/** Each library with its defaults. */
export const RAW_DRIVERS: Readonly<Record<Dialect, Connect>> = {
  sqlite: async (url) => {
    const { default: Database } = await import('better-sqlite3');
    const connection = new Database(url.slice('sqlite:'.length));
    const prepared = new Map<string, Statement>();
    const statement = (sql: string) => {
      const known = prepared.get(sql) ?? connection.prepare(sql);
      prepared.set(sql, known);
      return known;
    };
    return {
      dialect: 'sqlite',
      rows: (sql, parameters = []) => statement(sql).all(...parameters),
      change: (sql, parameters = []) => statement(sql).run(...parameters),
      close: () => void connection.close(),
    };
  },
  postgres: async (url) => {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: url });
    return {
      dialect: 'postgres',
      rows: async (sql, parameters = []) => (await pool.query(sql, [...parameters])).rows as unknown[],
      change: (sql, parameters = []) => pool.query(sql, [...parameters]),
      close: () => pool.end(),
    };
  },
  mysql: async (url) => {
    const { default: mysql } = await import('mysql2/promise');
    const pool = mysql.createPool({ uri: url });
    return {
      dialect: 'mysql',
      rows: async (sql, parameters = []) => (await pool.query(sql, [...parameters]))[0] as unknown[],
      change: (sql, parameters = []) => pool.query(sql, [...parameters]),
      close: () => pool.end(),
    };
  },
};
