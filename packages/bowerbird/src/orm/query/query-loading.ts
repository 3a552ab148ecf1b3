import { optionsOnly, pathsOnly } from './checked-arguments.js';
import { type Suggested } from './condition.types.js';
import {
  type CheckedField,
  type CheckedPrefetch,
  type Deferred,
  type Only,
  type PrefetchedAs,
} from './loading.types.js';
import { type CheckedRelation, type CheckedToOne, type Path, type RelationPath } from './path.types.js';
import { Prefetched, requestOf } from './prefetch.js';
import { type QueryEngine } from './query-engine.js';
import { type IterateOptions } from './query-reads.js';
import { type QuerySet } from './query-set.js';
import { type FieldChoice, type QueryState } from './query-state.js';
import { QueryWrites } from './query-writes.js';
import { fetchRaw } from './run/raw.js';
import { stream } from './run/stream.js';
import { type Sql } from './sql/sql.js';

/** Rows that are made into entities together. */
const CHUNK = 1_000;

/** What a query loads of its rows, and together with them; {@link QuerySet} adds what refines which rows. */
export abstract class QueryLoading<in out E extends object, out R> extends QueryWrites<E, R> {
  /** Loads to-one relations by joins in the same statement. */
  selectRelated<const P extends Suggested<RelationPath<E, 1>> = never>(
    ...paths: readonly (P & CheckedToOne<E, P>)[]
  ): this {
    return this.with({ related: [...this.state.related, ...pathsOnly('selectRelated', paths)] });
  }

  /**
   * Loads relations of any kind by one more statement for each level, whatever the number of rows. A `Prefetch` says
   * which of the related rows, in which order, how many for each row, and which property gets them.
   */
  prefetchRelated<const P extends Suggested<RelationPath<E, 1>> = never>(
    ...paths: readonly (P & CheckedRelation<E, P>)[]
  ): this;
  prefetchRelated<const F extends readonly (string | Prefetched)[]>(
    ...requests: F & { readonly [I in keyof F]: CheckedPrefetch<E, F[I]> }
  ): QuerySet<E, R & PrefetchedAs<F>>;
  prefetchRelated(...requests: readonly (string | Prefetched)[]): unknown {
    pathsOnly(
      'prefetchRelated',
      requests.filter((request) => !(request instanceof Prefetched)),
    );
    return this.with({ prefetch: [...this.state.prefetch, ...requests.map(requestOf)] });
  }

  /**
   * Loads nothing but these fields (and keys) of the rows, which stay instances of their class. Touching another one is
   * an error, saving writes what is loaded. Relations are loaded as always.
   */
  only<const P extends Suggested<Path<E, 1>>>(
    ...paths: readonly (P & CheckedField<E, P>)[]
  ): QuerySet<E, Only<E, R, P>> {
    return this.choosing('only', { only: pathsOnly('only', paths), deferred: [] });
  }

  /** Loads everything but these fields; {@link only} says more. */
  defer<const P extends Suggested<Path<E, 1>>>(
    ...paths: readonly (P & CheckedField<E, P>)[]
  ): QuerySet<E, Deferred<E, R, P>> {
    const { only = null, deferred = [] } = this.state.fields ?? {};
    return this.choosing('defer', { only, deferred: [...deferred, ...pathsOnly('defer', paths)] });
  }

  /**
   * The entities of a statement of the project's own: `posts.raw(sql`SELECT * FROM post WHERE id > ${id}`)`. It has to
   * select the key; fields that it leaves out are deferred, and other columns are put on the rows under their names.
   * @throws QueryUsageError after `filter()` and the like
   */
  async raw<A extends object = object>(statement: Sql): Promise<(R & A)[]> {
    this.refuseShape('raw');
    return (await fetchRaw(this.engine, this.state, statement)) as (R & A)[];
  }

  /**
   * Every row of one statement by a cursor (`pg-query-stream` on PostgreSQL), `chunk` of them made into entities at a
   * time. Where a cursor would keep others waiting it is {@link iterator}: in transactions of SQLite and MySQL, and on an
   * SQLite database in memory. @throws MissingPeerError
   */
  stream(options: IterateOptions = {}): AsyncIterableIterator<R> {
    const { chunk = CHUNK } = optionsOnly('stream', options);
    return stream(this.engine, this.state, chunk) as AsyncIterableIterator<R>;
  }

  /** Makes it an error to touch a relation that was not loaded, or with false no error, whatever the settings say. */
  strict(strict = true): this {
    return this.with({ strict });
  }

  protected with(change: Partial<QueryState<E>>): this {
    return this.made({ ...this.state, ...change }, change.lock ? this.writer : this.engine);
  }

  /** A query of the same class, so that named scopes can follow each other. */
  protected made(state: QueryState<E>, engine = this.engine): this {
    return new (this.constructor as new (engine: QueryEngine, state: QueryState<E>) => this)(engine, state);
  }

  /** The query of a state whose rows are of another type. */
  protected renamed<Q>(state: QueryState<E>): Q {
    return this.made(state) as unknown as Q;
  }

  private choosing<T>(method: string, fields: FieldChoice): QuerySet<E, T> {
    this.refuseShape(method);
    return this.with({ fields }) as unknown as QuerySet<E, T>;
  }
}
