import { APPLICATION, NoContextError, requireContext, type AnyClass } from '#core';

import { type Database } from '../connection/database.js';
import { Databases } from '../connection/databases.js';

/** The database of the running application that holds an entity. @throws NoContextError outside of any scope */
export function databaseOf(entity: AnyClass): Database {
  const application = requireContext().get(APPLICATION);
  if (!application) throw new NoContextError();
  return application.get(Databases).of(entity);
}
