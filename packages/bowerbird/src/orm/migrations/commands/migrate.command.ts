import { Inject, Injectable } from '@nestjs/common';

import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AppRegistry } from '../../apps/app-registry.js';
import { type PlannedMigration } from '../run/migration-plan.js';
import { Migrator, type MigrateOptions, type MigrateProgress } from '../run/migrator.js';
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
    { flags: '--fake', description: 'write migrations down as applied without running them' },
    { flags: '--database <alias>', description: 'which database', default: 'default' },
  ],
  checks: false,
})
export class MigrateCommand extends ManagementCommand {
  constructor(
    @Inject(Migrator) private readonly migrator: Migrator,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<number> {
    const [app, name] = [flagText(args['app']), flagText(args['migration'])];
    if (app !== undefined) this.requireMigrations(app);
    const target: MigrateOptions = {
      ...(app !== undefined && { app }),
      ...(name !== undefined && { name }),
      database: flagText(options['database']) ?? 'default',
      fake: options['fake'] === true,
    };
    if (options['plan'] === true) return this.showPlan(target, io);
    const done = await this.migrator.migrate({ ...target, progress: progressOn(io) });
    if (done.length === 0) io.out('Nothing to migrate.');
    await this.tellUnbuilt(io);
    return 0;
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

  private requireMigrations(name: string): void {
    if (!this.apps.get(name).migrations) throw new CommandError(`App "${name}" has no migrations`);
  }

  private async showPlan(target: MigrateOptions, io: CommandIo): Promise<number> {
    const plan = await this.migrator.plan(target);
    if (plan.length === 0) io.out('Nothing to migrate.');
    for (const { operations, ...planned } of plan) {
      io.out(`-- ${labelOf(planned)}`);
      for (const { title, steps } of operations) {
        io.out(`--   ${title}`);
        for (const step of steps) io.out(step.startsWith('--') ? step : `${step};`);
      }
    }
    return 0;
  }
}

function progressOn(io: CommandIo): MigrateProgress {
  return {
    waiting: () => io.err('Another process migrates this database; waiting for it…'),
    started: (planned) => io.out(labelOf(planned)),
    operation: (title) => io.out(`  - ${title}`),
    finished: (_planned, duration) => io.out(`  done in ${Math.round(duration)} ms`),
    changed: (key) => io.err(`Warning: ${key} says something else than when it was applied`),
  };
}

function labelOf({ file, direction }: PlannedMigration): string {
  return `${direction === 'forward' ? 'Applying' : 'Taking back'} ${file.app} ${file.name}`;
}
