import { sameData } from '../schema/schema-change.js';
import { type EntityState } from './entity-state.js';
import { type ProjectState } from './project-state.js';

/** Keys of the entities that are not the same object in two states: what an operation changed. */
export function changedKeys(before: ProjectState, after: ProjectState): readonly string[] {
  const keys = new Set([...before.entities.keys(), ...after.entities.keys()]);
  return [...keys].filter((key) => before.entities.get(key) !== after.entities.get(key));
}

/** Keys of the entities that two states describe differently. The order of unique sets, indexes and checks does not count. */
export function differentKeys(left: ProjectState, right: ProjectState): readonly string[] {
  return changedKeys(left, right).filter((key) => {
    const [one, other] = [left.entities.get(key), right.entities.get(key)];
    return !one || !other || !sameData(inOrder(one), inOrder(other));
  });
}

/** Unique sets, indexes and other lists of an entity say the same in any order. */
function inOrder(entity: EntityState): EntityState {
  const entries = Object.entries(entity).map(([key, value]) => [key, Array.isArray(value) ? sorted(value) : value]);
  return Object.fromEntries(entries) as EntityState;
}

function sorted(parts: readonly unknown[]): readonly unknown[] {
  return parts.toSorted((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
}
