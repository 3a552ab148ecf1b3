import { type DatabaseProduct } from '../../describe/database-needs.js';
import { type Dialect } from '../../describe/entity-description.js';
import { type Database } from '../database.js';

/** The server behind a database, as it calls itself. */
export interface ServerInfo {
  readonly product: DatabaseProduct;
  /** `15.4`, `10.11.6`. */
  readonly version: string;
  /** Extensions of PostgreSQL that the database has loaded. */
  readonly extensions: ReadonlySet<string>;
}

const VERSION: Readonly<Record<Dialect, string>> = {
  sqlite: 'SELECT sqlite_version() AS version',
  postgres: "SELECT current_setting('server_version') AS version",
  mysql: 'SELECT VERSION() AS version',
};

/** Asks a database what it is. */
export async function readServer(database: Database): Promise<ServerInfo> {
  const { dialect } = database;
  const [row] = await database.query<{ version: string }[]>(VERSION[dialect]);
  const text = row!.version;
  return {
    product: /mariadb/i.test(text) ? 'mariadb' : dialect,
    // MariaDB may put the version that old programs expect before its own: 5.5.5-10.11.6-MariaDB.
    version: /(\d+(?:\.\d+)+|\d+)/.exec(text.replace(/^5\.5\.5-/, ''))?.[1] ?? text,
    extensions: dialect === 'postgres' ? await loadedExtensions(database) : new Set(),
  };
}

async function loadedExtensions(database: Database): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ name: string }[]>('SELECT extname AS name FROM pg_catalog.pg_extension');
  return new Set(rows.map(({ name }) => name));
}

/** Whether a version is at least another one: `10.11` is at least `10.6`. */
export function isAtLeast(version: string, least: string): boolean {
  const [one, other] = [version, least].map((text) => text.split('.').map(Number));
  for (let place = 0; place < Math.max(one!.length, other!.length); place += 1) {
    const difference = (one![place] ?? 0) - (other![place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
