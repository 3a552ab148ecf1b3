import { Inject, Injectable } from '@nestjs/common';

import { Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AppRegistry } from '../../apps/app-registry.js';
import { type Database } from '../../connection/database.js';
import { Databases } from '../../connection/databases.js';
import { type MigrationStatus } from '../run/migration-status.js';
import { Migrator } from '../run/migrator.js';
import { flagText, wordList } from './input.js';

const MARKS: Readonly<Record<MigrationStatus['status'], string>> = {
  applied: '[X]',
  pending: '[ ]',
  'broken-off': '[~]',
  'file-missing': '[?]',
};

/** Lists the migrations and which are applied. */
@Injectable()
@Command({
  name: 'showmigrations',
  description: 'List the migrations of each app and which are applied',
  arguments: [{ name: 'apps', description: 'only these apps', optional: true, variadic: true }],
  options: [
    { flags: '--plan', description: 'in the order in which they run' },
    { flags: '--json', description: 'as data' },
    { flags: '--database <alias>', description: 'which database', default: 'default' },
  ],
  checks: false,
})
export class ShowMigrationsCommand extends ManagementCommand {
  constructor(
    @Inject(Migrator) private readonly migrator: Migrator,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
    @Inject(Databases) private readonly databases: Databases,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<number> {
    const names = wordList(args['apps']).map((name) => this.apps.get(name).name);
    const wanted = (name: string) => names.length === 0 || names.includes(name);
    const database = this.databases.get(flagText(options['database']) ?? 'default');
    const all = await this.migrator.status(database.alias);
    const shown = all.filter(({ app }) => wanted(app));
    if (options['json'] === true) io.out(JSON.stringify(shown, null, 2));
    else if (options['plan'] === true) for (const each of shown) io.out(lineOf(each, `${each.app} `));
    else this.list(shown, wanted, database, io);
    return 0;
  }

  private list(
    shown: readonly MigrationStatus[],
    wanted: (name: string) => boolean,
    database: Database,
    io: CommandIo,
  ): void {
    const apps = [...new Set([...this.apps.all().map(({ name }) => name), ...shown.map(({ app }) => app)])];
    const here = new Set(this.migrator.appsOf(database).map(({ name }) => name));
    for (const app of apps.filter(wanted)) {
      const own = shown.filter((each) => each.app === app);
      io.out(app);
      if (own.length === 0) io.out(here.has(app) ? ' (no migrations)' : ` (not in the database "${database.alias}")`);
      for (const each of own) io.out(` ${lineOf(each)}`);
    }
  }
}

function lineOf({ name, status, changed, squashed, failure }: MigrationStatus, prefix = ''): string {
  const notes = [
    ...(squashed > 0 ? [`stands for ${squashed} migrations`] : []),
    ...(changed ? ['changed since it was applied'] : []),
    ...(status === 'broken-off' ? ['broken off: run migrate again'] : []),
    ...(failure === null ? [] : [failure]),
    ...(status === 'file-missing' ? ['applied, but there is no file'] : []),
  ];
  return `${MARKS[status]} ${prefix}${name}${notes.length > 0 ? `  (${notes.join('; ')})` : ''}`;
}
