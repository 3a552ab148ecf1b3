import { type AnyClass, type Class } from '#core';

import { QuerySet, type QuerySetClass } from '../query/query-set.js';
import { currentDatabases } from './database-of.js';
import { lazyRows } from './lazy-rows.js';
import { noteRows } from './manager-note.js';

/** An entity as {@link manager} takes it. One of its static properties is the manager, so none of them is looked at. */
type Managed<E> = AnyClass & { readonly prototype: E };

/**
 * The rows of an entity as a static property of its class (Django's manager): `static readonly objects = manager(Post)`.
 * It finds the running application through the ambient context each time that it is used, so it works in requests, jobs,
 * commands and tests, and throws a `NoContextError` elsewhere. The manager `objects`, or else the first one with a class
 * of query sets, also decides what `db.objects(Post)` and `@Objects(Post)` give.
 */
export function manager<E extends object>(entity: Managed<E>): QuerySet<E>;
export function manager<E extends object, Q extends QuerySet<E>>(entity: Managed<E>, rows: QuerySetClass<E, Q>): Q;
export function manager<E extends object>(entity: Managed<E>, rows?: QuerySetClass<E, QuerySet<E>>): QuerySet<E> {
  if (rows) noteRows(entity, rows);
  const Rows = rows ?? QuerySet<E>;
  return lazyRows(Rows.prototype as object, () =>
    currentDatabases()
      .objects(entity as unknown as Class<E>)
      .as(Rows),
  );
}
