import { changeOf } from '../schema/schema-change.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { type SeparateConnection, type StepPlace } from '../schema/step.js';
import { tablesOf } from '../schema/tables-of.js';
import { type EntityState } from '../state/entity-state.js';
import { ProjectState } from '../state/project-state.js';

/** Where work in batches notes how far it is. It has rows only while a migration is under way. */
export const PROGRESS_TABLE = 'bowerbird_migration_progress';

const PROGRESS: EntityState = {
  app: 'orm',
  name: 'MigrationProgress',
  table: PROGRESS_TABLE,
  fields: {
    app: { kind: 'string', length: 100, primary: true },
    name: { kind: 'string', length: 150, primary: true },
    position: { kind: 'integer', primary: true },
    last_key: { kind: 'text' },
  },
  uniques: [],
  indexes: [],
  checks: [],
};

/** How far one step of a migration is: the key of the last row that is done. */
export class BatchProgress {
  constructor(
    private readonly connection: SeparateConnection,
    private readonly place: StepPlace,
  ) {}

  /** Creates the table unless it is there. */
  async prepare(editor: SchemaEditor): Promise<void> {
    if (await this.connection.hasTable(PROGRESS_TABLE)) return;
    const steps = editor.steps(changeOf(new Map(), tablesOf(ProjectState.of([PROGRESS]), editor.dialect)));
    for (const step of steps) if (step.kind === 'sql') await this.connection.query(step.sql);
  }

  /** The key after which to go on; null at the start. */
  async read(): Promise<readonly unknown[] | null> {
    const [row] = await this.connection.query<{ last_key: string }>(
      `SELECT last_key FROM ${PROGRESS_TABLE} WHERE ${OWN}`,
      this.key,
    );
    return row ? (JSON.parse(row.last_key) as unknown[]) : null;
  }

  /** Call it in the transaction of the batch. */
  async write(key: readonly unknown[]): Promise<void> {
    await this.connection.query(`DELETE FROM ${PROGRESS_TABLE} WHERE ${OWN}`, this.key);
    await this.connection.query(`INSERT INTO ${PROGRESS_TABLE} (app, name, position, last_key) VALUES (?, ?, ?, ?)`, [
      ...this.key,
      JSON.stringify(key),
    ]);
  }

  private get key(): readonly unknown[] {
    const { app, name, position } = this.place;
    return [app, name, position];
  }
}

const OWN = 'app = ? AND name = ? AND position = ?';

/** Forgets how far the steps of a migration were: before it starts, and when it is done. */
export async function forgetProgress(
  connection: SeparateConnection,
  { app, name }: Pick<StepPlace, 'app' | 'name'>,
): Promise<void> {
  if (!(await connection.hasTable(PROGRESS_TABLE))) return;
  await connection.query(`DELETE FROM ${PROGRESS_TABLE} WHERE app = ? AND name = ?`, [app, name]);
}
