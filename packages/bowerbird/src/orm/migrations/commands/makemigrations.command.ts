import { Inject, Injectable } from '@nestjs/common';

import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AppRegistry } from '../../apps/app-registry.js';
import { type NewMigration } from '../autodetector/assemble.js';
import { MigrationMaker } from '../run/migration-maker.js';
import { MigrationFolder } from '../writer/migration-folder.js';
import { migrationSource } from '../writer/write-migration.js';
import { FlagDecisions } from './flag-decisions.js';
import { flagList, flagText, wordList } from './input.js';

/** Writes the migrations that the entities ask for. */
@Injectable()
@Command({
  name: 'makemigrations',
  description: 'Write migration files for what changed in the entities',
  arguments: [{ name: 'apps', description: 'apps to look at; all by default', optional: true, variadic: true }],
  options: [
    { flags: '--check', description: 'write nothing; exit with 1 when a migration is missing' },
    { flags: '--dry-run', description: 'show the files instead of writing them' },
    { flags: '--empty', description: 'write a migration without operations, to fill by hand' },
    { flags: '--name <name>', description: 'name after the number; made from the operations by default' },
    { flags: '--rename <from:to...>', description: 'a field or entity that was renamed: shop.Product.title:name' },
    {
      flags: '--replace <names...>',
      description: 'one that was removed and another added, or a field to make anew; "all" for every one',
    },
    { flags: '--fill <field=value...>', description: 'value for existing rows: shop.Product.sku="" or =sql:…' },
  ],
  checks: false,
})
export class MakeMigrationsCommand extends ManagementCommand {
  constructor(
    @Inject(MigrationMaker) private readonly maker: MigrationMaker,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
  ) {
    super();
  }

  async run(input: CommandInput, io: CommandIo): Promise<number> {
    const apps = wordList(input.args['apps']).map((name) => this.apps.get(name).name);
    await this.requireBuilt();
    const migrations = await this.make(input, apps, io);
    if (migrations.length === 0) io.out('No changes detected.');
    if (input.options['check'] === true) return this.report(migrations, io);
    for (const migration of migrations) await this.write(migration, input.options['dryRun'] === true, io);
    return 0;
  }

  private async make(
    { options }: CommandInput,
    apps: readonly string[],
    io: CommandIo,
  ): Promise<readonly NewMigration[]> {
    const name = nameFrom(options['name']);
    if (options['empty'] === true) {
      if (apps.length === 0)
        throw new CommandError('--empty needs the name of an app', { hint: 'makemigrations shop --empty' });
      return Promise.all(apps.map((app) => this.maker.empty(app, name)));
    }
    const decisions = new FlagDecisions(
      {
        renames: flagList(options['rename']),
        replaced: flagList(options['replace']),
        fills: flagList(options['fill']),
      },
      io,
    );
    const found = await this.maker.missing(decisions, { apps, ...(name !== undefined && { name }) });
    return apps.length > 0 ? found : found.filter(({ app }) => MigrationFolder.of(this.apps.get(app))?.writable);
  }

  private report(migrations: readonly NewMigration[], io: CommandIo): number {
    for (const { app, name, operations } of migrations) {
      io.out(`${app}: ${name} is missing`);
      for (const { title } of operations) io.out(`  - ${title}`);
    }
    return migrations.length > 0 ? 1 : 0;
  }

  private async write(migration: NewMigration, dryRun: boolean, io: CommandIo): Promise<void> {
    const folder = MigrationFolder.of(this.apps.get(migration.app));
    if (!folder)
      throw new CommandError(`App "${migration.app}" has no migrations`, { hint: 'It says migrations: false' });
    if (!folder.writable) {
      throw new CommandError(`App "${migration.app}" belongs to an installed package, which brings its own migrations`);
    }
    const source = migrationSource(migration, folder.door);
    io.out(`${migration.app}: ${migration.name}`);
    for (const { title } of migration.operations) io.out(`  - ${title}`);
    if (dryRun) io.out(`\n${source}`);
    else io.out(`  ${await folder.write(migration.name, source)}`);
  }

  /** Sources that are not compiled yet would be written a second time. */
  private async requireBuilt(): Promise<void> {
    for (const app of this.apps.all()) {
      const { unbuilt, stale } = (await MigrationFolder.of(app)?.differences()) ?? { unbuilt: [], stale: [] };
      if (unbuilt.length > 0) {
        throw new CommandError(`App "${app.name}" has migrations that are not compiled: ${unbuilt.join(', ')}`, {
          hint: 'Build the project, then run the command again',
        });
      }
      if (stale.length > 0) {
        throw new CommandError(`App "${app.name}" has compiled migrations without a source: ${stale.join(', ')}`, {
          hint: 'Delete the compiled files, or restore the sources',
        });
      }
    }
  }
}

function nameFrom(given: unknown): string | undefined {
  const name = flagText(given);
  if (name === undefined) return undefined;
  if (/^[a-z][\w-]*$/i.test(name)) return name;
  throw new CommandError(`"${name}" is no name for a migration`, {
    hint: 'Letters, digits and _, beginning with a letter',
  });
}
