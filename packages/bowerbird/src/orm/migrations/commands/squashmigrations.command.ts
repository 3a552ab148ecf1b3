import { Inject, Injectable } from '@nestjs/common';

import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AppRegistry, type AppDescription } from '../../apps/app-registry.js';
import { loadMigrations } from '../files/migration-loader.js';
import { latestChanges } from '../linear/latest-files.js';
import { MigrationSquasher, type Squash } from '../run/squasher.js';
import { changeFiles, type FileChange } from '../writer/change-files.js';
import { migrationSource } from '../writer/write-migration.js';
import { flagText, migrationNameFrom, wordList } from './input.js';
import { requireBuilt, writableFolder } from './writable-folder.js';

/** Writes one migration that stands for several. */
@Injectable()
@Command({
  name: 'squashmigrations',
  description: 'Write one migration that stands for several of an app',
  arguments: [
    { name: 'app', description: 'the app' },
    { name: 'migrations', description: 'the last one, or the first and the last', variadic: true },
  ],
  options: [
    { flags: '--name <name>', description: 'name after the numbers; that of the last migration by default' },
    { flags: '--no-optimize', description: 'keep every operation as it is' },
    { flags: '--dry-run', description: 'show the file instead of writing it' },
  ],
  checks: false,
  database: false,
})
export class SquashMigrationsCommand extends ManagementCommand {
  constructor(
    @Inject(MigrationSquasher) private readonly squasher: MigrationSquasher,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<void> {
    const app = this.apps.get(flagText(args['app']) ?? '');
    const folder = writableFolder(app);
    await requireBuilt([app]);
    const name = migrationNameFrom(options['name']);
    const squash = await this.squasher.squash({
      app: app.name,
      ...rangeFrom(wordList(args['migrations'])),
      ...(name !== undefined && { name }),
      optimized: options['optimize'] !== false,
    });
    const source = migrationSource(squash.migration, folder.door, squash.parts);
    describe(squash, io);
    if (options['dryRun'] === true) {
      io.out(`\n${source}`);
      return;
    }
    const added = folder.added(squash.migration.name, source);
    await changeFiles([added, ...(await this.latest(app, squash))]);
    io.out(`  ${added.path}`);
    if (folder.isListed) io.out('  Add it to `migrations` of the app.');
  }

  /** A squashed migration is the newest one when it stands for that. */
  private async latest(app: AppDescription, { migration, parts }: Squash): Promise<readonly FileChange[]> {
    const leaf = (await loadMigrations(this.apps.all())).leafOf(app.name)?.name;
    return latestChanges(app, leaf !== undefined && parts.replaces?.includes(leaf) ? migration.name : leaf);
  }
}

function rangeFrom(words: readonly string[]): { readonly from?: string; readonly to: string } {
  const [first, last, ...more] = words;
  if (first === undefined || more.length > 0) {
    throw new CommandError('Name the last migration, or the first and the last', {
      hint: 'squashmigrations shop 0001 0004',
    });
  }
  return last === undefined ? { to: first } : { from: first, to: last };
}

function describe({ migration, parts, operationsBefore }: Squash, io: CommandIo): void {
  const { replaces = [], imports = [] } = parts;
  io.out(`${migration.app}: ${migration.name} stands for ${replaces.length} migrations`);
  io.out(`  ${operationsBefore} operations became ${migration.operations.length}`);
  for (const { file } of imports) io.out(`  It uses the code of ${file}: move that here before you delete the file`);
}
