import { type AppDescription, type AppRegistry } from '../../apps/app-registry.js';
import { type NewMigration } from '../autodetector/assemble.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { latestChanges } from '../linear/latest-files.js';
import { type FileChange } from '../writer/change-files.js';
import { MigrationFolder } from '../writer/migration-folder.js';
import { migrationSource } from '../writer/write-migration.js';
import { writableFolder } from './writable-folder.js';

/** A migration, where it is written, and what that takes. */
export interface PlannedFile {
  readonly migration: NewMigration;
  readonly path: string;
  /** The app lists its migrations, and this one has to be added. */
  readonly unlisted: boolean;
  readonly changes: readonly FileChange[];
}

/** The file of an app that has to name another migration than it does. */
export interface PlannedLatest {
  readonly app: string;
  readonly newest: string | undefined;
  readonly changes: readonly FileChange[];
}

/** The file of a migration: a new one, or with `update` the one that is there. */
export async function plannedFile(migration: NewMigration, app: AppDescription, update: boolean): Promise<PlannedFile> {
  const folder = writableFolder(app);
  const source = migrationSource(migration, folder.door);
  const changes = update ? await folder.replaced(migration.name, source) : [folder.added(migration.name, source)];
  return { migration, path: changes[0]!.path, unlisted: folder.isListed && !update, changes };
}

/** The files of these apps that have to name their newest migration, once those that are new are written. */
export async function plannedLatest(
  apps: readonly AppDescription[],
  migrations: readonly NewMigration[],
  graph: MigrationGraph,
): Promise<readonly PlannedLatest[]> {
  const planned: PlannedLatest[] = [];
  for (const app of apps) {
    const added = migrations.findLast((migration) => migration.app === app.name);
    if (!added && !MigrationFolder.of(app)?.exists) continue;
    const newest = added?.name ?? graph.leafOf(app.name)?.name;
    const changes = await latestChanges(app, newest);
    if (changes.length > 0) planned.push({ app: app.name, newest, changes });
  }
  return planned;
}

/** The apps whose files may have to be written: those that were named, or all, and those of new migrations. */
export function concernedApps(
  apps: AppRegistry,
  named: readonly string[],
  migrations: readonly NewMigration[],
): readonly AppDescription[] {
  const written = new Set(migrations.map(({ app }) => app));
  return apps.all().filter(({ name }) => written.has(name) || named.length === 0 || named.includes(name));
}
