import { Inject, Injectable } from '@nestjs/common';

import { CommandError } from '#core';

import { AppRegistry } from '../../apps/app-registry.js';
import { type NewMigration } from '../autodetector/assemble.js';
import { lastNumber, migrationKey, numberedName, referenceKey, type MigrationFile } from '../files/migration-file.js';
import { MigrationGraph } from '../files/migration-graph.js';
import { loadMigrations } from '../files/migration-loader.js';
import { Migration, type MigrationReference } from '../migration.js';
import { type Operation } from '../operations/operation.js';
import { optimize } from '../optimizer/optimize.js';
import { type ProjectState } from '../state/project-state.js';
import { BorrowedOperation, carriesCode } from '../writer/borrowed-operation.js';
import { type SquashedParts } from '../writer/write-migration.js';

/** Which migrations of an app become one. */
export interface SquashRange {
  readonly app: string;
  /** The first; that of the app by default. */
  readonly from?: string;
  readonly to: string;
  /** What comes after the numbers in the name of the new file. */
  readonly name?: string;
  /** False: keep every operation as it is. */
  readonly optimized?: boolean;
}

/** A migration that stands for others, and what was made of how many operations. */
export interface Squash {
  readonly migration: NewMigration;
  readonly parts: SquashedParts;
  readonly operationsBefore: number;
}

/** Makes shorter migrations of longer ones. No database is asked. */
@Injectable()
export class MigrationSquasher {
  constructor(@Inject(AppRegistry) private readonly apps: AppRegistry) {}

  /** One migration that does what several do. @throws MigrationDependencyError when something else must come between them */
  async squash({ app, from, to, name, optimized = true }: SquashRange): Promise<Squash> {
    const graph = (await this.graph()).merged;
    const files = rangeOf(graph, app, from, to);
    const { replaced, operations } = contentsOf(files);
    const draft: NewMigration = {
      app,
      name: numberedName(files[0]!.number, squashedName(files, name)),
      dependencies: dependenciesOf(files),
      operations,
    };
    const kept = operations.filter(({ elidable }) => !elidable);
    const shorter = optimized ? optimize(kept, { app, base: baseOf(graph, draft, replaced) }) : operations;
    graphWith(graph, { ...draft, operations: shorter }, replaced).merged.stateOf();
    const borrowed = borrow(shorter, files);
    return {
      migration: { ...draft, operations: borrowed.operations },
      parts: { replaces: replaced, imports: borrowed.imports },
      operationsBefore: operations.length,
    };
  }

  /** A migration with fewer operations; null when there is nothing to save. @throws CommandError */
  async optimized(app: string, name: string): Promise<NewMigration | null> {
    const graph = (await this.graph()).merged;
    const file = graph.find(app, name);
    const { operations, replaces, runBefore, atomic, dependencies } = file.migration;
    requirePrintable(file);
    if (replaces.length > 0 || runBefore.length > 0 || !atomic) {
      throw new CommandError(`${migrationKey(file)} says more than operations, and is not rewritten`, {
        hint: 'Shorten it by hand',
      });
    }
    const shorter = optimize(operations, { app, base: stateBefore(graph, file) });
    return shorter.length === operations.length ? null : { app, name: file.name, dependencies, operations: shorter };
  }

  /** The last migration of an app with what is missing folded into it. @throws CommandError */
  async folded(app: string, missing: readonly NewMigration[]): Promise<NewMigration> {
    const graph = (await this.graph()).merged;
    const last = graph.leafOf(app);
    if (!last)
      throw new CommandError(`App "${app}" has no migration to update`, { hint: `Run: makemigrations ${app}` });
    const followers = graph.followersOf(migrationKey(last));
    if (followers.length > 0) {
      throw new CommandError(`${migrationKey(last)} cannot be updated: ${followers.join(', ')} follows it`);
    }
    requirePrintable(last);
    const own = new Set([last, ...missing].map(migrationKey));
    const references = [...last.migration.dependencies, ...missing.flatMap(({ dependencies }) => dependencies)];
    const operations = [...last.migration.operations, ...missing.flatMap((each) => each.operations)];
    return {
      app,
      name: last.name,
      dependencies: unique(references.filter((reference) => !own.has(referenceKey(reference)))),
      operations: optimize(operations, { app, base: stateBefore(graph, last) }),
    };
  }

  private graph(): Promise<MigrationGraph> {
    return loadMigrations(this.apps.all());
  }
}

/** The migrations of an app between two, both included. @throws CommandError */
function rangeOf(graph: MigrationGraph, app: string, from: string | undefined, to: string): readonly MigrationFile[] {
  const end = migrationKey(graph.find(app, to));
  const before = graph.upTo(end).filter((file) => file.app === app);
  const later = from === undefined ? before : graph.from(migrationKey(graph.find(app, from)));
  const files = before.filter((file) => later.includes(file));
  if (files.length < 2) {
    throw new CommandError(`There are no two migrations of "${app}" in that range`, {
      hint: `squashmigrations ${app} [first] <last>`,
    });
  }
  return files;
}

function contentsOf(files: readonly MigrationFile[]): {
  readonly replaced: readonly string[];
  readonly operations: readonly Operation[];
} {
  const odd = files.find(({ migration }) => !migration.atomic || migration.runBefore.length > 0);
  if (odd) {
    throw new CommandError(`${migrationKey(odd)} says atomic: false or runBefore, and stays a file of its own`, {
      hint: 'Squash what comes before it and what comes after it',
    });
  }
  return {
    replaced: files.map(({ name }) => name),
    operations: files.flatMap(({ migration }) => migration.operations),
  };
}

function stateBefore(graph: MigrationGraph, file: MigrationFile): ProjectState {
  const earlier = new Set(graph.upTo(migrationKey(file)).filter((each) => each !== file));
  return graph.stateOf((each) => earlier.has(each));
}

function dependenciesOf(files: readonly MigrationFile[]): readonly MigrationReference[] {
  const own = new Set(files.map(migrationKey));
  const declared = files.flatMap(({ migration }) => migration.dependencies);
  return unique(declared.filter((reference) => !own.has(referenceKey(reference))));
}

function unique(references: readonly MigrationReference[]): readonly MigrationReference[] {
  return [...new Map(references.map((reference) => [referenceKey(reference), reference])).values()];
}

function squashedName(files: readonly MigrationFile[], given: string | undefined): string {
  const last = files.at(-1)!;
  const end = Math.max(...files.map(lastNumber));
  return `squashed_${numberedName(end, given ?? last.name.replace(/^\d+_/, ''))}`;
}

/** Code cannot be written anew: it is taken from the file in which it stands. */
function borrow(
  operations: readonly Operation[],
  files: readonly MigrationFile[],
): { readonly operations: readonly Operation[]; readonly imports: NonNullable<SquashedParts['imports']> } {
  const imports = new Map<string, string>();
  const borrowed = operations.map((operation) => {
    if (!carriesCode(operation)) return operation;
    const owner = files.find(({ migration }) => migration.operations.includes(operation))!;
    const name = `from${owner.name.slice(0, owner.name.indexOf('_'))}`;
    imports.set(name, owner.name);
    return new BorrowedOperation(operation, name, owner.migration.operations.indexOf(operation));
  });
  return { operations: borrowed, imports: [...imports].map(([name, file]) => ({ name, file })) };
}

function requirePrintable(file: MigrationFile): void {
  if (!file.migration.operations.some(carriesCode)) return;
  throw new CommandError(`${migrationKey(file)} contains code, which cannot be written anew`, {
    hint: 'Change the file by hand',
  });
}

/** The graph with a squashed migration in it. @throws MigrationDependencyError when another one must come into its middle */
function graphWith(
  graph: MigrationGraph,
  { app, name, dependencies, operations }: NewMigration,
  replaces: readonly string[],
): MigrationGraph {
  const migration = new Migration({ dependencies, replaces, operations });
  const file: MigrationFile = { app, name, number: Number.parseInt(name, 10), url: new URL('file:///'), migration };
  const index = graph.files.findIndex((each) => each.app === app);
  return new MigrationGraph([...graph.files.slice(0, index), file, ...graph.files.slice(index)]);
}

function baseOf(graph: MigrationGraph, draft: NewMigration, replaces: readonly string[]): ProjectState {
  const whole = graphWith(graph, draft, replaces);
  const earlier = new Set(whole.upTo(migrationKey(draft)).map(migrationKey));
  return whole.stateOf((file) => earlier.has(migrationKey(file)) && migrationKey(file) !== migrationKey(draft));
}
