import { type MigrationGraph } from '../files/migration-graph.js';
import { type MigrationReference } from '../migration.js';
import { MigrationDependencyError } from '../migrations.errors.js';
import { type Operation } from '../operations/operation.js';
import { type Change } from './change.js';
import { migrationName } from './migration-name.js';

/** A migration that is to be written. */
export interface NewMigration {
  readonly app: string;
  readonly name: string;
  readonly dependencies: readonly MigrationReference[];
  readonly operations: readonly Operation[];
}

/**
 * Cuts the changes into migrations: one per app where that is possible, more where two apps need each other.
 * @throws MigrationDependencyError
 */
export function assemble(changes: readonly Change[], graph: MigrationGraph, name?: string): readonly NewMigration[] {
  const left = new Map<string, Change[]>();
  for (const change of changes) left.set(change.app, [...(left.get(change.app) ?? []), change]);
  const written = new Written(changes, graph);
  while (left.size > 0) {
    const [app, chunk] = nextChunk(left, written);
    written.add(app, chunk, name);
    const rest = left.get(app)!.slice(chunk.length);
    if (rest.length > 0) left.set(app, rest);
    else left.delete(app);
  }
  return written.migrations;
}

/** The app whose changes can all be made now; else as many of the first one as can. */
function nextChunk(left: ReadonlyMap<string, Change[]>, written: Written): readonly [string, readonly Change[]] {
  const possible = [...left].map(([app, changes]) => [app, written.possible(app, changes)] as const);
  const chunk =
    possible.find(([app, changes]) => changes.length === left.get(app)!.length) ??
    possible.find(([, changes]) => changes.length > 0);
  if (!chunk) throw new MigrationDependencyError(`These apps need each other: ${[...left.keys()].join(', ')}`);
  return chunk;
}

/** The migrations so far, and which changes they contain. */
class Written {
  readonly migrations: NewMigration[] = [];
  private readonly providers: ReadonlyMap<string, Change>;
  private readonly homes = new Map<Change, MigrationReference>();

  constructor(
    changes: readonly Change[],
    private readonly graph: MigrationGraph,
  ) {
    this.providers = new Map(changes.flatMap((change) => change.provides.map((key) => [key, change] as const)));
  }

  /** The changes from the first on that need nothing but what is written, or what comes before them. */
  possible(app: string, changes: readonly Change[]): readonly Change[] {
    const end = changes.findIndex((change) =>
      this.needs(change).some((other) => other.app !== app && !this.homes.has(other)),
    );
    return end === -1 ? changes : changes.slice(0, end);
  }

  add(app: string, changes: readonly Change[], givenName: string | undefined): void {
    const number = this.lastNumber(app) + 1;
    const operations = changes.map(({ operation }) => operation);
    const name = `${String(number).padStart(4, '0')}_${givenName ?? migrationName(operations, number === 1)}`;
    const dependencies = this.dependenciesOf(app, changes);
    this.migrations.push({ app, name, dependencies, operations });
    for (const change of changes) this.homes.set(change, [app, name]);
  }

  private needs({ requires }: Change): readonly Change[] {
    return requires.flatMap((key) => this.providers.get(key) ?? []);
  }

  private dependenciesOf(app: string, changes: readonly Change[]): readonly MigrationReference[] {
    const found = new Map<string, MigrationReference>();
    for (const change of changes) {
      const homes = this.needs(change).map((other) => this.homes.get(other));
      const leaves = change.refersTo.map((key) => this.leafOf(key.split('.')[0]!));
      for (const reference of [...homes, ...leaves].filter((each) => each !== undefined)) {
        const [other, name] = reference;
        const known = found.get(other)?.[1] ?? '';
        if (other !== app && name > known) found.set(other, reference);
      }
    }
    return [...found.values()].sort(([left], [right]) => left.localeCompare(right));
  }

  /** The last migration of an app: one that is written now, or its last file. */
  private leafOf(app: string): MigrationReference | undefined {
    const name = this.migrations.findLast((each) => each.app === app)?.name ?? this.graph.leafOf(app)?.name;
    return name === undefined ? undefined : [app, name];
  }

  private lastNumber(app: string): number {
    const now = this.migrations.findLast((each) => each.app === app);
    return now ? Number.parseInt(now.name, 10) : this.graph.lastNumber(app);
  }
}
