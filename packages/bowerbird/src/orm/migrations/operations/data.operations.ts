import { type HistoricalEntity, type HistoricalRow, type HistoricalWhere } from '../history/historical-entity.js';
import { BatchProgress } from '../history/progress.js';
import { MigrationFileError } from '../migrations.errors.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { type BatchListener, type SeparateConnection, type Step, type StepPlace } from '../schema/step.js';
import { resolveKey } from '../state/entity-state.js';
import { type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { Operation, type Direction, type OperationPlace } from './operation.js';
import { contextOf, type MigrationContext } from './raw.operations.js';
import { slug } from './slug.js';

/** Rows of one batch. */
const BATCH = 500;

/** What is done with a batch of rows. Whatever it writes is committed together with the note that the batch is done. */
export type BatchWork = (rows: readonly HistoricalRow[], context: MigrationContext) => Promise<void>;

/** How rows are changed, and changed back. */
export interface DataWork {
  readonly forward: BatchWork;
  /** Takes it back, batch by batch; `null` when there is nothing to do. Without it the migration cannot be taken back. */
  readonly backward?: BatchWork | null;
  /** Only rows with these values. Work that changes such a field may leave it out of later batches, never visit it twice. */
  readonly where?: HistoricalWhere;
  /** Rows of a batch; 500. */
  readonly batch?: number;
  /** A squashed migration does without it: a new database has no such rows. */
  readonly elidable?: boolean;
}

/**
 * Walks the rows of an entity by key, one batch after another. Each batch is a transaction that also notes how far the
 * work is, so that a process that is killed is continued behind the last batch that was committed.
 */
export class ChangeData extends Operation {
  constructor(
    readonly entity: string,
    readonly work: DataWork,
  ) {
    super();
    const { batch = BATCH } = work;
    if (Number.isInteger(batch) && batch > 0) return;
    throw new MigrationFileError(`ops.data walks the rows of ${entity} in batches of ${batch}`, {
      hint: 'Give `batch` as a whole number, at least 1',
    });
  }

  get title(): string {
    return `Change rows of ${this.entity}`;
  }

  get slug(): string {
    return `rows_of_${slug(this.entity)}`;
  }

  override get reversible(): boolean {
    return this.work.backward !== undefined;
  }

  override get elidable(): boolean {
    return this.work.elidable === true;
  }

  apply(state: ProjectState, app: string): ProjectState {
    state.get(resolveKey(app, this.entity));
    return state;
  }

  call(): Call {
    const { where, batch } = this.work;
    return new Call('data', [this.entity, { ...(where && { where }), ...(batch !== undefined && { batch }) }]);
  }

  override steps(place: OperationPlace, editor: SchemaEditor, direction: Direction): readonly Step[] {
    const work = direction === 'forward' ? this.work.forward : this.work.backward;
    if (!work) return [];
    const label = `change the rows of ${this.entity} in batches of ${this.work.batch ?? BATCH}`;
    return [{ kind: 'separate', label, run: (db, at, tell) => this.walk(work, place, editor, { db, at, tell }) }];
  }

  private async walk(
    work: BatchWork,
    place: OperationPlace,
    editor: SchemaEditor,
    { db, at, tell }: Walk,
  ): Promise<void> {
    const { where = {}, batch = BATCH } = this.work;
    const context = contextOf(place, editor, db);
    const entity = context.entities.get(this.entity);
    const progress = new BatchProgress(db, at);
    await progress.prepare(editor);
    let after = await progress.read();
    const counter = tell && (await RowCounter.of(entity, where, after, tell));
    const next = async (): Promise<number> => {
      const rows = await entity.rows({ where, after, limit: batch });
      if (rows.length === 0) return 0;
      after = entity.keyOf(rows.at(-1)!);
      await work(rows, context);
      await progress.write(after);
      return rows.length;
    };
    for (let more = true; more;) {
      const rows = await db.transaction(next);
      more = rows === batch;
      counter?.add(rows, !more);
    }
  }
}

/** What a walk over the rows of an entity works with. */
interface Walk {
  readonly db: SeparateConnection;
  readonly at: StepPlace;
  readonly tell: BatchListener | undefined;
}

/** Tells how many rows are done of those that there were at the beginning. */
class RowCounter {
  private batch = 0;

  private constructor(
    private readonly tell: BatchListener,
    private rows: number,
    private readonly total: number,
  ) {}

  /** Counts the rows; those up to the key were done by an earlier run. */
  static async of(
    entity: HistoricalEntity,
    where: HistoricalWhere,
    after: readonly unknown[] | null,
    tell: BatchListener,
  ): Promise<RowCounter> {
    const total = await entity.count(where);
    return new RowCounter(tell, after === null ? 0 : total - (await entity.count(where, after)), total);
  }

  /** Notes a batch. When it was the last one, what was counted at the beginning no longer matters. */
  add(rows: number, last: boolean): void {
    this.rows += rows;
    if (rows > 0) this.batch += 1;
    if (this.batch > 0) this.tell({ batch: this.batch, rows: this.rows, total: last ? this.rows : this.atLeast });
  }

  /** More than are done, as long as it is not over. */
  private get atLeast(): number {
    return Math.max(this.total, this.rows + 1);
  }
}
