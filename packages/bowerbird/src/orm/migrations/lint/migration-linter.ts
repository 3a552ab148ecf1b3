import { Inject, Injectable } from '@nestjs/common';

import { AppRegistry } from '../../apps/app-registry.js';
import { type Database } from '../../connection/database.js';
import { Databases } from '../../connection/databases.js';
import { LocalState } from '../../routing/local-state.js';
import { type NewMigration } from '../autodetector/assemble.js';
import { migrationKey } from '../files/migration-file.js';
import { loadMigrations } from '../files/migration-loader.js';
import { Migrator } from '../run/migrator.js';
import { MigrationSession } from '../run/session.js';
import { type LintFinding } from './lint-finding.js';
import { lintMigration, type LintTarget } from './lint-migration.js';

/** Rows from which on a table is big. */
export const BIG_TABLE = 100_000;

/** What was found in one migration. */
export interface MigrationLint {
  readonly app: string;
  readonly name: string;
  readonly findings: readonly LintFinding[];
}

/** Tells what migrations do to tables that are there which somebody should know before they run. */
@Injectable()
export class MigrationLinter {
  constructor(
    @Inject(Migrator) private readonly migrator: Migrator,
    @Inject(Databases) private readonly databases: Databases,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
  ) {}

  /**
   * Findings in migrations that are not written yet, in their order, for each of the databases that would run them. No
   * database is asked.
   */
  async ofNew(migrations: readonly NewMigration[]): Promise<readonly MigrationLint[]> {
    const lints = new Map(migrations.map((migration) => [migration, new Map<string, LintFinding>()]));
    for (const database of this.databases.all()) {
      for (const [migration, findings] of await this.newIn(database, migrations))
        for (const finding of findings) lints.get(migration)!.set(JSON.stringify(finding), finding);
    }
    return [...lints].map(([{ app, name }, findings]) => ({ app, name, findings: [...findings.values()] }));
  }

  private async newIn(
    database: Database,
    migrations: readonly NewMigration[],
  ): Promise<readonly (readonly [NewMigration, readonly LintFinding[]])[]> {
    const isHere = ({ app }: NewMigration) => database.placement.migratesApp(database.alias, this.apps.get(app));
    if (!migrations.some(isHere)) return [];
    let state = (await loadMigrations(this.apps.all())).merged.stateOf();
    return migrations.map((migration) => {
      const { findings, after } = lintMigration(migration, state, targetOf(database));
      state = after;
      return [migration, findings] as const;
    });
  }

  /** Findings in the migrations that a `migrate` would apply, for tables that exist and have at least so many rows. */
  async ofPending(alias = 'default', rows = BIG_TABLE): Promise<readonly MigrationLint[]> {
    const database = this.databases.get(alias);
    const pending = await this.migrator.pending(alias);
    if (pending.length === 0) return [];
    const graph = (await this.migrator.graph(database)).merged;
    const left = new Set(pending.map(({ file }) => migrationKey(file)));
    let state = graph.stateOf((file) => !left.has(migrationKey(file)));
    const lints = pending.map(({ file: { app, name, migration } }): MigrationLint => {
      const { findings, after } = lintMigration({ app, operations: migration.operations }, state, targetOf(database));
      state = after;
      return { app, name, findings };
    });
    return MigrationSession.use(database, async (session) => {
      const sizes = new Map<string, number>();
      for (const table of new Set(lints.flatMap(({ findings }) => findings.map((finding) => finding.table))))
        sizes.set(table, await sizeOf(session, table, rows));
      const matters = ({ table, destroys }: LintFinding) =>
        (sizes.get(table) ?? 0) >= (destroys ? Math.min(1, rows) : rows);
      return lints
        .map((lint) => ({ ...lint, findings: lint.findings.filter(matters) }))
        .filter(({ findings }) => findings.length > 0);
    });
  }
}

function targetOf({ dialect, placement, alias }: Database): LintTarget {
  return { dialect, local: new LocalState(placement, alias) };
}

/** The rows of a table, counted up to a limit. Raw SQL names no table; it matters always. */
async function sizeOf(session: MigrationSession, table: string, limit: number): Promise<number> {
  if (table === '') return limit;
  if (!(await session.hasTable(table))) return 0;
  const [row] = await session.query<{ amount: number | string }>(
    `SELECT COUNT(*) AS amount FROM (SELECT 1 FROM ${session.table(table)} LIMIT ${Math.max(1, limit)}) counted`,
  );
  return Number(row!.amount);
}
