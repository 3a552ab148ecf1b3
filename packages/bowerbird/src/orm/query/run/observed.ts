import { keepingPlaces, movesRows } from '../../model/positions/moved-rows.js';
import { type BulkRows, type BulkUpdate } from '../../signals/entity-signals.js';
import { keyChunks, type RawKey } from '../compile/keys.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { unscopedState } from '../query-state.js';
import { entityKey, loadWritten, type WrittenRow } from './written.js';

/** Rows that are read, changed and told of at a time. */
const BATCH = 250;

/** Changes the rows of some keys and says how many there were. */
export type ChangeKeys = (keys: readonly RawKey[]) => Promise<number>;

/** Whether listeners or receivers hear of the rows that an update changes, or rows may go to other parents by it. */
export function hearsUpdates(
  { source }: QueryEngine,
  { description }: EntityModel,
  update: Required<Pick<BulkUpdate, 'changed'>>,
): boolean {
  const heard = source.writes.interested(description) || source.signals.hearsUpdates(description);
  return heard || movesRows(description, update.changed);
}

/** Changes rows in batches and tells of each that is another one now. Call it in a transaction that holds the rows. */
export async function updateObserved(
  engine: QueryEngine,
  model: EntityModel,
  keys: readonly RawKey[],
  change: ChangeKeys,
  update: BulkUpdate,
): Promise<void> {
  const { signals } = engine.source;
  const { changed = Object.keys(update.values ?? {}) } = update;
  const moves = movesRows(model.description, changed);
  const work: ChangeKeys = moves ? (some) => keepingPlaces(engine, model, some, () => change(some)) : change;
  await signals.aroundUpdate(bulkRows(model, keys), update, () => updateTold(engine, model, keys, work));
}

/** As {@link updateObserved}, without signals. */
export async function updateTold(
  engine: QueryEngine,
  model: EntityModel,
  keys: readonly RawKey[],
  change: ChangeKeys,
): Promise<void> {
  if (!engine.source.writes.interested(model.description)) {
    for (const chunk of keyChunks(keys)) await change(chunk);
    return;
  }
  for (const chunk of batches(keys)) {
    const before = await loadLocked(engine, model, chunk);
    await change(chunk);
    const after = new Map((await loadLocked(engine, model, chunk)).map((row) => [row.name, row]));
    await engine.source.writes.notifyAll(
      before.flatMap((row) => {
        const now = after.get(row.name);
        if (!now || isSame(row, now)) return [];
        const { entityKey: key, values } = row;
        return [
          { kind: 'update', description: model.description, key, text: now.text, before: values, after: now.values },
        ];
      }),
    );
  }
}

/** Rows by the values of their keys, as signals name them. */
export function bulkRows({ description }: EntityModel, keys: readonly RawKey[]): BulkRows {
  return {
    description,
    get keys() {
      return keys.map((key) => entityKey(description.primaryKey, key));
    },
  };
}

/** The lock makes it a read of what is there now: MySQL would show the rows as they were when the transaction began. */
export function loadLocked(engine: QueryEngine, model: EntityModel, keys: readonly RawKey[]): Promise<WrittenRow[]> {
  return loadWritten(engine, unscopedState(model.description.target), { keys, lock: true });
}

/** Slices of a list, each small enough to be kept in memory. */
export function* batches<T>(items: readonly T[]): Generator<readonly T[], void, undefined> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH);
}

/** Whether a row stores the same values as before. */
export function isSame(before: WrittenRow, after: WrittenRow): boolean {
  return JSON.stringify(before.values, exactly) === JSON.stringify(after.values, exactly);
}

function exactly(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
