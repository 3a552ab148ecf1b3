import { APPLICATION, NoContextError, requireContext, type Class } from '#core';

import { Database } from '../connection/database.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { currentDatabases, databaseOf } from '../model/database-of.js';
import { type ManagedEntity } from '../model/managed.types.js';
import { orderOf, type OrderedRow, type RowOrder } from '../model/positions/row-order.js';
import { type CheckedPrefetch, type RelatedEntity } from '../query/loading.types.js';
import { type FieldName } from '../query/path.types.js';
import { type Prefetched } from '../query/prefetch.js';
import { type QuerySet } from '../query/query-set.js';
import { type LinkOf } from '../relations/linked-rows.types.js';
import { engineOf, loadInto, loadOne } from '../relations/load.js';
import { RelatedRows } from '../relations/related-rows.js';
import { TreeRows } from '../relations/trees/tree-rows.js';
import { type OnCommitOptions } from './commit-callbacks.js';
import { type AtomicOptions } from './transactions.js';

/** The default database of the running application. @throws NoContextError outside of any scope */
export function currentDatabase(): Database {
  const application = requireContext().get(APPLICATION);
  if (!application) throw new NoContextError();
  return application.get(Database);
}

/** Which database an ambient function means. */
export interface UsingOptions {
  /** Its alias; `default`. */
  readonly using?: string;
}

/** {@link Database.atomic} on the default database, or on the one that is named. */
export async function atomic<R>(
  work: () => Promise<R>,
  { using = 'default', ...options }: AtomicOptions & UsingOptions = {},
): Promise<R> {
  return currentDatabases().get(using).atomic(work, options);
}

/** {@link Database.onCommit} on the default database, or on the one that is named. */
export async function onCommit(
  callback: () => unknown,
  { using = 'default', ...options }: OnCommitOptions & UsingOptions = {},
): Promise<void> {
  await currentDatabases().get(using).onCommit(callback, options);
}

/** The query set of all rows of an entity, in the databases that hold it. @see Databases.objects */
export function querySet<E extends object, Q extends QuerySet<E>>(entity: ManagedEntity<E, Q>): Q;
export function querySet<E extends object>(entity: Class<E>): QuerySet<E>;
export function querySet<E extends object>(entity: Class<E>): QuerySet<E> {
  return currentDatabases().objects(entity);
}

/** {@link Database.related} on the database that a row is written to: `related(author, 'posts').add(post)`. */
export function related<E extends object, const P extends FieldName<E>>(
  row: E,
  path: P,
): RelatedRows<RelatedEntity<E[P]>, LinkOf<E[P]>> {
  return new RelatedRows(databaseOf(row.constructor as Class, row), row, path);
}

/** {@link Database.tree} on the database that the row came from, or the default one. */
export function tree<E extends object>(row: E, parent?: FieldName<E>): TreeRows<E> {
  return new TreeRows(engineOf(row) ?? currentDatabases().of(row.constructor as Class).queries, row, parent);
}

/** {@link Database.order} on the database that the row came from, or that of the entity: `order(answer).next()`. */
export function order<E extends object>(entity: Class<E>, parent?: unknown): RowOrder<E>;
export function order<E extends object>(row: E): OrderedRow<E>;
export function order<E extends object>(of: E | Class<E>, parent?: unknown): RowOrder<E> {
  const known = typeof of === 'function' ? undefined : engineOf(of);
  const entity = typeof of === 'function' ? of : (of.constructor as Class);
  return orderOf(known ?? currentDatabases().of(entity).queries, of, parent);
}

/** {@link Database.load} on the database that the row came from, or the default one. */
export function load<E extends object, const P extends FieldName<E>>(row: E, path: P): Promise<Awaited<E[P]>> {
  const engine = engineOf(row) ?? currentDatabases().of(row.constructor as Class).queries;
  return loadOne(engine, row, path) as Promise<Awaited<E[P]>>;
}

/** {@link Database.loadRelated} on the database that the rows came from, or the default one. */
export function loadRelated<E extends object, const F extends readonly (string | Prefetched)[]>(
  rows: readonly E[],
  ...requests: F & { readonly [I in keyof F]: CheckedPrefetch<E, F[I]> }
): Promise<void> {
  return loadInto(engineOf(rows[0]) ?? currentDatabase().queries, rows, requests);
}

/** {@link Database.describe} on the default database. */
export function describe<E extends object>(entity: Class<E>): EntityDescription<E> {
  return currentDatabase().describe(entity);
}
