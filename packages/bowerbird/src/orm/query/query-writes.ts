import { listOnly, optionsOnly, pathsOnly, recordOnly } from './checked-arguments.js';
import { type Expression } from './expressions/expression.js';
import { type CheckedUpdate } from './lookup.types.js';
import { type IsUntyped } from './marks.types.js';
import { type FieldName, type KeyOf, type NoSuchPath, type OwnPath, type Related } from './path.types.js';
import { QueryReads } from './query-reads.js';
import { bulkCreate } from './run/bulk-create.js';
import { bulkUpdate } from './run/bulk-update.js';
import { deleteAndCount, type Deletion } from './run/delete.js';
import { createRow, getOrCreate, updateOrCreate, type GotOrCreated } from './run/get-or-create.js';
import { deleteRows, updateRows } from './run/write.js';

/** The columns that `update` sets. */
type Changes<E> = { readonly [K in FieldName<E>]?: unknown } & object;

type CheckedChanges<E, V> =
  IsUntyped<E> extends true ? unknown : { [K in keyof V]: K extends string ? CheckedUpdate<E, K, V[K]> : never };

/** The value of a property; a relation also takes the key of its row. */
type NewValue<T> = [Related<T>] extends [never] ? T : T | KeyOf<Related<T>>;

/** Values of the properties of a row. */
export type NewValues<E> =
  IsUntyped<E> extends true ? Readonly<Record<string, unknown>> : { readonly [K in FieldName<E>]?: NewValue<E[K]> };

/** What an expression for a property comes to: the key of the row where it is a relation. */
type Computed<T> = [Related<T>] extends [never] ? T | null : KeyOf<Related<T>> | null;

/**
 * The same, each of them also as an expression that the database works out, such as `Lower(Value('X'))`. A new row has
 * nothing yet that `F` could name.
 */
export type NewRowValues<E> =
  IsUntyped<E> extends true
    ? Readonly<Record<string, unknown>>
    : { readonly [K in FieldName<E>]?: NewValue<E[K]> | Expression<Computed<E[K]>, never> };

/** Changes of one row: the value of a property, or an expression over the row as it is. */
type CheckedRowChanges<E, V> =
  IsUntyped<E> extends true
    ? unknown
    : {
        [K in keyof V]: K extends FieldName<E>
          ? V[K] extends Expression
            ? CheckedUpdate<E, K, V[K]>
            : NewValue<E[K]>
          : NoSuchPath<K & string>;
      };

/** What becomes of a row of `bulkCreate` when another one has the same values in a unique set. */
export type ConflictRule<E> =
  | 'ignore'
  | {
      /** What is set to the values of the new row. */
      readonly update: readonly OwnPath<E>[];
      /** The unique set that decides which row is in the way; others are an error. */
      readonly unique: readonly (OwnPath<E> | 'pk')[];
    };

/** How {@link QueryWrites.bulkCreate} stores rows. */
export interface BulkCreateOptions<E> {
  /** Most rows of one statement; as many as databases take. */
  readonly batch?: number;
  /** An error, unless told otherwise. */
  readonly onConflict?: ConflictRule<E>;
}

/** How {@link QueryWrites.bulkUpdate} writes rows. */
export interface BulkUpdateOptions<S = Readonly<Record<string, unknown>>> {
  /** Most rows of one statement; 500. */
  readonly batch?: number;
  /** What is the same for all rows: values, or expressions that the database works out for each of them. */
  readonly set?: S;
}

/** What a query changes; {@link QuerySet} adds what refines it. */
export abstract class QueryWrites<in out E extends object, out R> extends QueryReads<E, R> {
  /** Stores a new row and returns it. @throws IntegrityError, BadLookupValueError, UnknownPathError */
  async create(values: NewRowValues<E>): Promise<E> {
    this.refuseShape('create');
    return (await createRow(this.writer, this.state, recordOnly('create', values, 'values'))) as E;
  }

  /**
   * Stores new rows, of values or of instances, by as few statements as the database takes, all of them or none. Returns
   * instances with their keys and what the database has set; rows that `onConflict: 'ignore'` may have left out stay as
   * they were given, for no database tells which they are. @throws IntegrityError, BadLookupValueError, UnknownPathError
   */
  async bulkCreate(rows: readonly (NewValues<E> | E)[], options: BulkCreateOptions<E> = {}): Promise<E[]> {
    this.refuseShape('bulkCreate');
    listOnly('bulkCreate', rows, 'rows').forEach((row) => recordOnly('bulkCreate', row, 'values'));
    return (await bulkCreate(this.writer, this.state, rows, optionsOnly('bulkCreate', options))) as E[];
  }

  /**
   * Stores some fields of rows that have their keys, by one statement for 500 rows, and returns how many of this query
   * there were. Of a row that is given twice the last counts. A value may be an expression, which the database works out
   * of the row as it is: `{ id: 3, views: F('views').plus(1) }`; instances keep what they hold.
   * @throws IntegrityError, BadLookupValueError, FieldError
   */
  async bulkUpdate<const S extends Changes<E> = object>(
    rows: readonly (NewValues<E> | E)[],
    fields: readonly OwnPath<E>[],
    options?: BulkUpdateOptions<S & CheckedChanges<E, S>>,
  ): Promise<number>;
  async bulkUpdate<const V extends Changes<E>, const S extends Changes<E> = object>(
    rows: readonly (V & CheckedChanges<E, V>)[],
    fields: readonly OwnPath<E>[],
    options?: BulkUpdateOptions<S & CheckedChanges<E, S>>,
  ): Promise<number>;
  async bulkUpdate(
    rows: readonly object[],
    fields: readonly string[],
    options: BulkUpdateOptions = {},
  ): Promise<number> {
    this.refuseShape('bulkUpdate');
    listOnly('bulkUpdate', rows, 'rows').forEach((row) => recordOnly('bulkUpdate', row, 'values'));
    pathsOnly('bulkUpdate', listOnly('bulkUpdate', fields, 'fields'));
    return bulkUpdate(this.writer, this.state, rows, fields, optionsOnly('bulkUpdate', options));
  }

  /**
   * The row of this query that has some values, or a new one with them and with the defaults. Two at once make one row
   * where a unique set covers the values. @throws MultipleRowsError, IntegrityError, BadLookupValueError
   */
  async getOrCreate(match: NewValues<E>, defaults: NewRowValues<E> = {}): Promise<GotOrCreated<E>> {
    this.refuseShape('getOrCreate');
    this.refuseSliced('getOrCreate');
    [match, defaults].forEach((values) => recordOnly('getOrCreate', values, 'values'));
    return (await getOrCreate(this.writer, this.state, match, defaults)) as GotOrCreated<E>;
  }

  /**
   * Changes the row of this query that has some values, or makes one with them, the changes, and what only a new row
   * gets. The row is locked in between, so that no change of somebody else is lost. Changes may be expressions over the
   * row; where they name its fields, a new row needs an initial value. @throws MultipleRowsError, IntegrityError,
   * BadLookupValueError
   */
  async updateOrCreate<const V extends Changes<E>>(
    match: NewValues<E>,
    changes: V & CheckedRowChanges<E, V>,
    initial: NewRowValues<E> = {},
  ): Promise<GotOrCreated<E>> {
    this.refuseShape('updateOrCreate');
    this.refuseSliced('updateOrCreate');
    [match, changes, initial].forEach((values) => recordOnly('updateOrCreate', values, 'values'));
    return (await updateOrCreate(this.writer, this.state, match, changes, initial)) as GotOrCreated<E>;
  }

  /** Sets columns of every row in one statement and returns how many rows match. @throws FieldError, IntegrityError */
  async update<const V extends Changes<E>>(values: V & CheckedChanges<E, V>): Promise<number> {
    return updateRows(this.writer, this.state, recordOnly('update', values, 'values'));
  }

  /** Deletes every row in one statement and returns how many there were. @throws ForeignKeyError */
  async delete(): Promise<number> {
    return deleteRows(this.writer, this.state);
  }

  /**
   * Deletes every row, and tells how many rows of which entity went: also those that the database removes with them, and
   * links. Foreign keys decide what happens to others. @throws ForeignKeyError, QueryUsageError for an entity with a
   * deletion date
   */
  async deleteAndCount(): Promise<Deletion> {
    return deleteAndCount(this.writer, this.state);
  }
}
