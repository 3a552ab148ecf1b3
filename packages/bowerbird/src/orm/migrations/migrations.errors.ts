import { didYouMean, FrameworkError, type FrameworkErrorOptions } from '#core';

/** An operation refers to an entity or field that the state before it does not have, or adds one twice. */
export class MigrationStateError extends FrameworkError {
  readonly code = 'orm.migration_state';

  constructor(message: string, options: FrameworkErrorOptions = {}) {
    super(message, {
      hint: 'The operations of an app must follow from the ones before; mend the migration file',
      ...options,
    });
  }
}

/** A migration file cannot be imported, or its default export is no migration. */
export class MigrationFileError extends FrameworkError {
  readonly code = 'orm.migration_file';
}

/** The files of an app do not follow from each other, or the history differs from the ledger. */
export class MigrationHistoryError extends FrameworkError {
  readonly code = 'orm.migration_history';
}

/** Dependencies between migrations run in a circle, or name a migration that does not exist. */
export class MigrationDependencyError extends FrameworkError {
  readonly code = 'orm.migration_dependency';
}

/** No migration has this name. */
export class UnknownMigrationError extends FrameworkError {
  readonly code = 'orm.unknown_migration';

  constructor(app: string, name: string, known: Iterable<string>, several = false) {
    const names = [...known];
    const problem = several ? 'has several migrations that begin with' : 'has no migration';
    super(`App "${app}" ${problem} "${name}". ${several ? '' : didYouMean(name, names)}`.trim(), {
      hint: names.length > 0 ? `Known migrations: ${names.join(', ')}` : `Write the first one: makemigrations ${app}`,
    });
  }
}

/** An app has several last migrations, because branches of its history met that know nothing of each other. */
export class MigrationConflictError extends FrameworkError {
  readonly code = 'orm.migration_conflict';

  constructor(app: string, leaves: readonly { readonly name: string }[]) {
    super(`App "${app}" has ${leaves.length} last migrations: ${leaves.map(({ name }) => name).join(', ')}`, {
      hint: `Join them: makemigrations ${app} --merge. Or put one behind the other: rebasemigrations ${app}`,
    });
  }
}

/** Two branches of an app's history cannot be joined: what one does depends on whether the other came before. */
export class MigrationMergeError extends FrameworkError {
  readonly code = 'orm.migration_merge';
}

/** A change would alter stored values. Nothing of it was kept where the database has transactional DDL. */
export class MigrationLossError extends FrameworkError {
  readonly code = 'orm.migration_loss';
}

/** A step of a migration failed; the cause is what the database said. */
export class MigrationFailedError extends FrameworkError {
  readonly code = 'orm.migration_failed';
}

/** A migration did not get its lock on a table, however often it tried, because somebody keeps a transaction open. */
export class MigrationLockedError extends FrameworkError {
  readonly code = 'orm.migration_locked';
}

/** The server cannot change a table in the way that `ops.online` asked for. Nothing of the statement was done. */
export class OnlineRefusedError extends FrameworkError {
  readonly code = 'orm.online_refused';
}

/** An operation cannot be taken back. */
export class IrreversibleError extends FrameworkError {
  readonly code = 'orm.migration_irreversible';
}

/** A change needs a decision that nobody made: a rename, or a value for existing rows. */
export class MigrationQuestionError extends FrameworkError {
  readonly code = 'orm.migration_question';
}

/** The entities ask for something that the database does not have. */
export class UnsupportedSchemaError extends FrameworkError {
  readonly code = 'orm.unsupported_schema';
}
