import { didYouMean, FrameworkError, type FrameworkErrorOptions } from '#core';

import { type BrokenConstraint } from './model/constraints/constraint-rules.js';

/** What an {@link IntegrityError} is made with beside its message. */
export interface IntegrityErrorOptions extends FrameworkErrorOptions {
  readonly broken?: readonly BrokenConstraint[];
}

/** A rule of the database refused a write, or would refuse it. Nothing of the statement was kept. */
export abstract class IntegrityError extends FrameworkError {
  override readonly status = 409;
  /** The constraints, with what people are told: one where the database refused, all where they were asked before. */
  readonly broken: readonly BrokenConstraint[];

  constructor(
    message: string,
    /** Property paths concerned (`['slug']`, `['category']`); empty when the database does not tell. */
    readonly fields: readonly string[],
    /** Name of the constraint in the database, where it tells. */
    readonly constraint: string | undefined,
    { broken = [], ...options }: IntegrityErrorOptions = {},
  ) {
    super(message, options);
    this.broken = broken;
  }
}

/** Another row has the same values in a unique set of fields. */
export class UniqueError extends IntegrityError {
  readonly code = 'orm.unique';
}

/** Why a foreign key refused: the row referred to is missing, or the row is still referred to by others. */
export type ForeignKeyReason = 'missing' | 'referenced';

/** A reference to a row that does not exist, or the removal of a row that others refer to. */
export class ForeignKeyError extends IntegrityError {
  readonly code = 'orm.foreign_key';

  constructor(
    message: string,
    fields: readonly string[],
    constraint: string | undefined,
    /** Undefined where the database does not tell: SQLite, at the end of a transaction. */
    readonly reason: ForeignKeyReason | undefined,
    options: FrameworkErrorOptions = {},
  ) {
    super(message, fields, constraint, options);
  }
}

/** A reference cannot be set to what its `@OnDeleteSet` gives: that goes as well, is no row or key, or is null where it must not be. */
export class ReplacementError extends IntegrityError {
  readonly code = 'orm.replacement';

  constructor(
    entity: string,
    readonly path: string,
    reason: string,
    hint: string,
  ) {
    super(`${entity}.${path} cannot be set to another row: ${reason}`, [path], undefined, { hint });
  }
}

/** A field that must have a value got none. */
export class NotNullError extends IntegrityError {
  readonly code = 'orm.not_null';
}

/** A value broke a check constraint. */
export class CheckError extends IntegrityError {
  readonly code = 'orm.check';
}

/** Another row is in the way of an exclusion constraint: bookings that overlap. */
export class ExclusionError extends IntegrityError {
  readonly code = 'orm.exclusion';
}

/** The query was for exactly one row and there is none; a visitor sees 404. */
export class DoesNotExistError extends FrameworkError {
  readonly code = 'orm.does_not_exist';
  override readonly status = 404;

  constructor(entity: string) {
    super(`No ${entity} matches the query`, { hint: 'Use first() where no row is a normal answer' });
  }
}

/** The query was for exactly one row and more than one matches. */
export class MultipleRowsError extends FrameworkError {
  readonly code = 'orm.multiple_rows';

  constructor(entity: string) {
    super(`More than one ${entity} matches the query`, { hint: 'Filter by a unique field, or use first()' });
  }
}

/** A query names something that the entity does not have; 400 because the name may come from a URL. */
export abstract class FieldError extends FrameworkError {
  override readonly status = 400;
}

/** A path in a query, an ordering or a list of columns does not lead to a field. */
export class UnknownPathError extends FieldError {
  readonly code = 'orm.unknown_path';

  constructor(
    entity: string,
    readonly path: string,
    known: Iterable<string>,
  ) {
    const names = [...known].sort();
    super(`${entity} has no path "${path}". ${didYouMean(path.split('.').at(-1)!, names)}`.trim(), {
      hint: hintOf(path) ?? `Known names: ${names.join(', ')}`,
    });
  }
}

/** What Django writes as a path and is an expression here. */
function hintOf(path: string): string | undefined {
  if (path === '?') return 'Order by Random() for any order';
  if (!path.includes('__')) return undefined;
  return "Lookups belong into filter(), transforms into values(), orderBy() and expressions: F('founded__year')";
}

/** The part after `__` in a lookup key is no lookup, or does not suit the kind of the field. */
export class UnknownLookupError extends FieldError {
  readonly code = 'orm.unknown_lookup';

  constructor(path: string, lookup: string, known: Iterable<string>) {
    const names = [...known].sort();
    super(`"${path}" has no lookup "${lookup}". ${didYouMean(lookup, names)}`.trim(), {
      hint: `Known lookups: ${names.join(', ')}`,
    });
  }
}

/** The database cannot be reached, refused the login, or dropped the connection. Passwords are masked. */
export class ConnectionError extends FrameworkError {
  readonly code = 'orm.connection';
  override readonly status = 503;
}

/** Two transactions blocked each other and the database gave this one up; running it again may succeed. */
export class SerializationError extends FrameworkError {
  readonly code = 'orm.serialization';
  override readonly status = 503;
}

/** A statement ran longer than the statement timeout of its database. */
export class StatementTimeoutError extends FrameworkError {
  readonly code = 'orm.statement_timeout';
  override readonly status = 503;
}

/** A query calls a function that the database does not have. */
export class UnknownFunctionError extends FrameworkError {
  readonly code = 'orm.unknown_function';
  override readonly status = 500;
}

/** The server of a database does not know a time zone that Node knows. */
export class ServerTimeZoneError extends FrameworkError {
  readonly code = 'orm.server_time_zone';

  constructor(alias: string, reason: string, cause: unknown) {
    super(`The server of the database "${alias}" does not know a time zone of the query: ${reason}`, {
      hint: "Update the server's data of time zones (the package tzdata), or name an older zone of the same place",
      cause,
    });
  }
}

/** A statement waited too long for another transaction to end. */
export class TransactionWaitError extends FrameworkError {
  readonly code = 'orm.transaction_wait';
  override readonly status = 503;

  constructor(what: string, milliseconds: number) {
    super(`Waited ${milliseconds} ms for ${what} to end`, {
      hint: 'Await everything that a transaction starts, use atomic() instead of a query runner, and keep slow work (mail, HTTP) out of it',
    });
  }
}

/** Work that was started in a transaction went on after the transaction had ended. */
export class TransactionClosedError extends FrameworkError {
  readonly code = 'orm.transaction_closed';

  constructor() {
    super('A statement arrived after its transaction had ended', {
      hint: 'Await every promise that is made inside atomic()',
    });
  }
}

/**
 * A callback given to `onCommit()` failed. The transaction is committed; of the callbacks behind it only those ran that
 * are `robust`.
 */
export class OnCommitError extends FrameworkError {
  readonly code = 'orm.on_commit';

  constructor(
    failure: unknown,
    /** Callbacks that did not run because of it. */
    readonly skipped: number,
  ) {
    const left = skipped === 0 ? '' : `; ${skipped} behind it did not run`;
    super(`An onCommit() callback failed: ${failure instanceof Error ? failure.message : String(failure)}${left}`, {
      hint: 'The data is saved. Give { robust: true } to callbacks that depend on no other and whose errors shall be logged',
      cause: failure,
    });
  }
}

/** No entity of this class or key is known to the application. */
export class UnknownEntityError extends FrameworkError {
  readonly code = 'orm.unknown_entity';

  constructor(name: string, known: Iterable<string>) {
    super(`No entity "${name}" is registered. ${didYouMean(name, known)}`.trim(), {
      hint: "List the class in the `entities` of its @App, and the app's module in `settings.apps`",
    });
  }
}

/** No database has this alias. */
export class UnknownDatabaseError extends FrameworkError {
  readonly code = 'orm.unknown_database';

  constructor(alias: string, known: Iterable<string>) {
    super(`No database "${alias}" is configured. ${didYouMean(alias, known)}`.trim(), {
      hint: 'Add it to `settings.databases`',
    });
  }
}

/** No app has this name. */
export class UnknownAppError extends FrameworkError {
  readonly code = 'orm.unknown_app';

  constructor(name: string, known: Iterable<string>) {
    super(`No app "${name}" is registered. ${didYouMean(name, known)}`.trim(), {
      hint: "Add the app's module to `settings.apps`",
    });
  }
}

/** The decorators of the entities contradict each other, so that TypeORM cannot read them. */
export class EntityMetadataError extends FrameworkError {
  readonly code = 'orm.entity_metadata';
}

/** A decimal has more digits than SQLite can keep exactly; nothing was stored. */
export class DecimalPrecisionError extends FrameworkError {
  readonly code = 'orm.decimal_precision';
  override readonly status = 409;

  constructor(
    readonly path: string,
    value: string,
    /** How many it keeps. */
    readonly digits: number,
  ) {
    super(`SQLite keeps ${digits} digits of a decimal exactly; ${value} for ${path} has more`, {
      hint: 'Use PostgreSQL or MySQL for such numbers, or store them as text',
    });
  }
}

/** A row with a version was written from a copy that is older than the row; somebody else changed or deleted it. */
export class StaleRowError extends FrameworkError {
  readonly code = 'orm.stale_row';
  override readonly status = 409;

  constructor(
    readonly entity: string,
    readonly key: string,
    /** Version of the copy. */
    readonly version: number,
    /** Version of the row; undefined where it was deleted. */
    readonly current: number | undefined,
  ) {
    const now = current === undefined ? 'is not there any more' : `has version ${current}`;
    super(`${entity} ${key} was read with version ${version} and ${now}`, {
      hint: 'Read the row again and repeat the change',
    });
  }
}

/** An encrypted value cannot be read: its key is unknown, or it was changed, moved, or never encrypted. */
export class DecryptionError extends FrameworkError {
  readonly code = 'orm.decryption';

  constructor(
    /** Which column it is. */
    readonly context: string,
    reason: string,
    cause?: unknown,
  ) {
    super(`A value of ${context} cannot be decrypted: ${reason}`, {
      hint: 'Keep earlier keys behind the first one in settings.encryptionKeys until reencrypt has run',
      cause,
    });
  }
}

/** A column is encrypted and no key is configured. */
export class EncryptionKeyError extends FrameworkError {
  readonly code = 'orm.encryption_key';

  constructor(context: string) {
    super(`There is no key to encrypt ${context} with`, {
      hint: 'Give settings.encryptionKeys; settings.secretKey serves where they are not given',
    });
  }
}

/** A query asks something of an encrypted field that only its plain text could answer. */
export class EncryptedFieldError extends FieldError {
  readonly code = 'orm.encrypted_field';

  constructor(
    readonly path: string,
    what: string,
  ) {
    super(`"${path}" is encrypted, so the database cannot ${what}`, {
      hint: 'Ask isnull of it, or store a keyed hash of the value beside it and look for that',
    });
  }
}

/** A set of related rows cannot be changed this way: no to-many relation, an unsaved row, or rows that need their parent. */
export class RelatedSetError extends FrameworkError {
  readonly code = 'orm.related_set';
}

/** Rows cannot be put into an order that does not name each of them once. */
export class RowOrderError extends FrameworkError {
  readonly code = 'orm.row_order';
  override readonly status = 409;

  constructor(
    readonly entity: string,
    reason: string,
  ) {
    super(`The rows of ${entity} cannot be put into this order: ${reason}`, {
      hint: 'Give all rows of the parent, each once; read them again where others may have changed them',
    });
  }
}

/** A many-to-many relation cannot go by the entity that it names. */
export class UnfitThroughError extends FrameworkError {
  readonly code = 'orm.unfit_through';
}

/** A field was touched that `only` or `defer` left out of the query. */
export class DeferredFieldError extends FrameworkError {
  readonly code = 'orm.deferred_field';

  constructor(
    entity: string,
    readonly path: string,
  ) {
    super(`"${path}" of this ${entity} was not loaded`, {
      hint: `Name it in only(), leave it out of defer(), or load it for all rows of the result: await load(row, '${path}')`,
    });
  }
}

/** A relation was touched that the query did not load, in strict mode. */
export class UnloadedRelationError extends FrameworkError {
  readonly code = 'orm.unloaded_relation';

  constructor(
    entity: string,
    readonly path: string,
  ) {
    super(`"${path}" of this ${entity} was not loaded`, {
      hint: `Add it to selectRelated() or prefetchRelated(), or load it for all rows of the result: await load(row, '${path}')`,
    });
  }
}
