import { NoteKey, type AnyClass } from '#core';

import { QuerySet, type QuerySetClass } from '../query/query-set.js';

/** The class of an entity's query sets, where it has one of its own. Written by its first manager with one. */
const ROWS_NOTE = new NoteKey<QuerySetClass<object, QuerySet>>('class of query sets');

/** Remembers the class of an entity's query sets, unless the entity has one already. */
export function noteRows(entity: AnyClass, rows: unknown): void {
  if (!ROWS_NOTE.readOwn(entity)) ROWS_NOTE.write(entity, rows as QuerySetClass<object, QuerySet>);
}

/**
 * The class of an entity's query sets: that of its manager `objects`, else that of its first manager that has one. A
 * subclass has that of the entity that it extends.
 */
export function rowsClassOf<E extends object>(entity: AnyClass<E>): QuerySetClass<E, QuerySet<E>> {
  return (namedRows(entity) ?? ROWS_NOTE.read(entity) ?? QuerySet) as unknown as QuerySetClass<E, QuerySet<E>>;
}

/** The class of the manager `objects`, as the types of queries say as well. */
function namedRows(entity: AnyClass): unknown {
  const { objects } = entity as { readonly objects?: unknown };
  return objects instanceof QuerySet && objects.constructor !== QuerySet ? objects.constructor : undefined;
}
