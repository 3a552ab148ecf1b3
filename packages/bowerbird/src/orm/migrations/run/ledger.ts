import { type Direction } from '../operations/operation.js';
import { changeOf } from '../schema/schema-change.js';
import { tablesOf } from '../schema/tables-of.js';
import { type EntityState } from '../state/entity-state.js';
import { ProjectState } from '../state/project-state.js';
import { type MigrationSession } from './session.js';
import { runStep } from './step-runner.js';

/** Where the applied migrations are written down. */
export const LEDGER_TABLE = 'bowerbird_migrations';

const LEDGER: EntityState = {
  app: 'orm',
  name: 'AppliedMigration',
  table: LEDGER_TABLE,
  fields: {
    app: { kind: 'string', length: 100, primary: true },
    name: { kind: 'string', length: 150, primary: true },
    checksum: { kind: 'string', length: 64 },
    status: { kind: 'string', length: 10 },
    applied_at: { kind: 'datetime', nullable: true },
    duration_ms: { kind: 'integer', default: 0 },
    step: { kind: 'integer', default: 0 },
    digest: { kind: 'string', length: 64, default: '' },
    failure: { kind: 'text', nullable: true },
  },
  uniques: [],
  indexes: [],
  checks: [],
};

/** `applied`; or under way in a direction, where the database cannot do a migration in one transaction. */
export type LedgerStatus = 'applied' | Direction;

/** What the ledger says of one migration. */
export interface LedgerEntry {
  readonly app: string;
  readonly name: string;
  readonly checksum: string;
  readonly status: LedgerStatus;
  /** Text or date, as the driver gives it. */
  readonly appliedAt: unknown;
  readonly duration: number;
  /** Steps that are done, of a migration under way. */
  readonly step: number;
  /** Hash of the steps that are done. */
  readonly digest: string;
  /** Why the next step failed; null when the process ended before it knew. */
  readonly failure: string | null;
}

interface LedgerRow {
  readonly app: string;
  readonly name: string;
  readonly checksum: string;
  readonly status: LedgerStatus;
  readonly applied_at: unknown;
  readonly duration_ms: number;
  readonly step: number;
  readonly digest: string;
  readonly failure: string | null;
}

/** Which migration is meant. */
export interface MigrationId {
  readonly app: string;
  readonly name: string;
}

/** The table of applied migrations. */
export class Ledger {
  constructor(private readonly session: MigrationSession) {}

  /** Creates the table unless it is there. Call it under the lock. */
  async prepare(): Promise<void> {
    if (await this.session.hasTable(LEDGER_TABLE)) return;
    const { editor } = this.session;
    const steps = editor.steps(changeOf(new Map(), tablesOf(ProjectState.of([LEDGER]), editor.dialect)));
    await this.session.transaction(async () => {
      for (const step of steps) await runStep(this.session, step);
    });
  }

  /** All entries by `app.name`; none when the table is not there yet. */
  async read(): Promise<ReadonlyMap<string, LedgerEntry>> {
    if (!(await this.session.hasTable(LEDGER_TABLE))) return new Map();
    const rows = await this.session.query<LedgerRow>(`SELECT * FROM ${LEDGER_TABLE} ORDER BY applied_at, app, name`);
    return new Map(rows.map((row) => [`${row.app}.${row.name}`, entryOf(row)]));
  }

  /** Writes a migration down as applied. `duration` in milliseconds. */
  async applied(id: MigrationId, checksum: string, duration: number): Promise<void> {
    await this.write(id, { checksum, status: 'applied', duration });
  }

  /** Removes the entry of a migration that was taken back. */
  async forget({ app, name }: MigrationId): Promise<void> {
    await this.session.query(`DELETE FROM ${LEDGER_TABLE} WHERE app = ? AND name = ?`, [app, name]);
  }

  /** Notes that a migration is under way, with no step done yet. */
  async begin(id: MigrationId, checksum: string, direction: Direction): Promise<void> {
    await this.write(id, { checksum, status: direction, duration: 0 });
  }

  /** Notes how many steps of a migration under way are done. */
  async progress({ app, name }: MigrationId, step: number, digest: string): Promise<void> {
    await this.session.query(
      `UPDATE ${LEDGER_TABLE} SET step = ?, digest = ?, failure = NULL WHERE app = ? AND name = ?`,
      [step, digest, app, name],
    );
  }

  /** Notes why the next step of a migration under way failed. */
  async failed({ app, name }: MigrationId, failure: string): Promise<void> {
    await this.session.query(`UPDATE ${LEDGER_TABLE} SET failure = ? WHERE app = ? AND name = ?`, [failure, app, name]);
  }

  /** One statement changes an entry, so that a process that is killed leaves either the old one or the new one. */
  private async write(
    { app, name }: MigrationId,
    { checksum, status, duration }: Pick<LedgerEntry, 'checksum' | 'status' | 'duration'>,
  ): Promise<void> {
    const now = this.session.dialect === 'sqlite' ? "STRFTIME('%Y-%m-%d %H:%M:%f', 'now')" : 'CURRENT_TIMESTAMP(3)';
    const known = await this.session.query(`SELECT 1 FROM ${LEDGER_TABLE} WHERE app = ? AND name = ?`, [app, name]);
    const values = [checksum, status, Math.round(duration)];
    await this.session.query(
      known.length > 0
        ? `UPDATE ${LEDGER_TABLE} SET checksum = ?, status = ?, duration_ms = ?, applied_at = ${now}, step = 0, ` +
            `digest = '', failure = NULL WHERE app = ? AND name = ?`
        : `INSERT INTO ${LEDGER_TABLE} (checksum, status, duration_ms, app, name, applied_at) VALUES (?, ?, ?, ?, ?, ${now})`,
      [...values, app, name],
    );
  }
}

function entryOf({ applied_at: appliedAt, duration_ms: duration, ...row }: LedgerRow): LedgerEntry {
  return { ...row, appliedAt, duration };
}
