import { Inject, Injectable } from '@nestjs/common';

import { readCatalog } from '../catalog/read-catalog.js';
import { type Database } from '../connection/database.js';
import { Databases } from '../connection/databases.js';
import { type NewMigration } from '../migrations/autodetector/assemble.js';
import { PROGRESS_TABLE } from '../migrations/history/progress.js';
import { LEDGER_TABLE } from '../migrations/run/ledger.js';
import { MigrationSession } from '../migrations/run/session.js';
import { migrationSource } from '../migrations/writer/write-migration.js';
import { selectFrom, type InspectSelection } from './inspect-options.js';
import { initialMigration } from './migration/initial-migration.js';
import { inspectCatalog } from './model/inspect-catalog.js';
import { type InspectedApp } from './model/inspected.js';
import { appSource, enumsSource, indexSource, type SourceFile } from './write/app-source.js';
import { entitySource } from './write/entity-source.js';

/** What to look at. */
export interface InspectOptions extends Omit<InspectSelection, 'owned'> {
  /** Name of the app that is written. */
  readonly app: string;
  /** Alias of the database. */
  readonly database: string;
  /** Schema of PostgreSQL. */
  readonly schema?: string;
}

/** What was found, and the files that say it. */
export interface Inspection {
  readonly app: InspectedApp;
  readonly files: readonly SourceFile[];
}

/** Looks at a live database and writes down what is there. Nothing in the database changes. */
@Injectable()
export class Inspector {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  /** @throws UnknownDatabaseError, ConnectionError */
  async inspect({ app: name, database: alias, schema, ...selection }: InspectOptions): Promise<Inspection> {
    const database = this.databases.get(alias);
    return MigrationSession.use(database, async (session) => {
      const all = await readCatalog(session, schema === undefined ? {} : { schema });
      const catalog = selectFrom(all, { ...selection, owned: ownedTables(database) });
      const found = inspectCatalog(name, alias, catalog);
      const app = { ...found, notes: [...found.notes, ...schemaNotes(database, schema)] };
      const migration = await initialMigration(app, catalog, session.editor);
      return { app, files: filesOf(app, migration) };
    });
  }
}

/** The tables of entities that the application has already, and the framework's own list of migrations. */
function ownedTables({ descriptions, alias }: Database): ReadonlyMap<string, string> {
  const here = descriptions.all().filter(({ database }) => database === alias);
  return new Map([
    ...[LEDGER_TABLE, PROGRESS_TABLE].map((table) => [table, 'the migrations'] as const),
    ...here.map(({ table, key }) => [table, key] as const),
    ...here.flatMap(({ relations, key }) =>
      relations.flatMap(({ junction }) => (junction ? [[junction.table, key] as const] : [])),
    ),
  ]);
}

/** Entities do not say their schema: the connection does, for queries and migrations alike. */
function schemaNotes({ dataSource }: Database, schema: string | undefined): readonly string[] {
  const own = (dataSource.options as { readonly schema?: string }).schema ?? 'public';
  if (schema === undefined || schema === own) return [];
  return [`The tables are in the schema "${schema}": connect with ?schema=${schema} at the end of the database's URL`];
}

function filesOf(app: InspectedApp, migration: NewMigration): readonly SourceFile[] {
  return [
    ...app.entities.map((entity) => ({ path: `${entity.file}.entity.ts`, text: entitySource(entity, app) })),
    ...(app.enums.length > 0 ? [{ path: 'enums.ts', text: enumsSource(app.enums) }] : []),
    { path: `${app.name}.module.ts`, text: appSource(app) },
    { path: 'index.ts', text: indexSource(app) },
    { path: `migrations/${migration.name}.ts`, text: migrationSource(migration, 'bowerbird/orm') },
  ];
}
