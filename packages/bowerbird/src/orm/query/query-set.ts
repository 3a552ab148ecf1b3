import { type Class } from '#core';

import { type DeletionEffect } from '../cascade/deletion-effect.js';
import { TRASH_SCOPE } from '../describe/entity-description.js';
import { leftOut, trashedRows } from '../model/scopes.js';
import { trashEffects } from '../model/trash-effects.js';
import { restoreRows, trashRows } from '../model/trash.js';
import { functionOnly, optionsOnly, pathsOnly, textOnly, unfit } from './checked-arguments.js';
import { type Checked, type Conditions, type Suggested } from './condition.types.js';
import { type Expression, type OrderBy } from './expressions/expression.js';
import { type CheckedTerms } from './expressions/expression.types.js';
import { orderTerm } from './expressions/order-by.js';
import { type OwnPath, type Path } from './path.types.js';
import { whereOf, type Where } from './q.js';
import { type QueryEngine } from './query-engine.js';
import { QueryJoins } from './query-joins.js';
import { type CountOptions } from './query-reads.js';
import { initialState, type QueryState, type StatedQuery } from './query-state.js';
import { QueryUsageError } from './query.errors.js';
import { countEach, textsEach } from './run/together.js';

/** A value that is given. */
type Given<V> = Exclude<V, undefined | null | false | ''>;

/** A query set of a class of its own: what a manager makes. */
export type QuerySetClass<E extends object, Q> = new (engine: QueryEngine, state: QueryState<E>) => Q;

/** What {@link QuerySet.selectForUpdate} does about rows that are locked already; it waits unless told otherwise. */
export interface LockOptions<E extends object = object> {
  readonly nowait?: boolean;
  readonly skipLocked?: boolean;
  /**
   * Which rows: `self` for those of the query, which it is unless told otherwise, and paths of relations that always
   * have one row. MySQL locks the rows of every joined table.
   */
  readonly of?: readonly ('self' | OwnPath<E>)[];
  /** Lets others store references to the rows meanwhile, where the database can (PostgreSQL). */
  readonly noKey?: boolean;
}

/**
 * A query over the rows of an entity: lazy, immutable and reusable. Each method that refines it returns a new one; a
 * statement runs only when rows, a number or a change are asked for. Names are checked by the compiler and again
 * against the entity's description, and every value is bound as a parameter.
 * See https://docs.djangoproject.com/en/stable/ref/models/querysets/
 */
export class QuerySet<in out E extends object = object, out R = E> extends QueryJoins<E, R> {
  /** The query for every row of an entity. */
  static of<E extends object>(engine: QueryEngine, entity: Class<E>): QuerySet<E> {
    return new QuerySet<E>(engine, initialState(entity));
  }

  /** How many rows each of several queries of one database has, by one statement for hundreds of them. */
  static countEach(queries: readonly QuerySet[], { upTo }: CountOptions = {}): Promise<readonly number[]> {
    return countEach(
      queries.map(({ engine, state }) => ({ engine, state })),
      upTo,
    );
  }

  /**
   * The rows of several queries of one database by one statement. Each has to select the same number of fields with
   * `values()`, of text, whole numbers or uuids: they are read as text. The order of the rows is open.
   */
  static async textsEach<R>(queries: readonly QuerySet<object, R>[]): Promise<readonly R[][]> {
    return (await textsEach(queries.map(({ engine, state }) => ({ engine, state })))) as R[][];
  }

  /**
   * The same query on another database, for reads and changes, whatever routers say.
   * @throws UnknownDatabaseError, WrongDatabaseError when that does not hold the entity
   */
  using(alias: string): this {
    return this.made(
      this.state,
      this.engine.source.engineOf(textOnly('using', alias, 'the name of a database'), this.state.entity),
    );
  }

  /** The class whose rows this queries. */
  get entity(): Class<E> {
    return this.state.entity;
  }

  /** The same query for code that knows the entity at run time only: names are strings, rows are objects. */
  untyped(): QuerySet {
    return this as unknown as QuerySet;
  }

  /** The same query with the type of its entity. @throws QueryUsageError when it is a query of another entity */
  typed<T extends object>(entity: Class<T>): QuerySet<T> {
    if ((this.state.entity as Class) !== (functionOnly('typed', entity, 'an entity') as Class))
      throw new QueryUsageError(`A query of ${this.state.entity.name} is no query of ${entity.name}`);
    return this as unknown as QuerySet<T>;
  }

  /** The same query as one of another class of query sets. */
  as<Q>(rows: QuerySetClass<E, Q>): Q {
    functionOnly('as', rows, 'a class of query sets');
    return new rows(this.engine, this.state);
  }

  /**
   * What a function makes of this query, for conditions that several queries share:
   * `posts.scope(visibleTo, user)`.
   */
  scope<Q, A extends readonly unknown[]>(work: (rows: this, ...args: A) => Q, ...args: A): Q {
    return functionOnly('scope', work, 'a function')(this, ...args);
  }

  /**
   * What a function makes of this query where a value is given, else the query as it is; for filters that are optional:
   * `posts.when(author, (rows, name) => rows.filter({ 'author.name': name }))`. Not given are undefined, null, false and
   * the empty text.
   */
  when<V>(value: V, work: (rows: this, value: Given<V>) => this, otherwise?: (rows: this) => this): this {
    const given = value !== undefined && value !== null && value !== false && value !== '';
    if (given) return functionOnly('when', work, 'a function')(this, value as Given<V>);
    return otherwise ? otherwise(this) : this;
  }

  /** Without some default scopes of the entity, or without any. @throws QueryUsageError for an unknown name */
  withoutScopes(...names: readonly string[]): this {
    return this.with({
      unscoped: leftOut(this.engine.model(this.state.entity), this.state.unscoped, pathsOnly('withoutScopes', names)),
    });
  }

  /** With the rows that are marked as deleted. @throws QueryUsageError for an entity without a deletion date */
  withTrashed(): this {
    return this.withoutScopes(TRASH_SCOPE);
  }

  /**
   * The same query in a time zone: `createdAt__date`, `createdAt__hour`, `ExtractHour()`, `TruncDay()`, `dates()` and
   * whatever else takes moments apart look at its calendar and clocks. A name of the IANA database; `settings.orm.timeZone`
   * has it for queries that name none, and UTC is that of all others. Queries inside of this one have zones of their own.
   * See https://docs.djangoproject.com/en/stable/topics/i18n/timezones/
   * @throws UnknownTimeZoneError with the statement
   */
  inZone(zone: string): this {
    this.refuseCombined('inZone');
    return this.with({ zone: textOnly('inZone', zone, 'the name of a zone') });
  }

  /** Nothing but the rows that are marked as deleted. @throws QueryUsageError for an entity without a deletion date */
  onlyTrashed(): this {
    return this.withTrashed().where(trashedRows(this.engine.model(this.state.entity)), 'onlyTrashed');
  }

  /**
   * Rows that match all of the lookups. Lookups of one call that cross the same to-many relation must hold for the same
   * related row; those of two calls may hold for different ones. No row comes twice.
   * @throws FieldError for an unknown path or lookup, or a value that does not fit; all checks run with the statement
   */
  filter<const L extends Conditions<E>>(condition: L & Checked<E, L>): this {
    return this.where(whereOf(condition), 'filter');
  }

  /** Every row that `filter` with the same lookups would leave out, those included for which NULL decides. */
  exclude<const L extends Conditions<E>>(condition: L & Checked<E, L>): this {
    return this.where({ op: 'not', part: whereOf(condition) }, 'exclude');
  }

  /**
   * Replaces the ordering: paths, `-` in front for descending. Nulls count as the greatest values on every database.
   * Over a to-many relation the first related row decides. Without terms the result is unordered.
   */
  orderBy<const T extends readonly (Suggested<Path<E, 1> | `-${Path<E, 1>}`> | OrderBy | Expression)[]>(
    ...terms: T & CheckedTerms<E, T>
  ): this {
    this.refuseSliced('orderBy');
    return this.with({ order: (terms as readonly (string | OrderBy | Expression)[]).map(orderTerm) });
  }

  /** The opposite ordering. */
  reverse(): this {
    this.refuseSliced('reverse');
    return this.with({ reversed: !this.state.reversed });
  }

  /** Appends the primary key to the ordering, so that no two rows have the same place. */
  totallyOrdered(): this {
    return this.with({ total: true });
  }

  /** Rows behind the first `offset` of this query, at most `limit` of them. */
  override slice(offset: number, limit?: number): this {
    const least = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
    if (!least(offset) || (limit !== undefined && !least(limit)))
      throw unfit('slice', 'whole numbers from 0', least(offset) ? limit : offset);
    const left = this.state.limit === null ? Infinity : Math.max(0, this.state.limit - offset);
    const rows = Math.min(left, limit ?? Infinity);
    return this.with({ offset: this.state.offset + offset, limit: rows === Infinity ? null : rows });
  }

  /** Rows after the one with a cursor of {@link page}, in a total ordering. @throws BadCursorError with the statement */
  after(cursor: string): this {
    return this.with({ total: true, seek: { direction: 'after', cursor } });
  }

  /** Rows before the one with a cursor, in the ordering of the query. With a slice: the ones next to it. */
  before(cursor: string): this {
    return this.with({ total: true, seek: { direction: 'before', cursor } });
  }

  /** A query without rows, for which no statement runs. */
  none(): this {
    return this.with({ empty: true });
  }

  /**
   * Locks the rows that are read until the transaction ends: others who want to change or lock them wait, or with
   * `nowait` get an error at once, or with `skipLocked` do not see them. A transaction on SQLite that writes is alone
   * anyway. See https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-for-update
   * @throws QueryUsageError outside of a transaction
   */
  selectForUpdate(options: LockOptions<E> = {}): this {
    const {
      nowait = false,
      skipLocked = false,
      of = ['self'],
      noKey = false,
    } = optionsOnly('selectForUpdate', options);
    if (nowait && skipLocked) throw new QueryUsageError('selectForUpdate() takes nowait or skipLocked, not both');
    if (of.length === 0) throw new QueryUsageError('selectForUpdate() needs rows to lock', { hint: 'Leave `of` out' });
    return this.with({ lock: { wait: nowait ? 'nowait' : skipLocked ? 'skip-locked' : 'wait', of, noKey } });
  }

  /**
   * Deletes every row and returns how many there were. Rows of an entity with a deletion date are only marked, together
   * with the rows that go with them; where rows forbid it nothing is changed. @throws ForeignKeyError
   */
  override async delete(): Promise<number> {
    return this.engine.model(this.state.entity).description.deletionDate === null
      ? super.delete()
      : trashRows(this.writer, this.state);
  }

  /** What `delete()` would do to other rows; for an entity with a deletion date that is what goes along with the mark. */
  override async deletionEffects(): Promise<readonly DeletionEffect[]> {
    const effects = await super.deletionEffects();
    const { deletionDate } = this.engine.model(this.state.entity).description;
    return deletionDate === null ? effects : trashEffects(this.engine, effects);
  }

  /** Deletes every row for good, also of an entity with a deletion date. @throws ForeignKeyError */
  async forceDelete(): Promise<number> {
    return super.delete();
  }

  /** Takes the mark of deletion away from every row that has it, and from those that went with it. */
  async restore(): Promise<number> {
    return restoreRows(this.writer, this.onlyTrashed().state);
  }

  /** The query as data, for what combines several. */
  stated(): StatedQuery {
    return { engine: this.engine, state: this.state };
  }

  private where(where: Where, method: string): this {
    return this.made(this.matching(where, method));
  }
}
