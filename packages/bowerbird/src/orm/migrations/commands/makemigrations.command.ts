import { resolve } from 'node:path';

import { Inject, Injectable } from '@nestjs/common';

import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AppRegistry } from '../../apps/app-registry.js';
import { type NewMigration } from '../autodetector/assemble.js';
import { migrationKey } from '../files/migration-file.js';
import { loadMigrations } from '../files/migration-loader.js';
import { LATEST_FILE } from '../linear/latest-file.js';
import { MigrationLinter } from '../lint/migration-linter.js';
import { MigrationMaker } from '../run/migration-maker.js';
import { Migrator } from '../run/migrator.js';
import { MigrationSquasher } from '../run/squasher.js';
import { changeFiles } from '../writer/change-files.js';
import { MigrationFolder } from '../writer/migration-folder.js';
import { migrationSource } from '../writer/write-migration.js';
import { readAnswers } from './answers.js';
import { FlagDecisions } from './flag-decisions.js';
import { refuseIgnoredRenames } from './ignored-renames.js';
import { flagList, flagText, migrationNameFrom, wordList } from './input.js';
import { requireBuilt, writableFolder } from './writable-folder.js';
import { concernedApps, plannedFile, plannedLatest, type PlannedLatest } from './write-plan.js';

/** What the command is asked to write. */
interface Wish {
  readonly apps: readonly string[];
  readonly name: string | undefined;
  readonly decisions: FlagDecisions;
}

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
    { flags: '--merge', description: 'join branches of a history that know nothing of each other' },
    { flags: '--update', description: 'write into the last migration of the app, when it is applied nowhere' },
    { flags: '--name <name>', description: 'name after the number; made from the operations by default' },
    { flags: '--rename <from:to...>', description: 'a field or entity that was renamed: shop.Product.title:name' },
    {
      flags: '--replace <names...>',
      description: 'one that was removed and another added, or a field to make anew; "all" for every one',
    },
    { flags: '--fill <field=value...>', description: 'value for existing rows: shop.Product.sku="" or =sql:…' },
    { flags: '--any-order <names...>', description: 'branches that may touch the same: shop.0003_a+0003_b' },
    { flags: '--answers <file>', description: 'a JSON file with "rename", "replace", "fill" and "anyOrder"' },
    { flags: '--write-answers <file>', description: 'write the answers that were given into such a file' },
  ],
  checks: false,
})
export class MakeMigrationsCommand extends ManagementCommand {
  constructor(
    @Inject(MigrationMaker) private readonly maker: MigrationMaker,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
    @Inject(MigrationSquasher) private readonly squasher: MigrationSquasher,
    @Inject(Migrator) private readonly migrator: Migrator,
    @Inject(MigrationLinter) private readonly linter: MigrationLinter,
  ) {
    super();
  }

  async run(input: CommandInput, io: CommandIo): Promise<number> {
    const apps = wordList(input.args['apps']).map((name) => this.apps.get(name).name);
    await requireBuilt(this.apps.all());
    const wish = await this.wishOf(input, apps, io);
    const migrations = await this.make(input, wish);
    await this.keepAnswers(wish, flagText(input.options['writeAnswers']));
    if (!['update', 'merge', 'empty'].some((option) => input.options[option] === true)) await this.lint(migrations, io);
    const latest = await plannedLatest(
      concernedApps(this.apps, apps, migrations),
      migrations,
      await loadMigrations(this.apps.all()),
    );
    if (migrations.length + latest.length === 0) io.out('No changes detected.');
    if (input.options['check'] === true) return report(migrations, latest, io);
    if (input.options['dryRun'] === true) this.show(migrations, latest, io);
    else await this.write(migrations, latest, input.options['update'] === true, io);
    return 0;
  }

  private async wishOf({ options }: CommandInput, apps: readonly string[], io: CommandIo): Promise<Wish> {
    const answers = await readAnswers(flagText(options['answers']), {
      renames: flagList(options['rename']),
      replaced: flagList(options['replace']),
      fills: flagList(options['fill']),
      anyOrder: flagList(options['anyOrder']),
    });
    return { apps, name: migrationNameFrom(options['name']), decisions: new FlagDecisions(answers, io) };
  }

  private async make({ options }: CommandInput, wish: Wish): Promise<readonly NewMigration[]> {
    const { apps, name, decisions } = wish;
    if (options['empty'] === true) return this.makeEmpty(wish);
    const named = { apps, ...(name !== undefined && { name }) };
    if (options['merge'] === true) {
      return this.maker.merge((branches, question) => decisions.agreeToMerge(branches, question), named);
    }
    const found = await this.maker.missing(decisions, named);
    refuseIgnoredRenames(decisions.ignoredRenames, found);
    const wanted =
      apps.length > 0 ? found : found.filter(({ app }) => MigrationFolder.of(this.apps.get(app))?.writable);
    return options['update'] === true ? this.fold(wanted) : wanted;
  }

  private async makeEmpty({ apps, name }: Wish): Promise<readonly NewMigration[]> {
    if (apps.length === 0)
      throw new CommandError('--empty needs the name of an app', { hint: 'makemigrations shop --empty' });
    return Promise.all(apps.map((app) => this.maker.empty(app, name)));
  }

  /** What is missing, inside of the last file of each app. */
  private async fold(missing: readonly NewMigration[]): Promise<readonly NewMigration[]> {
    const folded: NewMigration[] = [];
    for (const app of new Set(missing.map((each) => each.app))) {
      const whole = await this.squasher.folded(
        app,
        missing.filter((each) => each.app === app),
      );
      await this.requireUnapplied(whole);
      folded.push(whole);
    }
    return folded;
  }

  private async requireUnapplied(migration: NewMigration): Promise<void> {
    const aliases = (await this.migrator.knownIn()).get(migrationKey(migration));
    if (!aliases) return;
    throw new CommandError(`${migrationKey(migration)} is applied to "${aliases.join('", "')}" and cannot be updated`, {
      hint: 'Write a new one, or take it back first',
    });
  }

  private async keepAnswers({ decisions }: Wish, path: string | undefined): Promise<void> {
    if (path !== undefined) await changeFiles([{ path: resolve(path), text: decisions.taken.text }]);
  }

  /** What somebody should know before the migrations run on tables that have rows. */
  private async lint(migrations: readonly NewMigration[], io: CommandIo): Promise<void> {
    for (const { app, name, findings } of await this.linter.ofNew(migrations)) {
      for (const { rule, operation, message, advice } of findings) {
        io.err(`${app} ${name}, ${operation}: ${message} [${rule}]`);
        io.err(`  → ${advice}`);
      }
    }
  }

  private show(migrations: readonly NewMigration[], latest: readonly PlannedLatest[], io: CommandIo): void {
    for (const migration of migrations) {
      describe(migration, io);
      io.out(`\n${migrationSource(migration, writableFolder(this.apps.get(migration.app)).door)}`);
    }
    for (const each of latest) tellLatest(each, io);
  }

  private async write(
    migrations: readonly NewMigration[],
    latest: readonly PlannedLatest[],
    update: boolean,
    io: CommandIo,
  ): Promise<void> {
    const files = await Promise.all(
      migrations.map((migration) => plannedFile(migration, this.apps.get(migration.app), update)),
    );
    await changeFiles([...files, ...latest].flatMap(({ changes }) => changes));
    for (const { migration, path, unlisted } of files) {
      describe(migration, io);
      io.out(`  ${path}`);
      if (unlisted) io.out('  Add it to `migrations` of the app.');
    }
    for (const each of latest) tellLatest(each, io);
  }
}

function describe({ app, name, operations }: NewMigration, io: CommandIo): void {
  io.out(`${app}: ${name}`);
  for (const { title } of operations) io.out(`  - ${title}`);
}

/** What a run that writes nothing has found, and its exit code. */
function report(migrations: readonly NewMigration[], latest: readonly PlannedLatest[], io: CommandIo): number {
  for (const { app, name, operations } of migrations) {
    io.out(`${app}: ${name} is missing`);
    for (const { title } of operations) io.out(`  - ${title}`);
  }
  const unnamed = latest.filter(({ app }) => !migrations.some((migration) => migration.app === app));
  for (const { app, newest } of unnamed) io.out(`${app}: ${LATEST_FILE} does not name ${newest ?? 'nothing'}`);
  return migrations.length + unnamed.length > 0 ? 1 : 0;
}

function tellLatest({ app, newest }: PlannedLatest, io: CommandIo): void {
  io.out(newest === undefined ? `${app}: ${LATEST_FILE} goes` : `${app}: ${LATEST_FILE} names ${newest}`);
}
