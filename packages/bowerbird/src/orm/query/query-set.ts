import { type Class } from '#core';

import { type DeletionEffect } from '../cascade/deletion-effect.js';
import { deletionEffects } from '../cascade/deletion-effects.js';
import { compileList } from './compile/list.js';
import { type CheckedLookups, type SuggestedLookup, type UpdateValue } from './lookup.types.js';
import { type ColumnModel } from './model/entity-model.js';
import {
  type CheckedOrder,
  type CheckedPath,
  type CheckedRelation,
  type CheckedToOne,
  type FieldName,
  type IsUntyped,
  type Path,
  type PathValue,
  type RelationPath,
  type ValuesRow,
} from './path.types.js';
import { whereOf, type Condition, type Where } from './q.js';
import { type QueryEngine } from './query-engine.js';
import { QueryHandle } from './query-handle.js';
import { initialState, isSliced, type QueryState } from './query-state.js';
import { QueryUsageError } from './query.errors.js';
import { count, estimate, exists } from './run/count.js';
import { compileQuery, fetchAll, fetchFirst, fetchOne } from './run/fetch.js';
import { iterate } from './run/iterate.js';
import { fetchPage, type Page, type PageRequest } from './run/page.js';
import { countEach, textsEach } from './run/together.js';
import { deleteRows, updateRows } from './run/write.js';
import { type SqlDialect } from './sql/sql-dialect.js';
import { type Sql, type Statement } from './sql/sql.js';

/** Lets editors complete names although any checked string is accepted. */
type Suggested<Names> = Names | (string & {});

/**
 * What `filter` takes: lookups or a condition. Names near by are completed in editors and any other is let through, for
 * `Checked` to judge. It is no union because the compiler would intersect its members for each call.
 */
type Conditions<E> = { readonly [K in SuggestedLookup<E>]?: unknown } & object;

/** What `filter` takes, each of its keys checked. */
type Checked<E, L> =
  IsUntyped<E> extends true
    ? unknown
    : L extends Condition<infer M>
      ? Condition<M extends unknown ? CheckedLookups<E, M> : never>
      : CheckedLookups<E, L>;

/** The columns that `update` sets. */
type Changes<E> = { readonly [K in FieldName<E>]?: unknown } & object;

type CheckedChanges<E, V> =
  IsUntyped<E> extends true ? unknown : { [K in keyof V]: K extends string ? UpdateValue<E, K> : never };

/** How {@link QuerySet.iterator} reads. */
export interface IterateOptions {
  /** Rows per statement; 1,000. */
  readonly chunk?: number;
}

/** How {@link QuerySet.count} counts. */
export interface CountOptions {
  /** Stop here: the result is at most `upTo + 1`, which means "more than `upTo`". */
  readonly upTo?: number;
}

const CHUNK = 1_000;

/**
 * A query over the rows of an entity: lazy, immutable and reusable. Each method that refines it returns a new one; a
 * statement runs only when rows, a number or a change are asked for. Names are checked by the compiler and again
 * against the entity's description, and every value is bound as a parameter.
 * See https://docs.djangoproject.com/en/stable/ref/models/querysets/
 */
export class QuerySet<in out E extends object = object, out R = E> extends QueryHandle implements AsyncIterable<R> {
  constructor(
    private readonly engine: QueryEngine,
    private readonly state: QueryState<E>,
  ) {
    super();
  }

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
    if ((this.state.entity as Class) !== (entity as Class))
      throw new QueryUsageError(`A query of ${this.state.entity.name} is no query of ${entity.name}`);
    return this as unknown as QuerySet<T>;
  }

  /**
   * Rows that match all of the lookups. Lookups of one call that cross the same to-many relation must hold for the same
   * related row; those of two calls may hold for different ones. No row comes twice.
   * @throws FieldError for an unknown path or lookup, or a value that does not fit; all checks run with the statement
   */
  filter<const L extends Conditions<E>>(condition: L & Checked<E, L>): QuerySet<E, R> {
    return this.where(whereOf(condition), 'filter');
  }

  /** Every row that `filter` with the same lookups would leave out, those included for which NULL decides. */
  exclude<const L extends Conditions<E>>(condition: L & Checked<E, L>): QuerySet<E, R> {
    return this.where({ op: 'not', part: whereOf(condition) }, 'exclude');
  }

  /**
   * Replaces the ordering: paths, `-` in front for descending. Nulls count as the greatest values on every database.
   * Over a to-many relation the first related row decides. Without terms the result is unordered.
   */
  orderBy<const P extends Suggested<Path<E, 1> | `-${Path<E, 1>}`> = never>(
    ...terms: readonly (P & CheckedOrder<E, P>)[]
  ): QuerySet<E, R> {
    this.refuseSliced('orderBy');
    return this.with({ order: terms });
  }

  /** The opposite ordering. */
  reverse(): QuerySet<E, R> {
    this.refuseSliced('reverse');
    return this.with({ reversed: !this.state.reversed });
  }

  /** Appends the primary key to the ordering, so that no two rows have the same place. */
  totallyOrdered(): QuerySet<E, R> {
    return this.with({ total: true });
  }

  /** Rows behind the first `offset` of this query, at most `limit` of them. */
  slice(offset: number, limit?: number): QuerySet<E, R> {
    const least = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
    if (!least(offset) || (limit !== undefined && !least(limit)))
      throw new QueryUsageError(`slice() takes whole numbers from 0, got ${offset} and ${limit}`);
    const left = this.state.limit === null ? Infinity : Math.max(0, this.state.limit - offset);
    const rows = Math.min(left, limit ?? Infinity);
    return this.with({ offset: this.state.offset + offset, limit: rows === Infinity ? null : rows });
  }

  /** Rows that differ in at least one of the selected values. Of use with `values` and `flat`. */
  distinct(): QuerySet<E, R> {
    this.refuseSliced('distinct');
    return this.with({ distinct: true });
  }

  /** Rows after the one with a cursor of {@link page}, in a total ordering. @throws BadCursorError with the statement */
  after(cursor: string): QuerySet<E, R> {
    return this.with({ total: true, seek: { direction: 'after', cursor } });
  }

  /** Rows before the one with a cursor, in the ordering of the query. With a slice: the ones next to it. */
  before(cursor: string): QuerySet<E, R> {
    return this.with({ total: true, seek: { direction: 'before', cursor } });
  }

  /** Loads to-one relations by joins in the same statement. */
  selectRelated<const P extends Suggested<RelationPath<E, 1>> = never>(
    ...paths: readonly (P & CheckedToOne<E, P>)[]
  ): QuerySet<E, R> {
    return this.with({ related: [...this.state.related, ...paths] });
  }

  /** Loads relations of any kind by one more statement for each level, whatever the number of rows. */
  prefetchRelated<const P extends Suggested<RelationPath<E, 1>> = never>(
    ...paths: readonly (P & CheckedRelation<E, P>)[]
  ): QuerySet<E, R> {
    return this.with({ prefetch: [...this.state.prefetch, ...paths] });
  }

  /** Plain objects with the values at some paths instead of entities. To-many paths give a row per related row. */
  values<const P extends Suggested<Path<E, 1>> = never>(
    ...paths: readonly (P & CheckedPath<E, P>)[]
  ): QuerySet<E, ValuesRow<E, P>> {
    return new QuerySet<E, ValuesRow<E, P>>(this.engine, { ...this.state, shape: { type: 'values', paths } });
  }

  /** The bare values at one path instead of entities. */
  flat<const P extends Suggested<Path<E, 1>>>(path: P & CheckedPath<E, P>): QuerySet<E, PathValue<E, P>> {
    return new QuerySet<E, PathValue<E, P>>(this.engine, { ...this.state, shape: { type: 'flat', path } });
  }

  /** A query without rows, for which no statement runs. */
  none(): QuerySet<E, R> {
    return this.with({ empty: true });
  }

  /** Every row. */
  async all(): Promise<R[]> {
    return (await fetchAll(this.engine, this.state)) as R[];
  }

  /** The only row, of those that match the lookups if there are any. @throws DoesNotExistError, MultipleRowsError */
  async get<const L extends Conditions<E> = never>(condition?: L & Checked<E, L>): Promise<R> {
    const query = condition === undefined ? this : this.where(whereOf(condition), 'get');
    return (await fetchOne(this.engine, query.state)) as R;
  }

  /** The first row or null; by primary key when the query is unordered. */
  async first(): Promise<R | null> {
    return (await fetchFirst(this.engine, this.state)) as R | null;
  }

  /** The last row or null; by primary key when the query is unordered. */
  async last(): Promise<R | null> {
    this.refuseSliced('last');
    return (await fetchFirst(this.engine, { ...this.state, reversed: !this.state.reversed })) as R | null;
  }

  /** How many rows there are. */
  async count({ upTo }: CountOptions = {}): Promise<number> {
    return count(this.engine, this.state, upTo);
  }

  /** About how many rows there are, from the statistics of the database where it has some; exact on SQLite. */
  async estimatedCount(): Promise<number> {
    return estimate(this.engine, this.state);
  }

  /** Whether there is a row. */
  async exists(): Promise<boolean> {
    return exists(this.engine, this.state);
  }

  /** One page by its place in the ordering, which costs the same wherever it is. @throws BadCursorError */
  async page(request: PageRequest): Promise<Page<R>> {
    return (await fetchPage(this.engine, this.state, request)) as Page<R>;
  }

  /** Every row, read in chunks with flat memory; rows written meanwhile may or may not be seen. */
  iterator({ chunk = CHUNK }: IterateOptions = {}): AsyncIterableIterator<R> {
    return iterate(this.engine, this.state, chunk) as AsyncIterableIterator<R>;
  }

  [Symbol.asyncIterator](): AsyncIterator<R> {
    return this.iterator();
  }

  /** Sets columns of every row in one statement and returns how many rows match. @throws FieldError, IntegrityError */
  async update<const V extends Changes<E>>(values: V & CheckedChanges<E, V>): Promise<number> {
    return updateRows(this.engine, this.state, values);
  }

  /** Deletes every row in one statement and returns how many there were. @throws ForeignKeyError */
  async delete(): Promise<number> {
    return deleteRows(this.engine, this.state);
  }

  /**
   * What deleting these rows would do to others along the foreign keys: how many rows of which entity would go with
   * them, lose their reference, or forbid it. Counted by the database, one statement for each entity or relation.
   */
  async deletionEffects(): Promise<readonly DeletionEffect[]> {
    return deletionEffects(this.engine, this.engine.model(this.state.entity), this);
  }

  /** The statement that `all()` would run. @throws FieldError */
  toSQL(): Statement {
    return this.engine.render(compileQuery(this.engine, this.state).sql);
  }

  /** This query as the list of an `in` lookup. */
  override list(columns: readonly ColumnModel[] | undefined): Sql {
    return compileList(this.engine, this.state, columns);
  }

  override runsOn(dialect: SqlDialect): boolean {
    return this.engine.dialect === dialect;
  }

  private where(where: Where, method: string): QuerySet<E, R> {
    this.refuseSliced(method);
    return this.with({ where: [...this.state.where, where] });
  }

  private with(change: Partial<QueryState<E>>): QuerySet<E, R> {
    return new QuerySet<E, R>(this.engine, { ...this.state, ...change });
  }

  private refuseSliced(method: string): void {
    if (isSliced(this.state))
      throw new QueryUsageError(`${method}() cannot follow slice()`, { hint: `Call ${method}() before slice()` });
  }
}
