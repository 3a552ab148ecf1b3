import { Inject, Injectable } from '@nestjs/common';

import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AppRegistry } from '../../apps/app-registry.js';
import { isMeant, type MigrationFile } from '../files/migration-file.js';
import { type Rebase } from '../linear/rebase.js';
import { MigrationRebaser, type RebaseCandidates } from '../linear/rebaser.js';
import { MigrationQuestionError, UnknownMigrationError } from '../migrations.errors.js';
import { flagText } from './input.js';
import { requireBuilt, writableFolder } from './writable-folder.js';

/** Puts one branch of an app's history behind the other. */
@Injectable()
@Command({
  name: 'rebasemigrations',
  description: 'Put one branch of an app behind the other, when both bring a last migration',
  arguments: [
    { name: 'app', description: 'the app' },
    {
      name: 'migration',
      description: 'the last migration of the branch that moves; asked when left out',
      optional: true,
    },
  ],
  options: [
    {
      flags: '--onto <migration>',
      description: 'the last migration of the branch that stays, where there are several',
    },
    { flags: '--dry-run', description: 'show the new names instead of writing them' },
  ],
  checks: false,
})
export class RebaseMigrationsCommand extends ManagementCommand {
  constructor(
    @Inject(MigrationRebaser) private readonly rebaser: MigrationRebaser,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<void> {
    const app = this.apps.get(flagText(args['app']) ?? '');
    const folder = writableFolder(app);
    await requireBuilt(this.apps.all());
    const candidates = await this.rebaser.candidates(app.name);
    requireBranches(app.name, candidates);
    const moved = await movedBranch(app.name, candidates, flagText(args['migration']), io);
    const onto = stayingBranch(app.name, candidates, moved, flagText(options['onto']));
    const rebase = await this.rebaser.plan({ app: app.name, moved, onto });
    const paths = options['dryRun'] === true ? [] : await this.rebaser.apply(rebase);
    tell(rebase, paths, io);
    if (folder.isListed) io.out('  Change the names in `migrations` of the app.');
  }
}

function requireBranches(app: string, { leaves }: RebaseCandidates): void {
  if (leaves.length > 1) return;
  throw new CommandError(
    `App "${app}" has no branches: ${leaves[0]?.name ?? 'no migration'} is its only last migration`,
    {
      hint: `Where latest.txt names another one: makemigrations ${app}`,
    },
  );
}

/** The branch that goes behind the other: the one that was named, or what somebody answers. */
async function movedBranch(
  app: string,
  { leaves, labels }: RebaseCandidates,
  said: string | undefined,
  io: CommandIo,
): Promise<MigrationFile> {
  if (said !== undefined) return leafOf(app, leaves, said);
  const names = leaves.map(({ name }) => (labels.has(name) ? `${name} (${labels.get(name)})` : name));
  const question = `Which one moves behind the other: ${names.join(' or ')}?`;
  const hint = `Name the one that is applied nowhere: rebasemigrations ${app} ${leaves.at(-1)!.name}`;
  const answer = io.interactive ? (await io.ask(question, { fallback: '' })).trim() : '';
  if (answer === '') throw new MigrationQuestionError(question, { hint });
  return leafOf(app, leaves, answer);
}

function stayingBranch(
  app: string,
  { leaves }: RebaseCandidates,
  moved: MigrationFile,
  said: string | undefined,
): MigrationFile {
  const others = leaves.filter((leaf) => leaf !== moved);
  if (said !== undefined) return leafOf(app, others, said);
  if (others.length === 1) return others[0]!;
  throw new CommandError(`App "${app}" has several branches besides ${moved.name}`, {
    hint: `Say behind which: --onto ${others.map(({ name }) => name).join(' or ')}`,
  });
}

function leafOf(app: string, leaves: readonly MigrationFile[], said: string): MigrationFile {
  const matches = leaves.filter((leaf) => isMeant(leaf, said));
  const found = leaves.find(({ name }) => name === said) ?? (matches.length === 1 ? matches[0] : undefined);
  if (found) return found;
  throw new UnknownMigrationError(
    app,
    said,
    leaves.map(({ name }) => name),
    matches.length > 1,
  );
}

function tell({ app, onto, moved }: Rebase, paths: readonly string[], io: CommandIo): void {
  io.out(`${app}: ${moved[0]!.name} follows ${onto.name}`);
  for (const { file, name } of moved) if (file.name !== name) io.out(`  - ${file.name} is ${name}`);
  for (const path of paths) io.out(`  ${path}`);
}
