import { Inject, Injectable } from '@nestjs/common';

import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AppRegistry } from '../../apps/app-registry.js';
import { migrationKey, type MigrationFile } from '../files/migration-file.js';
import { MigrationGraph } from '../files/migration-graph.js';
import { loadMigrations } from '../files/migration-loader.js';
import { latestChanges } from '../linear/latest-files.js';
import { Migrator } from '../run/migrator.js';
import { changeFiles, type FileChange } from '../writer/change-files.js';
import { isYes } from './flag-decisions.js';
import { wordList } from './input.js';
import { requireBuilt, writableFolder } from './writable-folder.js';

/** Deletes migration files that are applied to no database. */
@Injectable()
@Command({
  name: 'forgetpending',
  description: 'Delete the migration files of apps that are applied to none of the databases',
  arguments: [{ name: 'apps', description: 'the apps', variadic: true }],
  options: [
    { flags: '--dry-run', description: 'show what would be deleted' },
    { flags: '--yes', description: 'do not ask' },
  ],
  checks: false,
})
export class ForgetPendingCommand extends ManagementCommand {
  constructor(
    @Inject(Migrator) private readonly migrator: Migrator,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<void> {
    const apps = wordList(args['apps']).map((name) => this.apps.get(name));
    apps.forEach((app) => writableFolder(app));
    await requireBuilt(apps);
    const files = await this.pendingOf(apps.map(({ name }) => name));
    for (const file of files) io.out(migrationKey(file));
    if (files.length === 0) io.out('Nothing is pending.');
    if (files.length === 0 || options['dryRun'] === true) return;
    if (options['yes'] !== true) await requireConsent(files, io);
    await this.remove(files.toReversed(), io);
  }

  private async remove(files: readonly MigrationFile[], io: CommandIo): Promise<void> {
    const gone = await Promise.all(files.map(({ app, name }) => writableFolder(this.apps.get(app)).removed(name)));
    await changeFiles([...gone.flat(), ...(await this.latest(files))]);
    files.forEach(({ app }, index) => {
      io.out(`  deleted ${gone[index]![0]!.path}`);
      if (writableFolder(this.apps.get(app)).isListed) io.out('  Take it out of `migrations` of the app.');
    });
  }

  /** The newest migrations of the apps are others then. */
  private async latest(gone: readonly MigrationFile[]): Promise<readonly FileChange[]> {
    const { files } = await loadMigrations(this.apps.all());
    const goes = new Set(gone.map(migrationKey));
    const left = new MigrationGraph(files.filter((file) => !goes.has(migrationKey(file))));
    const apps = [...new Set(gone.map(({ app }) => app))];
    return (await Promise.all(apps.map((app) => latestChanges(this.apps.get(app), left.leafOf(app)?.name)))).flat();
  }

  private async pendingOf(apps: readonly string[]): Promise<readonly MigrationFile[]> {
    const graph = await loadMigrations(this.apps.all());
    const known = await this.migrator.knownIn();
    const files = graph.files.filter((file) => apps.includes(file.app) && !known.has(migrationKey(file)));
    requireLoose(graph, files);
    return files;
  }
}

/** What stays must not need what goes. */
function requireLoose(graph: MigrationGraph, files: readonly MigrationFile[]): void {
  const going = new Set(files.map(migrationKey));
  for (const key of going) {
    const follower = graph.followersOf(key).find((each) => !going.has(each));
    if (follower === undefined) continue;
    throw new CommandError(`${key} is applied nowhere, but ${follower} needs it`, {
      hint: `Name the app "${follower.split('.')[0]}" too, or keep the file`,
    });
  }
}

async function requireConsent(files: readonly MigrationFile[], io: CommandIo): Promise<void> {
  const question = `Delete ${files.length} file(s)? [y/N]`;
  if (io.interactive && isYes(await io.ask(question, { fallback: 'n' }))) return;
  throw new CommandError('Nothing was deleted', { hint: 'Agree with --yes' });
}
