import { givePositions } from '../../model/positions/new-positions.js';
import { positionModel } from '../../model/positions/position-model.js';
import { giveUuids } from '../../model/primary-uuid.decorator.js';
import { type CreationOutcome } from '../../signals/entity-signals.js';
import { type RawKey } from '../compile/keys.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { conflictColumns, type ConflictRule } from './conflicts.js';
import { insertColumns, UNSET, type InsertColumn } from './insert-columns.js';
import { insertBatches, type NewRow } from './insert-plan.js';
import { InsertRunner, type Stored } from './insert-runner.js';
import { newRows, runListeners } from './new-rows.js';
import { RowFiller } from './row-filler.js';
import { tellConflicts, tellInserted } from './told-inserts.js';
import { entityKey } from './written.js';

/** How rows are stored. */
export interface BulkCreateRequest {
  readonly batch?: number;
  readonly onConflict?: ConflictRule;
}

/** Stores new rows by a few statements and returns them as instances. @throws IntegrityError, BadLookupValueError */
export async function bulkCreate(
  engine: QueryEngine,
  { entity }: QueryState,
  values: readonly object[],
  options: BulkCreateRequest,
): Promise<object[]> {
  const model = engine.model(entity);
  const { beforeInsertListeners, afterInsertListeners } = model.metadata;
  const rows = await newRows(engine, model, values);
  engine.source.requirePlaced(rows);
  await runListeners(beforeInsertListeners, rows);
  giveUuids(entity, rows, engine.source.uuids);
  const { signals } = engine.source;
  const insert = () => new BulkInsert(engine, model, options).run(rows);
  const store = model.description.position ? () => placed(engine, model, rows, insert) : insert;
  if (signals.hearsCreations(model.description))
    await engine.source.atomic(() => signals.aroundCreation(model.description, rows, store));
  else await store();
  if (!options.onConflict) await runListeners(afterInsertListeners, rows);
  return rows;
}

/** Runs an insert whose rows stand behind the others of their parents. Where it fails they have no positions again. */
async function placed<R>(
  engine: QueryEngine,
  model: EntityModel,
  rows: readonly object[],
  insert: () => Promise<R>,
): Promise<R> {
  const { metadata } = positionModel(model)!.column;
  const given = rows.map((row) => metadata.getEntityValue(row) as unknown);
  try {
    return await engine.source.atomic(async () => {
      await givePositions(
        engine,
        model,
        rows.map((row) => ({ row })),
      );
      return insert();
    });
  } catch (error) {
    rows.forEach((row, index) => metadata.setEntityValue(row, given[index]));
    throw error;
  }
}

const NOTHING_CREATED: CreationOutcome = { created: [], updated: [] };

class BulkInsert {
  private readonly columns: readonly InsertColumn[];
  private readonly runner: InsertRunner;
  /** Whether listeners hear of each row. */
  private readonly listened: boolean;
  /** Whether it must be known which rows were stored. */
  private readonly observed: boolean;
  private readonly batch: number;

  constructor(
    private readonly engine: QueryEngine,
    private readonly model: EntityModel,
    { batch = Infinity, onConflict }: BulkCreateRequest,
  ) {
    if (!(batch >= 1)) throw new QueryUsageError(`bulkCreate() takes batches of at least one row, got ${batch}`);
    const conflict =
      onConflict === undefined || onConflict === 'ignore' ? onConflict : conflictColumns(model, onConflict);
    this.batch = batch;
    this.columns = insertColumns(model);
    this.runner = new InsertRunner(engine, model, this.columns, conflict);
    const { writes, signals } = engine.source;
    this.listened = writes.interested(model.description);
    this.observed = this.listened || signals.hearsCreations(model.description);
  }

  async run(rows: readonly object[]): Promise<CreationOutcome> {
    const all = rows.map((row) => ({ row, cells: this.columns.map(({ cell }) => cell(row)) }));
    const { nameOf } = this.runner;
    const batches = this.groups(all).flatMap((group) => [...insertBatches(group, this.batch, nameOf)]);
    if (batches.length === 0) return NOTHING_CREATED;
    const work = (): Promise<CreationOutcome> => this.store(batches);
    // Inside of a transaction a savepoint keeps it usable when a row is refused.
    const { source } = this.engine;
    return this.observed || batches.length > 1 || source.inTransaction ? source.atomic(work) : work();
  }

  /** The instances change when all of them are stored, so that an error leaves them as they were. */
  private async store(batches: readonly (readonly NewRow[])[]): Promise<CreationOutcome> {
    const { engine, model, observed, listened } = this;
    const { conflict } = this.runner;
    const stored: Stored[] = [];
    const insert = async (): Promise<void> => {
      for (const rows of batches) stored.push(await this.runner.insert(rows));
    };
    const known = observed && conflict ? await tellConflicts(engine, model, batches.flat(), insert) : await insert();
    if (conflict !== 'ignore') new RowFiller(this.columns).put(stored, conflict !== undefined);
    if (!observed || conflict) return known ?? NOTHING_CREATED;
    const keys = stored.flatMap((part) => this.keysOf(part));
    if (listened) await tellInserted(engine, model, keys);
    return { created: keys.map((key) => entityKey(model.description.primaryKey, key)), updated: [] };
  }

  /** Where the database tells only the first key that it made, rows with keys of their own go first. */
  private groups(rows: readonly NewRow[]): readonly (readonly NewRow[])[] {
    const { returns, conflict, mayConflict } = this.runner;
    if (returns || conflict === 'ignore') return [rows];
    if (conflict) return [rows.filter(mayConflict), ...this.byKey(rows.filter((row) => !mayConflict(row)))];
    return this.byKey(rows);
  }

  private byKey(rows: readonly NewRow[]): readonly (readonly NewRow[])[] {
    const keys = this.model.primary.map((column) => this.runner.place(column));
    const known = ({ cells }: NewRow): boolean => keys.every((index) => cells[index] !== UNSET);
    return [rows.filter(known), rows.filter((row) => !known(row))];
  }

  private keysOf({ rows, returned, answers }: Stored): RawKey[] {
    const places = this.model.primary.map((column) => ({ column, place: this.runner.place(column) }));
    return rows.map(({ cells }, index) =>
      places.map(({ column, place }) =>
        cells[place] === UNSET ? returned!.raw(answers[index]!, column) : cells[place],
      ),
    );
  }
}
