import { APPLICATION, NoContextError, requireContext, type AnyClass } from '#core';

import { type Database } from '../connection/database.js';
import { Databases } from '../connection/databases.js';

/** Every database of the running application. @throws NoContextError outside of any scope */
export function currentDatabases(): Databases {
  const application = requireContext().get(APPLICATION);
  if (!application) throw new NoContextError();
  return application.get(Databases);
}

/** The database to which a row of an entity is to be written. @throws NoContextError outside of any scope */
export function databaseOf(entity: AnyClass, row: object): Database {
  return currentDatabases().forWrite(entity, { row });
}
