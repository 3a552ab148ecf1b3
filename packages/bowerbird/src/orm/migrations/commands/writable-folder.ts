import { CommandError } from '#core';

import { type AppDescription } from '../../apps/app-registry.js';
import { MigrationFolder } from '../writer/migration-folder.js';

/** The folder into which the migrations of an app are written. @throws CommandError when they are not ours to write */
export function writableFolder(app: AppDescription): MigrationFolder {
  const folder = MigrationFolder.of(app);
  if (!folder) {
    throw new CommandError(`App "${app.name}" has no migrations`, { hint: 'It says migrations: false' });
  }
  if (!folder.writable) {
    throw new CommandError(`App "${app.name}" belongs to an installed package, which brings its own migrations`);
  }
  return folder;
}

/** Sources that do not run yet would be written a second time. @throws CommandError */
export async function requireBuilt(apps: readonly AppDescription[]): Promise<void> {
  for (const app of apps) {
    const folder = MigrationFolder.of(app);
    if (!folder) continue;
    const { unbuilt, stale } = await folder.differences();
    if (unbuilt.length > 0) throw unfinished(app, folder, unbuilt);
    if (stale.length > 0) throw withoutSource(app, folder, stale);
  }
}

function unfinished(app: AppDescription, { isListed }: MigrationFolder, names: readonly string[]): CommandError {
  const what = isListed ? 'that its @App does not list' : 'that are not compiled';
  return new CommandError(`App "${app.name}" has migrations ${what}: ${names.join(', ')}`, {
    hint: isListed
      ? 'Import them and add them to `migrations`, then run the command again'
      : 'Build the project, then run the command again',
  });
}

function withoutSource(app: AppDescription, { isListed }: MigrationFolder, names: readonly string[]): CommandError {
  const what = isListed ? 'lists migrations that its folder does not have' : 'has compiled migrations without a source';
  return new CommandError(`App "${app.name}" ${what}: ${names.join(', ')}`, {
    hint: isListed
      ? 'Say where they are: migrations: { folder, files }'
      : 'Delete the compiled files, or restore the sources',
  });
}
