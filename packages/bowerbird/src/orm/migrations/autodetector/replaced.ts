import { entityKey, type EntityState } from '../state/entity-state.js';
import { isColumn, isJunction, isReference, type FieldState } from '../state/field-state.js';
import { type ProjectState } from '../state/project-state.js';
import { fieldAdded, fieldGone, gone } from './change.js';
import { type Decisions } from './decisions.js';

/**
 * Why a field cannot be altered but only removed and added anew; undefined when it can. A table of pairs has nothing in
 * common with columns, and values that refer to one key say nothing of another.
 */
function replacementReason(before: FieldState, after: FieldState): string | undefined {
  if (isJunction(before) !== isJunction(after)) return 'turns from or into a many-to-many relation';
  if (isJunction(before) && isJunction(after)) {
    if (before.target !== after.target) return 'links to other entities';
    return keysOf(before) === keysOf(after) ? undefined : 'links by another key';
  }
  if (!isReference(before) || !isReference(after)) return undefined;
  if (before.target !== after.target) return 'refers to other entities';
  return keysOf(before) === keysOf(after) ? undefined : 'refers to another key';
}

/** The fields that must be made anew, each with somebody's consent. @throws MigrationQuestionError */
export async function replacedFields(
  before: EntityState,
  after: EntityState,
  decisions: Decisions,
): Promise<ReadonlySet<string>> {
  const replaced = new Set<string>();
  for (const [path, field] of Object.entries(after.fields)) {
    const old = before.fields[path];
    const reason = old && replacementReason(old, field);
    if (reason === undefined) continue;
    const name = `${entityKey(after)}.${path}`;
    await decisions.agreeToReplace(name, `The field ${name} ${reason}. Remove it with its values and add it anew?`);
    replaced.add(path);
  }
  return replaced;
}

/** What shows that nothing refers to a field of an entity any more: the relations that did are gone, or their entity is. */
export function relationsReleased(state: ProjectState, entity: EntityState, path: string): readonly string[] {
  const key = entityKey(entity);
  return [...state.entities.values()].flatMap((other) =>
    Object.entries(other.fields).flatMap(([name, field]) =>
      refersTo(field, key, path, other === entity) ? [fieldGone(entityKey(other), name), gone(entityKey(other))] : [],
    ),
  );
}

/** The paths on its target (and, for pairs, on its own entity) by which a relation finds its rows. */
function keysOf(field: FieldState): string {
  if (isColumn(field)) return '';
  if (isReference(field)) return Object.values(field.columns).join();
  return [Object.values(field.from).join(), Object.values(field.to).join()].join(' ');
}

function refersTo(field: FieldState, key: string, path: string, own: boolean): boolean {
  if (isColumn(field)) return false;
  if (isReference(field)) return field.target === key && Object.values(field.columns).includes(path);
  const there = field.target === key && Object.values(field.to).includes(path);
  return there || (own && Object.values(field.from).includes(path));
}

/** The fields by which a relation finds its rows; those that are new must be there first. */
export function referencedKeys(entity: EntityState, field: FieldState): readonly string[] {
  if (isColumn(field)) return [];
  if (isReference(field)) return Object.values(field.columns).map((path) => fieldAdded(field.target, path));
  return [
    ...Object.values(field.from).map((path) => fieldAdded(entityKey(entity), path)),
    ...Object.values(field.to).map((path) => fieldAdded(field.target, path)),
  ];
}
