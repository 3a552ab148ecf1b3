import { Inject, Injectable } from '@nestjs/common';

import {
  Command,
  CommandError,
  ManagementCommand,
  parseDuration,
  type CommandInput,
  type CommandIo,
  type Duration,
} from '#core';

import { AppRegistry, type AppDescription } from '../../apps/app-registry.js';
import { type Database } from '../../connection/database.js';
import { Databases } from '../../connection/databases.js';
import { LOCK_RETRIES, LOCK_TIMEOUT } from '../run/lock-wait.js';
import { type MigrateOptions, type MigrateProgress } from '../run/migrate-run.js';
import { type PlannedMigration } from '../run/migration-plan.js';
import { Migrator } from '../run/migrator.js';
import { statementLines } from '../run/statement-group.js';
import { MigrationFolder } from '../writer/migration-folder.js';
import { flagText } from './input.js';

/** Applies migrations, or takes them back. */
@Injectable()
@Command({
  name: 'migrate',
  description: 'Apply migrations to the database, or go back to an earlier one',
  arguments: [
    { name: 'app', description: 'only this app, and what it needs', optional: true },
    { name: 'migration', description: 'name or number to go to; "zero" for before the first', optional: true },
  ],
  options: [
    { flags: '--plan', description: 'show the statements instead of running them' },
    { flags: '--dry-run', description: 'the same as --plan' },
    { flags: '--check', description: 'run nothing; exit with 1 when something is to be done' },
    { flags: '--fake', description: 'write migrations down as applied without running them' },
    {
      flags: '--fake-initial',
      description: 'write first migrations down without running them where their tables are there and match',
    },
    { flags: '--force', description: 'drop tables and columns also while they have values' },
    {
      flags: '--lock-timeout <duration>',
      description: 'how long to wait for a table before others are let pass and it is tried again; 0s: for ever',
      default: '10s',
    },
    { flags: '--lock-retries <number>', description: 'how often it is tried again', default: '20' },
    {
      flags: '--verbosity <level>',
      description: '0: only problems; 1: what is done; 2: the batches of long work too, where there is no terminal',
      choices: ['0', '1', '2'],
      default: '1',
    },
    { flags: '--prune', description: 'forget applied migrations whose files are gone; run nothing' },
    { flags: '--database <alias>', description: 'which database', default: 'default' },
  ],
  checks: false,
})
export class MigrateCommand extends ManagementCommand {
  constructor(
    @Inject(Migrator) private readonly migrator: Migrator,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
    @Inject(Databases) private readonly databases: Databases,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<number> {
    const [app, name] = [flagText(args['app']), flagText(args['migration'])];
    const database = flagText(options['database']) ?? 'default';
    if (app !== undefined) requireMigrations(this.databases.get(database), this.apps.get(app));
    const target: MigrateOptions = {
      ...(app !== undefined && { app }),
      ...(name !== undefined && { name }),
      database,
      fake: options['fake'] === true,
      fakeInitial: options['fakeInitial'] === true,
      force: options['force'] === true,
      lockTimeout: durationFrom(options['lockTimeout']),
      lockRetries: countFrom(options['lockRetries']),
    };
    if (options['prune'] === true) return this.prune(app, target.database, io);
    if (options['check'] === true) return this.check(target, io);
    if (options['plan'] === true || options['dryRun'] === true) return this.showPlan(target, io);
    const verbosity = Number(flagText(options['verbosity']) ?? 1);
    const done = await this.migrator.migrate({ ...target, progress: progressOn(io, verbosity) });
    if (done.length === 0 && verbosity > 0) io.out('Nothing to migrate.');
    await this.tellUnbuilt(io);
    return 0;
  }

  private async prune(app: string | undefined, database: string | undefined, io: CommandIo): Promise<number> {
    const forgotten = await this.migrator.prune(app, database);
    if (forgotten.length === 0) io.out('Nothing to prune.');
    for (const key of forgotten) io.out(`Forgot ${key}, which has no file`);
    return 0;
  }

  private async check(target: MigrateOptions, io: CommandIo): Promise<number> {
    const plan = await this.migrator.plan(target);
    for (const planned of plan) io.out(labelOf(planned));
    return plan.length > 0 ? 1 : 0;
  }

  /** Files that are written but not compiled cannot run, and whoever wrote them expects that they did. */
  private async tellUnbuilt(io: CommandIo): Promise<void> {
    for (const app of this.apps.all()) {
      const unbuilt = (await MigrationFolder.of(app)?.differences())?.unbuilt ?? [];
      if (unbuilt.length > 0)
        io.err(
          `Warning: ${app.name} has migrations that are not compiled: ${unbuilt.join(', ')}. Build, then migrate.`,
        );
    }
  }

  private async showPlan(target: MigrateOptions, io: CommandIo): Promise<number> {
    const plan = await this.migrator.plan(target);
    if (plan.length === 0) io.out('Nothing to migrate.');
    for (const { operations, recorded, elsewhere, ...planned } of plan) {
      io.out(`-- ${labelOf(planned)}`);
      if (recorded) io.out('--   only written down: its tables are there already');
      else if (elsewhere) io.out('--   only written down: nothing of it is in this database');
      for (const line of statementLines(operations)) io.out(line);
    }
    return 0;
  }
}

/** @throws CommandError for an app that has no migrations, or has nothing in the database */
function requireMigrations({ alias, placement }: Database, app: AppDescription): void {
  if (!app.migrations) throw new CommandError(`App "${app.name}" has no migrations`);
  const homes = placement.homesOfApp(app);
  if (homes.includes(alias)) return;
  throw new CommandError(`The database "${alias}" has nothing of the app "${app.name}"`, {
    hint: homes.map((home) => `migrate ${app.name} --database ${home}`).join(', or '),
  });
}

/** Batches are shown where somebody watches a terminal, or asks for them: in a log they are noise. */
function progressOn(io: CommandIo, verbosity: number): MigrateProgress {
  const problems: MigrateProgress = {
    waiting: () => io.err('Another process migrates this database; waiting for it…'),
    locked: () => io.err('  A table is in use; letting others pass, then trying again…'),
    changed: (key) => io.err(`Warning: ${key} says something else than when it was applied`),
  };
  if (verbosity === 0) return problems;
  return {
    ...problems,
    started: (planned) => io.out(labelOf(planned)),
    operation: (title) => io.out(`  - ${title}`),
    recorded: () => io.out('  only written down: its tables are there already'),
    elsewhere: () => io.out('  only written down: nothing of it is in this database'),
    finished: (_planned, duration) => io.out(`  done in ${Math.round(duration)} ms`),
    ...((io.interactive || verbosity > 1) && {
      batch: (_title, { batch, rows, total }) => io.progress(`    batch ${batch}`, rows, total),
    }),
  };
}

function labelOf({ file, direction }: PlannedMigration): string {
  return `${direction === 'forward' ? 'Applying' : 'Taking back'} ${file.app} ${file.name}`;
}

function countFrom(value: unknown): number {
  const text = flagText(value) ?? String(LOCK_RETRIES);
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new CommandError(`"${text}" is no number of retries`, { hint: 'A whole number; 0: try once' });
}

function durationFrom(value: unknown): Duration {
  const text = flagText(value) ?? LOCK_TIMEOUT;
  if (parseDuration(text) !== undefined) return text as Duration;
  throw new CommandError(`"${text}" is no duration`, { hint: 'Write one as 500ms, 10s or 2m' });
}
