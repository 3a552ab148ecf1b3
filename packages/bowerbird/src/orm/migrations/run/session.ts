import { type QueryRunner } from 'typeorm';

import { type Database } from '../../connection/database.js';
import { type Dialect } from '../../describe/entity-description.js';
import { LocalState } from '../../routing/local-state.js';
import { quoteName } from '../schema/literals.js';
import { MysqlEditor, type MysqlCollation } from '../schema/mysql.editor.js';
import { PostgresEditor } from '../schema/postgres.editor.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { SqliteEditor } from '../schema/sqlite.editor.js';
import { type StepConnection } from '../schema/step.js';
import { quotedTable, tableNameOf } from '../schema/table-name.js';

/** One connection of a database, set up for changing its tables and given back as it was. */
export class MigrationSession implements StepConnection {
  private localState: LocalState | undefined;
  /** Milliseconds; 0 while nothing is limited. */
  private lockTimeout = 0;

  private constructor(
    readonly database: Database,
    private readonly runner: QueryRunner,
    readonly editor: SchemaEditor,
    private readonly undo: string[],
  ) {}

  /** Runs work on a connection of its own. */
  static async use<R>(database: Database, work: (session: MigrationSession) => Promise<R>): Promise<R> {
    await database.connect();
    const runner = database.dataSource.createQueryRunner();
    try {
      await runner.connect();
      const session = await MigrationSession.open(database, runner);
      try {
        return await work(session);
      } finally {
        // A connection that was lost has nothing to undo, and the first error is what the caller must see.
        for (const statement of session.undo) await runner.query(statement).catch(() => undefined);
      }
    } finally {
      await runner.release();
    }
  }

  /** The history as this database sees it. */
  get local(): LocalState {
    this.localState ??= new LocalState(this.database.placement, this.database.alias);
    return this.localState;
  }

  get dialect(): Dialect {
    return this.database.dialect;
  }

  /** Whether a change of tables can be taken back with the transaction around it. */
  get transactionalDdl(): boolean {
    return this.dialect !== 'mysql';
  }

  async query<R = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    let position = 0;
    const numbered = this.dialect === 'postgres' && parameters.length > 0;
    const text = numbered ? sql.replace(/\?/g, () => `$${(position += 1)}`) : sql;
    const rows = await this.patiently(text, () => this.runner.query(text, [...parameters]) as Promise<unknown>);
    return Array.isArray(rows) ? (rows as R[]) : [];
  }

  /**
   * Lets statements of this connection wait for locks no longer than this; 0 for as long as it takes. While one waits,
   * everybody who comes after it waits behind it. SQLite has its busy timeout.
   */
  async limitLockWaits(milliseconds: number): Promise<void> {
    if (this.dialect === 'sqlite' || milliseconds === 0) return;
    this.lockTimeout = milliseconds;
    if (this.dialect === 'postgres') {
      await this.runner.query(`SET lock_timeout = ${milliseconds}`);
      return;
    }
    const seconds = Math.ceil(milliseconds / 1000);
    for (const name of ['lock_wait_timeout', 'innodb_lock_wait_timeout']) {
      await this.runner.query(`SET SESSION ${name} = ${seconds}`);
      this.undo.push(`SET SESSION ${name} = DEFAULT`);
    }
  }

  quote(name: string): string {
    return quoteName(this.dialect, name);
  }

  /** Runs work in a transaction of this connection. */
  async transaction<R>(work: () => Promise<R>): Promise<R> {
    await this.runner.startTransaction();
    try {
      const result = await work();
      await this.runner.commitTransaction();
      return result;
    } catch (error) {
      // The first error is what the caller must see.
      await this.runner.rollbackTransaction().catch(() => undefined);
      throw error;
    }
  }

  /** As {@link transaction}, with foreign keys off on SQLite, where a rebuilt table would take its children along. */
  async schemaTransaction<R>(work: () => Promise<R>): Promise<R> {
    if (this.dialect !== 'sqlite') return this.transaction(work);
    await this.query('PRAGMA foreign_keys = OFF');
    try {
      return await this.transaction(work);
    } finally {
      await this.query('PRAGMA foreign_keys = ON');
    }
  }

  /** A table by its whole name, as it stands in statements. */
  table(name: string): string {
    return quotedTable(this.dialect, name);
  }

  /** Whether a table exists, by its whole name. */
  async hasTable(name: string): Promise<boolean> {
    const sources: Readonly<Record<Dialect, string>> = {
      sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?",
      postgres: 'SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass(?)',
      mysql: 'SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
    };
    const asked = this.dialect === 'postgres' ? this.table(name) : tableNameOf(name).table;
    return (await this.query(sources[this.dialect], [asked])).length > 0;
  }

  /** What runs concurrently keeps nobody waiting, but waits itself until every transaction before it has ended. */
  private async patiently<R>(text: string, work: () => Promise<R>): Promise<R> {
    if (
      this.dialect !== 'postgres' ||
      !this.lockTimeout ||
      !/^\s*(create|drop|reindex)\b.*\bconcurrently\b/is.test(text)
    )
      return work();
    await this.runner.query('SET lock_timeout = 0');
    try {
      return await work();
    } finally {
      await this.runner.query(`SET lock_timeout = ${this.lockTimeout}`);
    }
  }

  private static async open(database: Database, runner: QueryRunner): Promise<MigrationSession> {
    const { dialect } = database;
    if (dialect === 'sqlite') return new MigrationSession(database, runner, new SqliteEditor(), []);
    if (dialect === 'mysql') return MigrationSession.openMysql(database, runner);
    const { schema } = database.dataSource.options as { readonly schema?: string };
    await runner.query('SET statement_timeout = 0');
    await runner.query("SET TIME ZONE 'UTC'");
    if (schema) await runner.query(`SET search_path TO ${quoteName(dialect, schema)}`);
    return new MigrationSession(database, runner, new PostgresEditor(), ['RESET ALL']);
  }

  /** Strict mode makes the server refuse what it would otherwise cut; literals rely on backslash escapes. */
  private static async openMysql(database: Database, runner: QueryRunner): Promise<MigrationSession> {
    const [row] = (await runner.query('SELECT VERSION() AS version, @@sql_mode AS mode')) as {
      version: string;
      mode: string;
    }[];
    const mode = row!.mode.split(',').filter((name) => name !== '' && name !== 'NO_BACKSLASH_ESCAPES');
    await runner.query(`SET SESSION sql_mode = '${[...new Set([...mode, 'STRICT_ALL_TABLES'])].join(',')}'`);
    const isMaria = /mariadb/i.test(row!.version);
    const limit = isMaria ? 'max_statement_time' : 'max_execution_time';
    const [before] = (await runner.query(`SELECT @@SESSION.${limit} AS value`)) as { value: number | string }[];
    await runner.query(`SET SESSION ${limit} = 0`);
    const undo = [`SET SESSION sql_mode = '${row!.mode}'`, `SET SESSION ${limit} = ${before!.value}`];
    return new MigrationSession(database, runner, new MysqlEditor(collationOf(row!.version, isMaria)), undo);
  }
}

function collationOf(version: string, isMaria: boolean): MysqlCollation {
  if (isMaria) return 'utf8mb4_nopad_bin';
  return Number.parseInt(version, 10) >= 8 ? 'utf8mb4_0900_bin' : 'utf8mb4_bin';
}
