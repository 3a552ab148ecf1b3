import { APPLICATION, NoContextError, requireContext, type Class } from '#core';

import { Database } from '../connection/database.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { type QuerySet } from '../query/query-set.js';
import { type AtomicOptions } from './transactions.js';

/** The default database of the running application. @throws NoContextError outside of any scope */
export function currentDatabase(): Database {
  const application = requireContext().get(APPLICATION);
  if (!application) throw new NoContextError();
  return application.get(Database);
}

/** {@link Database.atomic} on the default database. */
export async function atomic<R>(work: () => Promise<R>, options?: AtomicOptions): Promise<R> {
  return currentDatabase().atomic(work, options);
}

/** {@link Database.onCommit} on the default database. */
export async function onCommit(callback: () => unknown): Promise<void> {
  await currentDatabase().onCommit(callback);
}

/** {@link Database.objects} on the default database. */
export function querySet<E extends object>(entity: Class<E>): QuerySet<E> {
  return currentDatabase().objects(entity);
}

/** {@link Database.describe} on the default database. */
export function describe<E extends object>(entity: Class<E>): EntityDescription<E> {
  return currentDatabase().describe(entity);
}
