import { cascadedRows } from '../../cascade/cascaded-rows.js';
import { ReplacedReferences } from '../../cascade/replaced-references.js';
import { keyChunks, type RawKey } from '../compile/keys.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { batches, bulkRows, loadLocked, type ChangeKeys } from './observed.js';
import { type WrittenRow } from './written.js';

/**
 * Whether listeners or receivers hear of the rows that a deletion removes, or of those that go with them, or references to
 * them get another value.
 */
export function hearsDeletions(engine: QueryEngine, model: EntityModel): boolean {
  const { description } = model;
  const { writes, signals } = engine.source;
  const { cascades } = engine;
  const heard = writes.interested(description) || signals.hearsDeletions(description);
  return heard || cascades.reach(model) || cascades.replaces(model);
}

/**
 * Deletes rows and tells of each of them and of those that go with them; references of others that say so get another
 * value first. One statement deletes as many as fit in it, for rows may refer to each other.
 */
export async function deleteObserved(
  engine: QueryEngine,
  model: EntityModel,
  keys: readonly RawKey[],
  remove: ChangeKeys,
): Promise<void> {
  await engine.source.signals.aroundDeletion(bulkRows(model, keys), false, () =>
    deleteTold(engine, model, keys, remove),
  );
}

async function deleteTold(
  engine: QueryEngine,
  model: EntityModel,
  keys: readonly RawKey[],
  remove: ChangeKeys,
): Promise<void> {
  const { description } = model;
  const listened = engine.source.writes.interested(description);
  const replaced = new ReplacedReferences(engine);
  for (const chunk of keyChunks(keys)) {
    const before: WrittenRow[] = [];
    // The text of a single row is what its company is said to have gone with.
    if (listened || chunk.length === 1)
      for (const some of batches(chunk)) before.push(...(await loadLocked(engine, model, some)));
    await replaced.replace(model, chunk);
    const company = await cascadedRows(engine, model, chunk, before[0]?.text);
    await replaced.detach(model, chunk);
    await remove(chunk);
    await company.tell();
    for (const some of batches(before))
      await engine.source.writes.notifyAll(
        some.map(({ entityKey: key, text, values }) => ({ kind: 'delete', description, key, text, before: values })),
      );
  }
}
