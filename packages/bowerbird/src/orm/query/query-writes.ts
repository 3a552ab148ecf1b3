import { type UpdateValue } from './lookup.types.js';
import { type FieldName, type IsUntyped } from './path.types.js';
import { QueryReads } from './query-reads.js';
import { createRow, getOrCreate, updateOrCreate, type GotOrCreated } from './run/get-or-create.js';
import { deleteRows, updateRows } from './run/write.js';

/** The columns that `update` sets. */
type Changes<E> = { readonly [K in FieldName<E>]?: unknown } & object;

type CheckedChanges<E, V> =
  IsUntyped<E> extends true ? unknown : { [K in keyof V]: K extends string ? UpdateValue<E, K> : never };

/** Values of the properties of a row. */
export type NewValues<E> =
  IsUntyped<E> extends true ? Readonly<Record<string, unknown>> : { readonly [K in FieldName<E>]?: E[K] };

/** What a query changes; {@link QuerySet} adds what refines it. */
export abstract class QueryWrites<in out E extends object, out R> extends QueryReads<E, R> {
  /** Stores a new row and returns it. @throws IntegrityError */
  async create(values: NewValues<E>): Promise<E> {
    this.refuseShape('create');
    return (await createRow(this.engine, this.state, values)) as E;
  }

  /**
   * The row of this query that has some values, or a new one with them and with the defaults. Two at once make one row
   * where a unique set covers the values. @throws MultipleRowsError, IntegrityError
   */
  async getOrCreate(match: NewValues<E>, defaults: NewValues<E> = {}): Promise<GotOrCreated<E>> {
    this.refuseShape('getOrCreate');
    this.refuseSliced('getOrCreate');
    return (await getOrCreate(this.engine, this.state, match, defaults)) as GotOrCreated<E>;
  }

  /**
   * Changes the row of this query that has some values, or makes one with them, the changes, and what only a new row
   * gets. The row is locked in between, so that no change of somebody else is lost. @throws MultipleRowsError, IntegrityError
   */
  async updateOrCreate(
    match: NewValues<E>,
    changes: NewValues<E>,
    initial: NewValues<E> = {},
  ): Promise<GotOrCreated<E>> {
    this.refuseShape('updateOrCreate');
    this.refuseSliced('updateOrCreate');
    return (await updateOrCreate(this.engine, this.state, match, changes, initial)) as GotOrCreated<E>;
  }

  /** Sets columns of every row in one statement and returns how many rows match. @throws FieldError, IntegrityError */
  async update<const V extends Changes<E>>(values: V & CheckedChanges<E, V>): Promise<number> {
    return updateRows(this.engine, this.state, values);
  }

  /** Deletes every row in one statement and returns how many there were. @throws ForeignKeyError */
  async delete(): Promise<number> {
    return deleteRows(this.engine, this.state);
  }
}
