import { ChangeKey } from '../operations/key.operations.js';
import { entityKey, type EntityState } from '../state/entity-state.js';
import { isJunction } from '../state/field-state.js';
import { created, fieldAdded, fieldGone, Rank, targetKeys, type Change } from './change.js';
import { fillOfNew, type FieldChangeContext } from './field-needs.js';
import { referencedKeys, relationsReleased } from './replaced.js';

/** The one operation for an entity whose key consists of other fields now, and the paths that it takes care of. */
export async function keyChange(
  before: EntityState,
  after: EntityState,
  context: FieldChangeContext,
): Promise<{ readonly change: Change | null; readonly paths: readonly string[] }> {
  const [old, now] = [keyOf(before), keyOf(after)];
  if (old.join('\0') === now.join('\0')) return { change: null, paths: [] };
  const fill: Record<string, unknown> = {};
  for (const path of now.filter((each) => !before.fields[each])) {
    const value = await fillOfNew(before, after, path, context);
    if (value !== undefined) fill[path] = value;
  }
  const paths = [...new Set([...now, ...old])];
  const fields = Object.fromEntries(paths.flatMap((path) => (after.fields[path] ? [[path, after.fields[path]]] : [])));
  const remove = old.filter((path) => !after.fields[path]);
  const targets = targetKeys(fields);
  const change: Change = {
    app: after.app,
    operation: new ChangeKey(after.name, { fields, remove, fill }),
    rank: Rank.ChangeKey,
    provides: [
      ...now.map((path) => fieldAdded(entityKey(after), path)),
      ...remove.map((path) => fieldGone(entityKey(after), path)),
    ],
    requires: [
      ...targets.map(created),
      ...Object.values(fields).flatMap((field) => referencedKeys(after, field)),
      ...old.flatMap((path) => relationsReleased(context.recorded, before, path)),
    ],
    refersTo: targets.filter((target) => target !== entityKey(after)),
  };
  return { change, paths };
}

function keyOf({ fields }: EntityState): readonly string[] {
  return Object.entries(fields).flatMap(([path, field]) => (!isJunction(field) && field.primary ? [path] : []));
}
