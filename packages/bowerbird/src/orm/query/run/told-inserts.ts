import { type CreationOutcome } from '../../signals/entity-signals.js';
import { type WriteEvent } from '../../writes/write-listener.js';
import { type RawKey } from '../compile/keys.js';
import { type EntityModel } from '../model/entity-model.js';
import { type Where } from '../q.js';
import { type QueryEngine } from '../query-engine.js';
import { unscopedState } from '../query-state.js';
import { uniqueSets } from './conflicts.js';
import { readerOf } from './insert-columns.js';
import { type NewRow } from './insert-plan.js';
import { batches, isSame } from './observed.js';
import { loadWritten, type WrittenRow } from './written.js';

/** Rows that are looked for by one statement. */
const BATCH = 100;

/** Tells listeners of new rows. */
export async function tellInserted(engine: QueryEngine, model: EntityModel, keys: readonly RawKey[]): Promise<void> {
  const { description } = model;
  for (const some of batches(keys)) {
    const state = unscopedState(description.target);
    const rows = new Map((await loadWritten(engine, state, { keys: some })).map((row) => [row.name, row]));
    const events = some.flatMap((key): WriteEvent[] => {
      const row = rows.get(JSON.stringify(key.map(String)));
      return row ? [{ kind: 'insert', description, key: row.entityKey, text: row.text, after: row.values }] : [];
    });
    await engine.source.writes.notifyAll(events);
  }
}

/**
 * Runs an insert that keeps or changes rows that are in the way, and tells of those that it added and changed: rows are
 * found by their unique sets before and after. Rows without any complete set cannot be found; nor can they be in the way.
 */
export async function tellConflicts(
  engine: QueryEngine,
  model: EntityModel,
  given: readonly NewRow[],
  insert: () => Promise<void>,
): Promise<CreationOutcome> {
  const { description } = model;
  const wheres = conditionsOf(model, given);
  // On MySQL a lock on rows that are not there yet makes two of these wait for each other.
  const before = await load(engine, model, wheres, engine.dialect.name !== 'mysql');
  await insert();
  const after = await load(engine, model, wheres, true);
  const events = [...after.values()].flatMap((now): WriteEvent[] => {
    const { name, entityKey: key, text, values } = now;
    const old = before.get(name);
    if (old && isSame(old, now)) return [];
    if (!old) return [{ kind: 'insert', description, key, text, after: values }];
    return [{ kind: 'update', description, key, text, before: old.values, after: values }];
  });
  for (const some of batches(events)) await engine.source.writes.notifyAll(some);
  const keysOf = (kind: WriteEvent['kind']) => events.filter((event) => event.kind === kind).map(({ key }) => key);
  return { created: keysOf('insert'), updated: keysOf('update') };
}

/** The conditions under which rows are in the way: for each unique set of which the values are given. */
function conditionsOf(model: EntityModel, given: readonly NewRow[]): readonly Where[] {
  const sets = uniqueSets(model).map(({ columns }) =>
    columns.map((column) => ({ path: column.path, read: readerOf(model, column) })),
  );
  return given.flatMap(({ row }) =>
    sets.flatMap((set): Where[] => {
      const values = set.map(({ path, read }) => [path, read(row)] as const);
      const complete = values.every(([, value]) => value !== undefined && value !== null);
      return complete ? [{ op: 'lookups', lookups: Object.fromEntries(values) }] : [];
    }),
  );
}

async function load(
  engine: QueryEngine,
  model: EntityModel,
  wheres: readonly Where[],
  lock: boolean,
): Promise<ReadonlyMap<string, WrittenRow>> {
  const rows = new Map<string, WrittenRow>();
  for (let start = 0; start < wheres.length; start += BATCH) {
    const where: Where = { op: 'or', parts: wheres.slice(start, start + BATCH) };
    const state = { ...unscopedState(model.description.target), where: [where] };
    for (const row of await loadWritten(engine, state, { lock })) rows.set(row.name, row);
  }
  return rows;
}
