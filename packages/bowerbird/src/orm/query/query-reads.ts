import { inspect } from 'node:util';

import { type DeletionEffect } from '../cascade/deletion-effect.js';
import { deletionEffects } from '../cascade/deletion-effects.js';
import { DoesNotExistError } from '../orm.errors.js';
import { expressionsOf } from './annotate.js';
import { iterableOnly, optionsOnly, pathsOnly, recordOnly, textOnly, wholeOnly } from './checked-arguments.js';
import { type AliasSource } from './compile/join-scope.js';
import { compileList, compilePresence, compileScalar } from './compile/list.js';
import { type SourceTable } from './compile/source-table.js';
import { uniqueNames, type UniqueNames } from './compile/unique-names.js';
import { sourceTable } from './compile/values-table.js';
import { type Checked, type Conditions, type Suggested } from './condition.types.js';
import { type CompiledExpression, type ExpressionContext } from './expressions/expression.js';
import { type Annotation, type AnnotationValues, type CheckedAnnotations } from './expressions/expression.types.js';
import { type ColumnModel } from './model/entity-model.js';
import {
  type CheckedOrder,
  type CheckedPath,
  type FieldName,
  type KeyOf,
  type Path,
  type PathValue,
} from './path.types.js';
import { whereOf, type Where } from './q.js';
import { type QueryEngine, type RawRow } from './query-engine.js';
import { QueryHandle } from './query-handle.js';
import { isSliced, type QueryState } from './query-state.js';
import { QueryUsageError } from './query.errors.js';
import { fetchAggregates } from './run/aggregate.js';
import { count, estimate, exists } from './run/count.js';
import {
  fetchDates,
  fetchMoments,
  listedAs,
  type DateListOptions,
  type DateUnit,
  type Direction,
  type TimeUnit,
} from './run/dates.js';
import { explainSql, type ExplainOptions } from './run/explain.js';
import {
  compileQuery,
  fetchAll,
  fetchFirst,
  fetchOne,
  fetchRaw,
  hydrateRaw,
  knownQuery,
  refuseLock,
  type CompiledQuery,
} from './run/fetch.js';
import { fetchInBulk } from './run/in-bulk.js';
import { iterate } from './run/iterate.js';
import { fetchPage, type Page, type PageRequest } from './run/page.js';
import { fetchCounted, type CountedSlice } from './run/slice-with-count.js';
import { type SqlDialect } from './sql/sql-dialect.js';
import { type Sql, type Statement } from './sql/sql.js';

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

/** What a query answers without changing anything; {@link QuerySet} adds what refines it. */
export abstract class QueryReads<in out E extends object, out R> extends QueryHandle implements AsyncIterable<R> {
  constructor(
    protected readonly engine: QueryEngine,
    protected readonly state: QueryState<E>,
  ) {
    super();
  }

  /** What runs the changes of this query; another than what reads where a router says so. */
  protected get writer(): QueryEngine {
    return this.engine.writer;
  }

  abstract slice(offset: number, limit?: number): this;

  /** Every row. */
  async all(): Promise<R[]> {
    return (await fetchAll(this.engine, this.state)) as R[];
  }

  /** The rows as the database gives them, for {@link hydrate} of the same query. What they look like may change. */
  rawRows(): Promise<readonly RawRow[]> {
    return fetchRaw(this.engine, this.state);
  }

  /** The statement that {@link rawRows} sends, for one that asks for something beside it. */
  rawStatement(): Statement {
    return this.engine.statement(this.compiled().sql);
  }

  /** The query as it is sent, and what makes its result; one that is known to have no rows asks for none. */
  compiled(): CompiledQuery {
    const { engine, state } = this;
    if (state.lock) refuseLock(engine, state);
    return knownQuery(engine, state.empty ? { ...state, limit: 0 } : state);
  }

  /**
   * What {@link all} makes of rows that {@link rawRows} of the same query gave before, each time anew: for what is kept for
   * a while. The rows belong to the result from then on. At once, unless something more has to be loaded.
   */
  hydrate(rows: readonly RawRow[]): R[] | Promise<R[]> {
    return hydrateRaw(this.engine, this.state, rows) as R[] | Promise<R[]>;
  }

  /** The only row, of those that match the lookups if there are any. @throws DoesNotExistError, MultipleRowsError */
  async get<const L extends Conditions<E> = never>(condition?: L & Checked<E, L>): Promise<R> {
    const state = condition === undefined ? this.state : this.matching(whereOf(condition), 'get');
    return (await fetchOne(this.engine, state)) as R;
  }

  /** The only row: what `get()` without lookups finds. @throws DoesNotExistError, MultipleRowsError */
  async sole(): Promise<R> {
    return this.get();
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

  /**
   * The row that comes last by some terms instead of the query's own ordering, or by the entity's `latestBy`.
   * @throws DoesNotExistError
   */
  async latest<const P extends Suggested<Path<E, 1> | `-${Path<E, 1>}`> = never>(
    ...terms: readonly (P & CheckedOrder<E, P>)[]
  ): Promise<R> {
    return this.outermost(pathsOnly('latest', terms), true);
  }

  /**
   * The row that comes first by some terms instead of the query's own ordering, or by the entity's `latestBy`.
   * @throws DoesNotExistError
   */
  async earliest<const P extends Suggested<Path<E, 1> | `-${Path<E, 1>}`> = never>(
    ...terms: readonly (P & CheckedOrder<E, P>)[]
  ): Promise<R> {
    return this.outermost(pathsOnly('earliest', terms), false);
  }

  /** How many rows there are. */
  async count(options: CountOptions = {}): Promise<number> {
    return count(this.engine, this.state, optionsOnly('count', options).upTo);
  }

  /**
   * Values of all rows at once: `aggregate({ total: Sum('price'), cheap: Count('id', { filter: Q({ price__lt: 5 }) }) })`.
   * Over a relation to many its rows count once for each row of the query.
   */
  async aggregate<const A extends Readonly<Record<string, Annotation>>>(
    aggregates: A & CheckedAnnotations<E, A>,
  ): Promise<AnnotationValues<E, A>> {
    const wanted = expressionsOf(recordOnly('aggregate', aggregates, 'aggregates'));
    return (await fetchAggregates(this.engine, this.state, wanted, this)) as AnnotationValues<E, A>;
  }

  /** About how many rows there are, from the statistics of the database where it has some; exact on SQLite. */
  async estimatedCount(): Promise<number> {
    return estimate(this.engine, this.state);
  }

  /** Whether there is a row. */
  async exists(): Promise<boolean> {
    return exists(this.engine, this.state);
  }

  /** Whether a row is among the results. Compares keys, so that a row loaded elsewhere is found too. */
  async contains(row: E): Promise<boolean> {
    this.refuseShape('contains');
    return exists(this.engine, this.matching({ op: 'lookups', lookups: { pk: row } }, 'contains'));
  }

  /**
   * Rows by their keys, or by another unique field; keys without a row are left out. Without keys: every row. Keys of
   * several columns are objects, under each of which stands the row that it asked for.
   * @throws QueryUsageError for a field that is not unique
   */
  async inBulk<const K extends FieldName<E> & string = never>(
    keys?: Iterable<unknown>,
    options: { readonly by?: K } = {},
  ): Promise<Map<[K] extends [never] ? KeyOf<E> : PathValue<E, K>, R>> {
    this.refuseShape('inBulk');
    if (keys && isSliced(this.state)) this.refuseSliced('inBulk');
    const { by } = optionsOnly('inBulk', options);
    if (keys !== undefined) iterableOnly('inBulk', keys, 'a list of keys');
    return (await fetchInBulk(this.engine, this.state, { keys, by })) as never;
  }

  /**
   * The distinct days on which the values at a path begin a year, a month, a week (Monday) or a day, in order:
   * `dates('createdAt', 'month', { zone: 'Europe/Berlin', direction: 'descending' })`.
   */
  async dates<const P extends Suggested<Path<E, 1>>>(
    path: P & CheckedPath<E, P>,
    unit: DateUnit,
    options: Direction | DateListOptions = {},
  ): Promise<string[]> {
    this.refuseCombined('dates');
    return fetchDates(this.engine, this.state, { path: textOnly('dates', path, 'a path'), unit, ...listedAs(options) });
  }

  /** The distinct moments at which the values at a path begin a unit of time, in order. */
  async datetimes<const P extends Suggested<Path<E, 1>>>(
    path: P & CheckedPath<E, P>,
    unit: DateUnit | TimeUnit,
    options: Direction | DateListOptions = {},
  ): Promise<Date[]> {
    this.refuseCombined('datetimes');
    return fetchMoments(this.engine, this.state, {
      path: textOnly('datetimes', path, 'a path'),
      unit,
      ...listedAs(options),
    });
  }

  /** One page by its place in the ordering, which costs the same wherever it is. @throws BadCursorError */
  async page(request: PageRequest): Promise<Page<R>> {
    this.refuseCombined('page');
    wholeOnly('page', recordOnly('page', request, 'the size').size, 'a size that is a whole number');
    return (await fetchPage(this.engine, this.state, request)) as Page<R>;
  }

  /**
   * Some rows from an offset on, and how many rows the query has, mostly by one statement. With `upTo` rows are counted to
   * one more than that.
   */
  async sliceWithCount(offset: number, limit: number, options: CountOptions = {}): Promise<CountedSlice<R>> {
    const { upTo } = optionsOnly('sliceWithCount', options);
    return (await fetchCounted(this.engine, this.state, this.slice(offset, limit).state, upTo)) as CountedSlice<R>;
  }

  /** Every row, read in chunks with flat memory; rows written meanwhile may or may not be seen. */
  iterator(options: IterateOptions = {}): AsyncIterableIterator<R> {
    const { chunk = CHUNK } = optionsOnly('iterator', options);
    return iterate(this.engine, this.state, chunk) as AsyncIterableIterator<R>;
  }

  [Symbol.asyncIterator](): AsyncIterator<R> {
    return this.iterator();
  }

  /**
   * What deleting these rows would do to others along the foreign keys: how many rows of which entity would go with
   * them, lose their reference, or forbid it. Counted by the database, one statement for each entity or relation.
   */
  async deletionEffects(): Promise<readonly DeletionEffect[]> {
    this.refuseShape('deletionEffects');
    return deletionEffects(this.engine, this.engine.model(this.state.entity), this);
  }

  /** The statement that `all()` would run. @throws FieldError */
  toSQL(): Statement {
    return this.engine.render(compileQuery(this.engine, this.state).sql);
  }

  /**
   * How the database would run the statement, as it tells it: text on SQLite and PostgreSQL, JSON on MySQL.
   * @throws QueryUsageError for options that the database does not have
   */
  async explain(options: ExplainOptions = {}): Promise<string> {
    return this.engine.dialect.readPlan(
      await this.engine.rows(explainSql(this.engine, this.state, optionsOnly('explain', options))),
    );
  }

  /** What logs and the shell show of it: its statement without the values, which may be secrets. */
  [inspect.custom](): string {
    return `QuerySet of ${this.state.entity.name}: ${this.statementOrProblem()}`;
  }

  private statementOrProblem(): string {
    try {
      return this.toSQL().sql;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** This query as the list of an `in` lookup. */
  override list(columns: readonly ColumnModel[] | undefined, outer?: ExpressionContext): Sql {
    return compileList(this.engine, this.state, columns, outer);
  }

  override scalar(outer: ExpressionContext): CompiledExpression {
    return compileScalar(this.engine, this.state, outer);
  }

  override presence(outer: ExpressionContext): Sql {
    return compilePresence(this.engine, this.state, outer);
  }

  override tableIn(aliases: AliasSource): SourceTable {
    return sourceTable(this.engine, this.state, aliases);
  }

  override get uniqueNames(): UniqueNames {
    return uniqueNames(this.engine, this.state);
  }

  override runsOn(dialect: SqlDialect): boolean {
    return this.engine.dialect === dialect;
  }

  /** The state with one more condition. @throws QueryUsageError behind a slice */
  protected matching(where: Where, method: string): QueryState<E> {
    this.refuseSliced(method);
    this.refuseCombined(method);
    return { ...this.state, where: [...this.state.where, where] };
  }

  /** @throws QueryUsageError for rows that the database has put together already */
  protected refuseCombined(method: string): void {
    if (this.state.compound)
      throw new QueryUsageError(`${method}() cannot follow union(), intersection() or difference() of values`, {
        hint: `Call ${method}() on the queries that are put together`,
      });
  }

  protected refuseSliced(method: string): void {
    if (isSliced(this.state))
      throw new QueryUsageError(`${method}() cannot follow slice()`, { hint: `Call ${method}() before slice()` });
  }

  protected refuseShape(method: string): void {
    if (this.state.shape.type !== 'entity')
      throw new QueryUsageError(`${method}() needs whole rows`, { hint: 'Call it before values() or flat()' });
  }

  private async outermost(terms: readonly string[], reversed: boolean): Promise<R> {
    this.refuseSliced(reversed ? 'latest' : 'earliest');
    const { latestBy, name } = this.engine.model(this.state.entity).description;
    const order = terms.length > 0 || latestBy === null ? terms : [latestBy];
    if (order.length === 0)
      throw new QueryUsageError(`${name} does not say by what its latest row is found`, {
        hint: "Name it: latest('createdAt'), or give the entity @Meta({ latestBy: 'createdAt' })",
      });
    const row = await fetchFirst(this.engine, { ...this.state, order, reversed });
    if (row === null) throw new DoesNotExistError(this.engine.model(this.state.entity).name);
    return row as R;
  }
}
