import { FrameworkError } from '#core';

/** A query or a write is for a database that does not hold the entity. */
export class WrongDatabaseError extends FrameworkError {
  readonly code = 'orm.wrong_database';

  constructor(entity: string, alias: string, homes: readonly string[]) {
    super(
      `The database "${alias}" does not hold ${entity}, which is in ${homes.map((home) => `"${home}"`).join(', ')}`,
      {
        hint: 'Ask the database that holds it (databases.objects(Entity) finds it), or let a router place it there',
      },
    );
  }
}

/** A row was to refer to a row of another database, where no foreign key can reach. */
export class CrossDatabaseError extends FrameworkError {
  readonly code = 'orm.cross_database';

  constructor(from: string, fromAlias: string, to: string, toAlias: string) {
    super(`A ${from} in "${fromAlias}" cannot refer to a ${to} of "${toAlias}"`, {
      hint: 'Load or copy the row into the same database first, or let the relation() of a router allow it',
    });
  }
}
