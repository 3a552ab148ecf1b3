import { readFile } from 'node:fs/promises';

import { Inject, Injectable } from '@nestjs/common';

import { CommandError } from '#core';

import { AppRegistry } from '../../apps/app-registry.js';
import { migrationKey, type MigrationFile } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { loadMigrations } from '../files/migration-loader.js';
import { Migrator } from '../run/migrator.js';
import { changeFiles, type FileChange } from '../writer/change-files.js';
import { MigrationFolder } from '../writer/migration-folder.js';
import { latestChanges, latestOf } from './latest-files.js';
import { rebaseOf, type Rebase, type RebaseChoice, type RebasedFile } from './rebase.js';
import { withReferences } from './rebased-text.js';

/** The last migrations of an app, and what its file says of them. */
export interface RebaseCandidates {
  readonly leaves: readonly MigrationFile[];
  /** Where each comes from, by its name, as a conflict in the file tells: `HEAD`, a branch. */
  readonly labels: ReadonlyMap<string, string>;
}

/** Repairs histories in which two branches met, by putting one behind the other. */
@Injectable()
export class MigrationRebaser {
  constructor(
    @Inject(AppRegistry) private readonly apps: AppRegistry,
    @Inject(Migrator) private readonly migrator: Migrator,
  ) {}

  /** The branches of an app. */
  async candidates(app: string): Promise<RebaseCandidates> {
    const leaves = (await this.graph()).leavesOf(app);
    const note = (await latestOf(this.apps.get(app)))?.note;
    const sides = note?.kind === 'conflict' ? note.sides : [];
    return { leaves, labels: new Map(sides.map(({ name, label }) => [name, label])) };
  }

  /** What would change. @throws MigrationMergeError, CommandError when the files that move are applied somewhere */
  async plan(choice: RebaseChoice): Promise<Rebase> {
    const rebase = rebaseOf(await this.graph(), choice);
    const known = await this.migrator.knownIn();
    for (const { file } of rebase.moved) {
      const aliases = known.get(migrationKey(file));
      if (aliases) throw applied(file, aliases);
    }
    return rebase;
  }

  /** Renames the files, writes what they follow, and names the newest one: all of it or nothing. Returns the paths. */
  async apply(rebase: Rebase): Promise<readonly string[]> {
    const files = [...rebase.moved, ...rebase.followers];
    const changes = (await Promise.all(files.map((each) => this.changesOf(each)))).flat();
    const latest = await latestChanges(this.apps.get(rebase.app), rebase.newest);
    await changeFiles([...withoutClashes(changes), ...latest]);
    return changes.flatMap(({ path, text }) => (text === null ? [] : [path]));
  }

  private async changesOf({ file, name, references }: RebasedFile): Promise<readonly FileChange[]> {
    const folder = MigrationFolder.of(this.apps.get(file.app))!;
    const path = await folder.sourceOf(file.name);
    const text = withReferences(path, await readFile(path, 'utf8'), references);
    if (name === file.name) return folder.replaced(name, text);
    const renamed = path.replace(file.name, name);
    return [{ path: renamed, text, fresh: true }, ...(await folder.removed(file.name))];
  }

  private graph(): Promise<MigrationGraph> {
    return loadMigrations(this.apps.all());
  }
}

/** The new name of one file may be the old name of the next, which is then written over instead of deleted. */
function withoutClashes(changes: readonly FileChange[]): readonly FileChange[] {
  const gone = new Set(changes.filter(({ text }) => text === null).map(({ path }) => path));
  const written = changes.filter(({ text }) => text !== null);
  const taken = new Set(written.map(({ path }) => path));
  return [
    ...written.map((change) => (gone.has(change.path) ? { ...change, fresh: false } : change)),
    ...changes.filter(({ path, text }) => text === null && !taken.has(path)),
  ];
}

function applied(file: MigrationFile, aliases: readonly string[]): CommandError {
  return new CommandError(`${migrationKey(file)} is applied to "${aliases.join('", "')}" and cannot be renamed`, {
    hint: 'Take it back with the files as they were before the branches met, or let the other branch move',
  });
}
