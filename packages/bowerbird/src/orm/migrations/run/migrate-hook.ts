import { DiscoveryService } from '@nestjs/core';

import { type EntityDescription } from '../../describe/entity-description.js';

/** Marks a provider as work to do after `migrate`; the class extends {@link MigrateHook}. */
export const AfterMigrate = DiscoveryService.createDecorator<void>();

/**
 * Work after the tables are right: rows that an area needs, such as permissions. It runs under the migration lock of the
 * default database.
 */
export abstract class MigrateHook {
  /**
   * Called with the entities of all databases after each `migrate` that leaves nothing pending, also when nothing was to
   * do; so it must be repeatable. After that of a further database only when nothing is pending in the default one.
   * `renames` has the key that entities had before, and the one that they have now, by all the migrations there are: rows
   * that name an entity follow it.
   */
  abstract afterMigrate(
    descriptions: readonly EntityDescription[],
    renames: ReadonlyMap<string, string>,
  ): Promise<void>;
}
