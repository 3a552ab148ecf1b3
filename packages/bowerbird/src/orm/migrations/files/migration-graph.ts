import { didYouMean } from '#core';

import { MigrationDependencyError, UnknownMigrationError } from '../migrations.errors.js';
import { ProjectState } from '../state/project-state.js';
import { migrationKey, referenceKey, type MigrationFile } from './migration-file.js';
import { replay } from './replay.js';

/** All migrations of all apps with what must come before what. */
export class MigrationGraph {
  /** Every migration, each after those that it needs. */
  readonly ordered: readonly MigrationFile[];
  private readonly byKey: ReadonlyMap<string, MigrationFile>;
  private readonly parents: ReadonlyMap<string, readonly string[]>;

  /** @param files the migrations in the order of the apps, and by number inside of an app. @throws MigrationDependencyError */
  constructor(files: readonly MigrationFile[]) {
    this.byKey = new Map(files.map((file) => [migrationKey(file), file]));
    this.parents = new Map(files.map((file) => [migrationKey(file), this.parentsOf(file, files)]));
    this.ordered = this.sort(files);
  }

  has(key: string): boolean {
    return this.byKey.has(key);
  }

  get(key: string): MigrationFile | undefined {
    return this.byKey.get(key);
  }

  /** The migrations of an app, first to last. */
  ofApp(app: string): readonly MigrationFile[] {
    return this.ordered.filter((file) => file.app === app);
  }

  /** The last migration of an app. */
  leafOf(app: string): MigrationFile | undefined {
    return this.ofApp(app).at(-1);
  }

  /** A migration by its name or the beginning of it (`0002`). @throws UnknownMigrationError */
  find(app: string, name: string): MigrationFile {
    const all = this.ofApp(app);
    const exact = all.find((file) => file.name === name);
    const matches = all.filter((file) => file.name.startsWith(name));
    const found = exact ?? (matches.length === 1 ? matches[0] : undefined);
    if (found) return found;
    throw new UnknownMigrationError(
      app,
      name,
      all.map((file) => file.name),
    );
  }

  /** The keys that must come before a migration. */
  requirementsOf(key: string): readonly string[] {
    return this.parents.get(key) ?? [];
  }

  /** A migration and all that must come before it, in order. */
  upTo(key: string): readonly MigrationFile[] {
    return this.closure(key, (each) => this.requirementsOf(each));
  }

  /** A migration and all that build on it, in order. */
  from(key: string): readonly MigrationFile[] {
    const children = new Map<string, string[]>();
    for (const [child, parents] of this.parents) {
      for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), child]);
    }
    return this.closure(key, (each) => children.get(each) ?? []);
  }

  /** The state after all of these migrations (every one when not said). */
  stateOf(included: (file: MigrationFile) => boolean = () => true): ProjectState {
    return this.ordered.filter(included).reduce(replay, ProjectState.empty);
  }

  private closure(start: string, next: (key: string) => readonly string[]): readonly MigrationFile[] {
    const reached = new Set<string>([start]);
    for (const key of reached) for (const other of next(key)) reached.add(other);
    return this.ordered.filter((file) => reached.has(migrationKey(file)));
  }

  private parentsOf(file: MigrationFile, files: readonly MigrationFile[]): readonly string[] {
    const same = files.filter(({ app }) => app === file.app);
    const previous = same[same.indexOf(file) - 1];
    const declared = file.migration.dependencies.map((reference) => {
      const key = referenceKey(reference);
      if (this.byKey.has(key)) return key;
      throw new MigrationDependencyError(
        `${migrationKey(file)} depends on ${key}, which does not exist. ${didYouMean(key, this.byKey.keys())}`.trim(),
        { hint: 'Install the app that it belongs to, restore the file, or correct the name' },
      );
    });
    return [...(previous ? [migrationKey(previous)] : []), ...declared];
  }

  private sort(files: readonly MigrationFile[]): readonly MigrationFile[] {
    const done = new Set<string>();
    const sorted: MigrationFile[] = [];
    const visit = (file: MigrationFile, trail: readonly string[]): void => {
      const key = migrationKey(file);
      if (done.has(key)) return;
      if (trail.includes(key)) throw circle([...trail.slice(trail.indexOf(key)), key]);
      for (const parent of this.requirementsOf(key)) visit(this.byKey.get(parent)!, [...trail, key]);
      done.add(key);
      sorted.push(file);
    };
    for (const file of files) visit(file, []);
    return sorted;
  }
}

function circle(keys: readonly string[]): MigrationDependencyError {
  return new MigrationDependencyError(`Migrations depend on each other in a circle: ${keys.join(' → ')}`, {
    hint: 'Remove one of the dependencies, or split the migration that needs it',
  });
}
