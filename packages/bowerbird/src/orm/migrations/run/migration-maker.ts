import { Inject, Injectable } from '@nestjs/common';

import { AppRegistry, type AppDescription } from '../../apps/app-registry.js';
import { Descriptions } from '../../describe/descriptions.js';
import { assemble, type NewMigration } from '../autodetector/assemble.js';
import { type Decisions } from '../autodetector/decisions.js';
import { detectChanges } from '../autodetector/detect-changes.js';
import { numberedName, type MigrationFile } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { loadMigrations } from '../files/migration-loader.js';
import { replay } from '../files/replay.js';
import { Migration, type MigrationReference } from '../migration.js';
import { describeState } from '../state/describe-state.js';
import { ProjectState } from '../state/project-state.js';
import { mergeOf, type AgreeToMerge } from './merge-of.js';

/** What to compare and how to name the result. */
export interface MakeOptions {
  /** Only these apps, and those that they need; all by default. */
  readonly apps?: readonly string[];
  /** The name after the number; made from the operations by default. */
  readonly name?: string;
}

/** Compares the entities with the migration files. No database is asked. */
@Injectable()
export class MigrationMaker {
  constructor(
    @Inject(AppRegistry) private readonly apps: AppRegistry,
    @Inject(Descriptions) private readonly descriptions: Descriptions,
  ) {}

  /** The migrations that are missing. @throws MigrationQuestionError when a decision is needed and nobody makes it */
  async missing(decisions: Decisions, { apps, name }: MakeOptions = {}): Promise<readonly NewMigration[]> {
    const all = this.apps.all().filter(({ migrations }) => migrations);
    const graph = (await loadMigrations(all)).merged;
    const found: NewMigration[] = [];
    // One after the other: a person is asked one question at a time.
    for (const alias of this.databases()) found.push(...(await this.missingOf(alias, all, graph, decisions, name)));
    return apps === undefined || apps.length === 0 ? found : withNeeded(found, apps);
  }

  /** An empty migration after the last one of an app. */
  async empty(app: string, name = 'custom'): Promise<NewMigration> {
    const graph = (await loadMigrations(this.apps.all())).merged;
    const dependencies = ownReference(graph.leafOf(this.apps.get(app).name));
    return { app, name: numberedName(graph.lastNumber(app) + 1, name), dependencies, operations: [] };
  }

  /**
   * The migrations that join branches of these apps (of every app when none is named) which know nothing of each other.
   * @throws MigrationMergeError when the order of the branches matters
   */
  async merge(agree: AgreeToMerge, { apps, name }: MakeOptions = {}): Promise<readonly NewMigration[]> {
    const graph = await loadMigrations(this.apps.all());
    const wanted = [...graph.conflicts.keys()].filter((app) => !apps?.length || apps.includes(app));
    const merges: NewMigration[] = [];
    for (const app of wanted) merges.push(await mergeOf(graph, app, agree, name));
    return merges;
  }

  private databases(): readonly string[] {
    return [...new Set(this.apps.all().map(({ database }) => database))];
  }

  private async missingOf(
    alias: string,
    all: readonly AppDescription[],
    graph: MigrationGraph,
    decisions: Decisions,
    name: string | undefined,
  ): Promise<readonly NewMigration[]> {
    const names = new Set(all.filter(({ database }) => database === alias).map((app) => app.name));
    const recorded = graph.stateOf(({ app }) => names.has(app));
    const wanted = describeState(
      this.descriptions.all().filter(({ app }) => names.has(app)),
      (target) => (this.descriptions.has(target) ? this.descriptions.of(target) : undefined),
    );
    const changes = await detectChanges(recorded, wanted, decisions);
    const migrations = withPrevious(assemble(changes, graph, name), graph);
    requireReplay(recorded, migrations);
    return migrations;
  }
}

/** Each names the one before it in its own app, so that branches of a history can be told apart later. */
function withPrevious(migrations: readonly NewMigration[], graph: MigrationGraph): readonly NewMigration[] {
  return migrations.map((migration, index) => {
    const before = migrations.slice(0, index).findLast(({ app }) => app === migration.app);
    const previous = ownReference(before ?? graph.leafOf(migration.app));
    return { ...migration, dependencies: [...previous, ...migration.dependencies] };
  });
}

function ownReference(
  previous: { readonly app: string; readonly name: string } | undefined,
): readonly MigrationReference[] {
  return previous ? [[previous.app, previous.name]] : [];
}

/** What is written must be readable: the operations are applied once before anybody sees them. */
function requireReplay(recorded: ProjectState, migrations: readonly NewMigration[]): void {
  migrations.reduce((state, { app, name, dependencies, operations }) => {
    const migration = new Migration({ dependencies, operations });
    const file: MigrationFile = { app, name, number: 0, url: new URL('file:///'), migration };
    return replay(state, file);
  }, recorded);
}

/** The migrations of these apps and those of others on which they depend. */
function withNeeded(found: readonly NewMigration[], apps: readonly string[]): readonly NewMigration[] {
  const needed = new Set(found.filter(({ app }) => apps.includes(app)));
  for (const migration of needed) {
    for (const [app, name] of migration.dependencies) {
      for (const other of found) if (other.app === app && other.name <= name) needed.add(other);
    }
  }
  return found.filter((migration) => needed.has(migration));
}
