import { Inject, Injectable } from '@nestjs/common';

import { AppRegistry, type AppDescription } from '../../apps/app-registry.js';
import { Descriptions } from '../../describe/descriptions.js';
import { assemble, type NewMigration } from '../autodetector/assemble.js';
import { type Decisions } from '../autodetector/decisions.js';
import { detectChanges } from '../autodetector/detect-changes.js';
import { type MigrationFile } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { loadMigrations } from '../files/migration-loader.js';
import { replay } from '../files/replay.js';
import { Migration } from '../migration.js';
import { describeState } from '../state/describe-state.js';
import { ProjectState } from '../state/project-state.js';

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
    const graph = await loadMigrations(all);
    const found = (
      await Promise.all(this.databases().map((alias) => this.missingOf(alias, all, graph, decisions, name)))
    ).flat();
    return apps === undefined || apps.length === 0 ? found : withNeeded(found, apps);
  }

  /** An empty migration after the last one of an app. */
  async empty(app: string, name = 'custom'): Promise<NewMigration> {
    const graph = await loadMigrations(this.apps.all());
    const number = (graph.leafOf(this.apps.get(app).name)?.number ?? 0) + 1;
    return { app, name: `${String(number).padStart(4, '0')}_${name}`, dependencies: [], operations: [] };
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
    const migrations = assemble(changes, graph, name);
    requireReplay(recorded, migrations);
    return migrations;
  }
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
