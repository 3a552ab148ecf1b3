import { NoteKey, type AnyClass } from '#core';

import { type Conditions } from '../query/condition.types.js';
import { whereOf } from '../query/q.js';
import { TRASH_SCOPE, type ScopeDescription } from './entity-description.js';

/** The default scopes of a class; those of its parents come first. */
const SCOPES_NOTE = new NoteKey<readonly ScopeDescription[]>('default scopes');

/**
 * Gives every query of an entity a condition, under a name by which `withoutScopes('name')` leaves it out:
 * `@DefaultScope<Post>('live', { archived: false })`. A function is asked anew by each statement, so it may depend on
 * the request. Rows that are reached through a reference to one row are not hidden.
 */
export function DefaultScope<E extends object = object>(
  name: string,
  condition: Conditions<E> | (() => Conditions<E>),
): ClassDecorator {
  const fixed = typeof condition !== 'function';
  const where = fixed ? () => whereOf(condition) : () => whereOf((condition as () => object)());
  // Decorators run from the last to the first.
  return (target) => SCOPES_NOTE.write(target, [{ name, fixed, where }, ...(SCOPES_NOTE.read(target) ?? [])]);
}

/** The default scopes of an entity: its own, and that of its deletion date. */
export function scopesOf(target: AnyClass, deletionDate: string | undefined): readonly ScopeDescription[] {
  const trash = deletionDate === undefined ? [] : [trashScope(deletionDate)];
  return Object.freeze([...trash, ...(SCOPES_NOTE.read(target) ?? [])].map((scope) => Object.freeze(scope)));
}

function trashScope(path: string): ScopeDescription {
  return { name: TRASH_SCOPE, fixed: true, where: () => ({ op: 'lookups', lookups: { [`${path}__isnull`]: true } }) };
}
