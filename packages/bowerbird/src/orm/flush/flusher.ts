import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { findContributions } from '#core';

import { type Database } from '../connection/database.js';
import { Databases } from '../connection/databases.js';
import { type Dialect } from '../describe/entity-description.js';
import { AfterMigrate, type MigrateHook } from '../migrations/run/migrate-hook.js';
import { MigrationSession } from '../migrations/run/session.js';
import { flushedTables } from './flushed-tables.js';

/** Empties tables, quoted, and lets their keys begin anew. */
type EmptyTables = (session: MigrationSession, tables: readonly string[]) => Promise<void>;

const EMPTY: Readonly<Record<Dialect, EmptyTables>> = {
  sqlite: (session, tables) =>
    session.schemaTransaction(async () => {
      for (const table of tables) await session.query(`DELETE FROM ${table}`);
      if (!(await session.hasTable('sqlite_sequence'))) return;
      for (const table of tables) await session.query('DELETE FROM sqlite_sequence WHERE name = ?', [bare(table)]);
    }),
  postgres: (session, tables) =>
    session.transaction(async () => {
      await session.query(`TRUNCATE ${tables.join(', ')} RESTART IDENTITY`);
    }),
  mysql: async (session, tables) => {
    await session.query('SET foreign_key_checks = 0');
    try {
      await session.transaction(async () => {
        for (const table of tables) await session.query(`DELETE FROM ${table}`);
      });
      // A change of a table ends the transaction, so that this comes after the rows are gone.
      for (const table of tables) await session.query(`ALTER TABLE ${table} AUTO_INCREMENT = 1`);
    } finally {
      await session.query('SET foreign_key_checks = 1');
    }
  },
};

/** Empties the tables of the application; their structure and the ledger of migrations stay. */
@Injectable()
export class Flusher {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
  ) {}

  /** The tables that {@link flush} would empty. @throws CommandError when other entities refer to them */
  tables(alias: string, apps: readonly string[] = []): readonly string[] {
    return flushedTables(this.databases.get(alias), apps);
  }

  /**
   * Removes every row of the apps, of all by default, and does then what follows a migrate: permissions are made anew.
   * Write listeners do not hear of it. Returns how many tables are empty now. @throws CommandError
   */
  async flush(alias: string, apps: readonly string[] = []): Promise<number> {
    const database = this.databases.get(alias);
    const tables = flushedTables(database, apps);
    const emptied = await MigrationSession.use(database, (session) => this.empty(session, tables));
    if (database === this.databases.default) await this.runHooks(database);
    return emptied;
  }

  private async empty(session: MigrationSession, tables: readonly string[]): Promise<number> {
    const there: string[] = [];
    for (const name of tables) if (await session.hasTable(name)) there.push(session.table(name));
    if (there.length > 0) await EMPTY[session.dialect](session, there);
    return there.length;
  }

  private async runHooks({ descriptions }: Database): Promise<void> {
    for (const { instance } of findContributions<MigrateHook, void>(this.discovery, AfterMigrate))
      await instance.afterMigrate(descriptions.withProxies(), NO_RENAMES);
  }
}

/** Nothing names an entity any more. */
const NO_RENAMES: ReadonlyMap<string, string> = new Map();

/** The name of a table of SQLite without its quotes. */
function bare(quoted: string): string {
  return quoted.slice(1, -1).replaceAll('""', '"');
}
