import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { Inject, Injectable } from '@nestjs/common';

import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { flagList, flagText } from '../migrations/commands/input.js';
import { Inspector, type Inspection } from './inspector.js';
import { moduleName } from './model/names.js';
import { formatSources } from './write/format-sources.js';

const APP_NAME = /^[a-z][a-z0-9_]{0,31}$/;

/** Writes an app for the tables of a database that was there before. */
@Injectable()
@Command({
  name: 'inspectdb',
  description: 'Write entities, an app and its first migration for the tables that a database has',
  options: [
    { flags: '--app <name>', description: 'name of the app', default: 'legacy' },
    { flags: '--output <folder>', description: 'folder for the files; src/<app> by default' },
    { flags: '--table <patterns...>', description: 'only these tables; * and ? stand for letters' },
    { flags: '--exclude <patterns...>', description: 'not these tables' },
    { flags: '--views', description: 'views as well, as entities that migrations leave alone' },
    { flags: '--schema <names...>', description: 'schemas of PostgreSQL; that of the connection by default' },
    { flags: '--database <alias>', description: 'which database', default: 'default' },
    { flags: '--dry-run', description: 'show the files instead of writing them' },
  ],
  checks: false,
})
export class InspectDbCommand extends ManagementCommand {
  constructor(@Inject(Inspector) private readonly inspector: Inspector) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<number> {
    const app = appName(flagText(options['app']) ?? 'legacy');
    const folder = resolve(flagText(options['output']) ?? join('src', app));
    const schemas = flagList(options['schema']).flatMap((names) => names.split(',').filter(Boolean));
    const found = await this.inspector.inspect({
      app,
      database: flagText(options['database']) ?? 'default',
      tables: flagList(options['table']),
      exclude: flagList(options['exclude']),
      views: options['views'] === true,
      schemas,
    });
    if (found.app.entities.length === 0) {
      throw new CommandError('There is no table to inspect', {
        hint: 'Compare --table, --exclude and --schema with the database',
      });
    }
    if (options['dryRun'] === true) show(found, io);
    else await write(found, folder, io);
    report(found, io);
    return 0;
  }
}

function appName(name: string): string {
  if (APP_NAME.test(name)) return name;
  throw new CommandError(`"${name}" is no name for an app`, {
    hint: 'Small letters, digits and _, beginning with a letter',
  });
}

function show({ files }: Inspection, io: CommandIo): void {
  for (const { path, text } of files) io.out(`// ${path}\n\n${text}`);
}

/** Files of people are never written over: the folder must be new or empty. */
async function write(found: Inspection, folder: string, io: CommandIo): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new CommandError(`${folder} is not empty`, {
      hint: 'Give another folder with --output, or move what is there',
    });
  }
  for (const { path, text } of await formatSources(found.files, folder)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, { flag: 'wx' });
    io.out(target);
  }
}

function report({ app }: Inspection, io: CommandIo): void {
  const relations = app.entities.reduce((sum, { references, pairs }) => sum + references.length + pairs.length, 0);
  io.out(`${app.entities.length} entities, ${relations} relations, ${app.enums.length} enums.`);
  if (app.notes.length > 0) io.out('Look at these:');
  for (const note of app.notes) io.out(`  - ${note}`);
  const database = app.database === 'default' ? '' : ` --database ${app.database}`;
  io.out(`Next: add ${moduleName(app.name)} to settings.apps, build, then run: migrate ${app.name}${database} --fake`);
}
