import { CommandError } from '#core';

import { branchesOf, type Branch } from '../files/branches.js';
import {
  lastNumber,
  migrationKey,
  numberedName,
  referenceKey,
  replacedKeys,
  type MigrationFile,
} from '../files/migration-file.js';
import { MigrationGraph } from '../files/migration-graph.js';
import { Migration, type MigrationReference } from '../migration.js';
import { MigrationMergeError } from '../migrations.errors.js';
import { type ReferenceChanges } from './rebased-text.js';

/** A file that changes: its name, what it names, or both. */
export interface RebasedFile {
  readonly file: MigrationFile;
  /** Its name from now on. */
  readonly name: string;
  readonly references: ReferenceChanges;
}

/** A branch of an app's history that stands behind another one from now on. */
export interface Rebase {
  readonly app: string;
  readonly onto: MigrationFile;
  /** The files of the branch, first to last. */
  readonly moved: readonly RebasedFile[];
  /** Files that stay where they are and name some of them. */
  readonly followers: readonly RebasedFile[];
  /** The last migration of the app from now on. */
  readonly newest: string;
}

/** Which branch goes behind which. */
export interface RebaseChoice {
  readonly app: string;
  /** The last migration of the branch that moves. */
  readonly moved: MigrationFile;
  /** The last migration of the one that stays. */
  readonly onto: MigrationFile;
}

/**
 * Puts a branch behind another: its files get the next numbers, and the first of them follows the last one of the other.
 * @throws MigrationMergeError when the operations of the branch do not work there
 */
export function rebaseOf(graph: MigrationGraph, { app, moved, onto }: RebaseChoice): Rebase {
  const { files } = branchesOf(graph, app).find(({ leaf }) => leaf.name === moved.name)!;
  requireMovable(graph, files);
  const names = newNames(graph, files, onto);
  const going = new Set(files.map(migrationKey));
  const rebased = files.map((file): RebasedFile => ({
    file,
    name: names.get(migrationKey(file))![1],
    references: new Map(file.migration.dependencies.flatMap((each) => changeOf(each, app, { going, names, onto }))),
  }));
  const staying = graph.files.filter((file) => !going.has(migrationKey(file)));
  const result: Rebase = {
    app,
    onto,
    moved: rebased,
    followers: staying.flatMap((file) => following(file, names)),
    newest: rebased.at(-1)!.name,
  };
  requireReplay(graph, result);
  return result;
}

type NewNames = ReadonlyMap<string, MigrationReference>;

function newNames(graph: MigrationGraph, files: Branch['files'], onto: MigrationFile): NewNames {
  const before = graph.upTo(migrationKey(onto)).filter(({ app }) => app === onto.app);
  const start = Math.max(...before.map(lastNumber));
  return new Map(
    files.map((file, index) => {
      const name = numberedName(start + 1 + index, file.name.replace(/^\d+_/, ''));
      return [migrationKey(file), [file.app, name]];
    }),
  );
}

/** What the branch followed in its app is the other branch now; what moves along has another name. */
function changeOf(
  reference: MigrationReference,
  app: string,
  {
    going,
    names,
    onto,
  }: { readonly going: ReadonlySet<string>; readonly names: NewNames; readonly onto: MigrationFile },
): readonly (readonly [string, MigrationReference])[] {
  const key = referenceKey(reference);
  if (going.has(key)) return [[key, names.get(key)!]];
  return reference[0] === app ? [[key, [app, onto.name]]] : [];
}

function following(file: MigrationFile, names: NewNames): readonly RebasedFile[] {
  const named = [...file.migration.dependencies, ...file.migration.runBefore].map(referenceKey);
  const references = new Map(named.flatMap((key) => (names.has(key) ? [[key, names.get(key)!] as const] : [])));
  return references.size > 0 ? [{ file, name: file.name, references }] : [];
}

/** @throws CommandError for a file that stands for others, or for which another one stands */
function requireMovable(graph: MigrationGraph, files: Branch['files']): void {
  const going = new Set(files.map(migrationKey));
  const squashed = graph.files.find(
    (file) =>
      file.migration.replaces.length > 0 && [migrationKey(file), ...replacedKeys(file)].some((key) => going.has(key)),
  );
  if (!squashed) return;
  throw new CommandError(`${migrationKey(squashed)} stands for other migrations, and they cannot be renamed`, {
    hint: 'Let the other branch move, or join the two: makemigrations --merge',
  });
}

/** The history as it will be must work before a file of it is touched. @throws MigrationMergeError */
function requireReplay(graph: MigrationGraph, { app, onto, moved, followers }: Rebase): void {
  const changed = new Map([...moved, ...followers].map((each) => [migrationKey(each.file), each]));
  try {
    const all = graph.files.map((file) => rebasedFile(file, changed.get(migrationKey(file))));
    const apps = [...new Set(all.map((file) => file.app))];
    const byNumber = (one: MigrationFile, other: MigrationFile) => one.number - other.number;
    new MigrationGraph(apps.flatMap((name) => all.filter((file) => file.app === name).sort(byNumber))).stateOf();
  } catch (cause) {
    throw new MigrationMergeError(
      `What comes after ${onto.name} does not work behind it in "${app}": ${(cause as Error).message}`,
      { hint: 'Mend the migration that moves, or let the other branch move', cause },
    );
  }
}

function rebasedFile(file: MigrationFile, change: RebasedFile | undefined): MigrationFile {
  if (!change) return file;
  const named = (reference: MigrationReference) => change.references.get(referenceKey(reference)) ?? reference;
  const { dependencies, runBefore, ...rest } = file.migration;
  const migration = new Migration({
    ...rest,
    dependencies: dependencies.map(named),
    runBefore: runBefore.map(named),
  });
  return { ...file, name: change.name, number: Number.parseInt(change.name, 10), migration };
}
