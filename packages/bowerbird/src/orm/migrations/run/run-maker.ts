import { migrationKey } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { replay } from '../files/replay.js';
import { type ProjectState } from '../state/project-state.js';
import { type LedgerEntry } from './ledger.js';
import { type PlannedMigration } from './migration-plan.js';
import { runOf, type MigrationRun } from './migration-run.js';
import { type MigrationSession } from './session.js';

/**
 * Works out one run after another. The state that a run starts from is that of the migrations which are applied at that
 * moment, not of all files: tables of others may not be there.
 */
export class RunMaker {
  private readonly applied: Set<string>;
  /** The state of what is applied, while that is known. */
  private current: ProjectState | undefined;

  constructor(
    private readonly session: MigrationSession,
    private readonly graph: MigrationGraph,
    private readonly entries: ReadonlyMap<string, LedgerEntry>,
    private readonly force = false,
  ) {
    this.applied = new Set([...entries].flatMap(([key, { status }]) => (status === 'applied' ? [key] : [])));
  }

  /** Whether a migration was broken off before. */
  isBegun({ file }: PlannedMigration): boolean {
    return this.entries.has(migrationKey(file));
  }

  next({ file, direction }: PlannedMigration): MigrationRun {
    const key = migrationKey(file);
    const known = direction === 'forward' && !this.applied.has(key) ? this.current : undefined;
    this.applied.delete(key);
    const base = known ?? this.graph.stateOf((each) => this.applied.has(migrationKey(each)));
    if (direction === 'forward') this.applied.add(key);
    this.current = direction === 'forward' ? replay(base, file) : base;
    return runOf(file, direction, base, { editor: this.session.editor, force: this.force, local: this.session.local });
  }
}
