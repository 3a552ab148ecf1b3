import { NoteKey, type AnyClass } from '#core';

import { QuerySet, type QuerySetClass } from '../query/query-set.js';

/** The class of an entity's query sets, where it has one of its own. Written by its first manager. */
const ROWS_NOTE = new NoteKey<QuerySetClass<object, QuerySet>>('class of query sets');

/** Remembers the class of an entity's query sets, unless the entity has one already. */
export function noteRows(entity: AnyClass, rows: unknown): void {
  if (!ROWS_NOTE.readOwn(entity)) ROWS_NOTE.write(entity, rows as QuerySetClass<object, QuerySet>);
}

/** The class of an entity's query sets; a subclass has that of the entity that it extends. */
export function rowsClassOf<E extends object>(entity: AnyClass<E>): QuerySetClass<E, QuerySet<E>> {
  return (ROWS_NOTE.read(entity) ?? QuerySet) as unknown as QuerySetClass<E, QuerySet<E>>;
}
