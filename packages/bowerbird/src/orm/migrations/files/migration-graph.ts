import { didYouMean } from '#core';

import {
  MigrationConflictError,
  MigrationDependencyError,
  MigrationHistoryError,
  UnknownMigrationError,
} from '../migrations.errors.js';
import { ProjectState } from '../state/project-state.js';
import { isMeant, lastNumber, migrationKey, referenceKey, type MigrationFile } from './migration-file.js';
import { Replacements } from './replacements.js';
import { replay } from './replay.js';

/** All migrations of all apps with what must come before what. */
export class MigrationGraph {
  /** Every migration that takes part, each after those that it needs. */
  readonly ordered: readonly MigrationFile[];
  private readonly replacements: Replacements;
  private readonly byKey: ReadonlyMap<string, MigrationFile>;
  private readonly parents: ReadonlyMap<string, readonly string[]>;
  private readonly children: ReadonlyMap<string, readonly string[]>;

  /**
   * @param files the migrations in the order of the apps, and by number inside of an app
   * @param originals keys of squashed migrations that step back for those that they replace
   * @throws MigrationDependencyError, MigrationHistoryError
   */
  constructor(
    readonly files: readonly MigrationFile[],
    private readonly originals: ReadonlySet<string> = new Set(),
  ) {
    this.replacements = new Replacements(files, originals);
    const { active } = this.replacements;
    this.byKey = new Map(active.map((file) => [migrationKey(file), file]));
    this.parents = this.parentsOfAll(active);
    this.children = reversed(this.parents);
    this.ordered = this.sort(active);
  }

  /** The same files with squashed migrations out of the way, so that those that they stand for take part. */
  without(...squashed: readonly string[]): MigrationGraph {
    return squashed.length === 0 ? this : new MigrationGraph(this.files, new Set([...this.originals, ...squashed]));
  }

  has(key: string): boolean {
    return this.byKey.has(key);
  }

  get(key: string): MigrationFile | undefined {
    return this.byKey.get(key);
  }

  /** The key of the migration that takes part for a key: itself, or the squashed one that stands for it. */
  standIn(key: string): string {
    return this.replacements.standIn(key);
  }

  /** The migrations of an app, first to last. */
  ofApp(app: string): readonly MigrationFile[] {
    return this.ordered.filter((file) => file.app === app);
  }

  /** The migrations of an app that no other one of it follows: one, unless branches met that are not merged. */
  leavesOf(app: string): readonly MigrationFile[] {
    return this.ofApp(app).filter(
      (file) => !this.followersOf(migrationKey(file)).some((key) => this.byKey.get(key)!.app === app),
    );
  }

  /** The last migration of an app. */
  leafOf(app: string): MigrationFile | undefined {
    return this.leavesOf(app).at(-1);
  }

  /** The highest number that an app has used; 0 before its first migration. */
  lastNumber(app: string): number {
    return Math.max(0, ...this.ofApp(app).map(lastNumber));
  }

  /** The apps with several last migrations. */
  get conflicts(): ReadonlyMap<string, readonly MigrationFile[]> {
    const apps = [...new Set(this.ordered.map(({ app }) => app))];
    return new Map(apps.map((app) => [app, this.leavesOf(app)] as const).filter(([, leaves]) => leaves.length > 1));
  }

  /** This graph, when every app has one last migration. @throws MigrationConflictError */
  get merged(): this {
    for (const [app, leaves] of this.conflicts) throw new MigrationConflictError(app, leaves);
    return this;
  }

  /** A migration by its name, the beginning of it (`0002`) or its number (`2`). @throws UnknownMigrationError */
  find(app: string, name: string): MigrationFile {
    const all = this.ofApp(app);
    const exact = all.find((file) => file.name === name);
    const matches = all.filter((file) => isMeant(file, name));
    const found = exact ?? (matches.length === 1 ? matches[0] : undefined);
    if (found) return found;
    throw new UnknownMigrationError(
      app,
      name,
      (matches.length > 0 ? matches : all).map((file) => file.name),
      matches.length > 0,
    );
  }

  /** The keys that must come before a migration. */
  requirementsOf(key: string): readonly string[] {
    return this.parents.get(key) ?? [];
  }

  /** The keys of those that build on a migration directly. */
  followersOf(key: string): readonly string[] {
    return this.children.get(key) ?? [];
  }

  /** Whether a migration is the first of its app, or of a branch that begins with nothing. */
  isInitial(file: MigrationFile): boolean {
    return !this.requirementsOf(migrationKey(file)).some((key) => this.byKey.get(key)!.app === file.app);
  }

  /** A migration and all that must come before it, in order. */
  upTo(key: string): readonly MigrationFile[] {
    return this.closure(key, (each) => this.requirementsOf(each));
  }

  /** A migration and all that build on it, in order. */
  from(key: string): readonly MigrationFile[] {
    return this.closure(key, (each) => this.followersOf(each));
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

  private parentsOfAll(active: readonly MigrationFile[]): ReadonlyMap<string, readonly string[]> {
    const ending = byLastNumber(active);
    const parents = new Map(active.map((file) => [migrationKey(file), [...this.parentsOf(file, ending)]]));
    for (const file of active) {
      for (const reference of file.migration.runBefore) {
        const later = this.require(file, referenceKey(reference));
        parents.get(later)!.push(migrationKey(file));
      }
    }
    return parents;
  }

  private parentsOf(file: MigrationFile, ending: FilesByLastNumber): readonly string[] {
    const own = migrationKey(file);
    const declared = file.migration.dependencies.map((reference) => this.require(file, referenceKey(reference)));
    const others = [...new Set(declared)].filter((key) => key !== own);
    const saysItself = file.migration.dependencies.some(([app]) => app === file.app);
    return saysItself ? others : [...previousOf(file, ending), ...others];
  }

  private require(file: MigrationFile, wanted: string): string {
    const key = this.standIn(wanted);
    if (this.byKey.has(key)) return key;
    throw new MigrationDependencyError(
      `${migrationKey(file)} depends on ${wanted}, which does not exist. ${didYouMean(wanted, this.byKey.keys())}`.trim(),
      { hint: 'Install the app that it belongs to, restore the file, or correct the name' },
    );
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

/** The migrations of each app and last number, such as `shop 2`. */
type FilesByLastNumber = ReadonlyMap<string, readonly MigrationFile[]>;

function byLastNumber(files: readonly MigrationFile[]): FilesByLastNumber {
  const ending = new Map<string, MigrationFile[]>();
  for (const file of files) {
    const key = `${file.app} ${lastNumber(file)}`;
    ending.set(key, [...(ending.get(key) ?? []), file]);
  }
  return ending;
}

/** The one with the number before, for a file that does not say which it follows. @throws MigrationHistoryError */
function previousOf(file: MigrationFile, ending: FilesByLastNumber): readonly string[] {
  if (file.number === 1) return [];
  const candidates = ending.get(`${file.app} ${file.number - 1}`) ?? [];
  if (candidates.length === 1) return [migrationKey(candidates[0]!)];
  if (candidates.length === 0) {
    throw new MigrationHistoryError(
      `App "${file.app}" has no migration of number ${file.number - 1} before ${file.name}`,
      { hint: 'Restore the file that is missing, or renumber the ones after it that are not applied anywhere' },
    );
  }
  throw new MigrationHistoryError(
    `${migrationKey(file)} does not say which one it follows: ${candidates.map(({ name }) => name).join(' or ')}`,
    { hint: `Write it into the file: dependencies: [['${file.app}', '${candidates[0]!.name}']]` },
  );
}

function reversed(parents: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  for (const [child, own] of parents) {
    for (const parent of own) children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  return children;
}

function circle(keys: readonly string[]): MigrationDependencyError {
  return new MigrationDependencyError(`Migrations depend on each other in a circle: ${keys.join(' → ')}`, {
    hint: 'Remove one of the dependencies, or split the migration that needs it',
  });
}
