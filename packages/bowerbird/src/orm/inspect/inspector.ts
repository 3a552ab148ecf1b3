import { Inject, Injectable } from '@nestjs/common';

import { CommandError } from '#core';

import { ownSchema, readSchemas } from '../catalog/read-schemas.js';
import { type Database } from '../connection/database.js';
import { Databases } from '../connection/databases.js';
import { type NewMigration } from '../migrations/autodetector/assemble.js';
import { PROGRESS_TABLE } from '../migrations/history/progress.js';
import { LEDGER_TABLE } from '../migrations/run/ledger.js';
import { MigrationSession } from '../migrations/run/session.js';
import { wholeName } from '../migrations/schema/table-name.js';
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
  /** Schemas of PostgreSQL; none for that of the connection. */
  readonly schemas: readonly string[];
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

  /** @throws UnknownDatabaseError, ConnectionError, CommandError for a schema of a database that has none */
  async inspect({ app: name, database: alias, schemas, ...selection }: InspectOptions): Promise<Inspection> {
    const database = this.databases.get(alias);
    return MigrationSession.use(database, async (session) => {
      if (schemas.length > 0 && session.dialect !== 'postgres')
        throw new CommandError(`The database "${alias}" has no schemas`, {
          hint: 'PostgreSQL alone has; leave it out',
        });
      const owned = ownedTables(database, await ownSchema(session));
      const catalog = selectFrom(await readSchemas(session, schemas), { ...selection, owned });
      const app = inspectCatalog(name, alias, catalog);
      const migration = await initialMigration(app, catalog, session.editor);
      return { app, files: filesOf(app, migration) };
    });
  }
}

/** The tables of entities that the application has already, and the framework's own list of migrations. */
function ownedTables({ descriptions, alias }: Database, own: string | undefined): ReadonlyMap<string, string> {
  const here = descriptions.all().filter(({ database }) => database === alias);
  const placed = here.flatMap((entity) => {
    const pairs = entity.relations.flatMap(({ junction }) => junction ?? []);
    return [entity, ...pairs].map(({ table, schema }) => {
      const name = wholeName(table, schema === own ? undefined : schema);
      return [name, entity.key] as const;
    });
  });
  return new Map([...[LEDGER_TABLE, PROGRESS_TABLE].map((table) => [table, 'the migrations'] as const), ...placed]);
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
