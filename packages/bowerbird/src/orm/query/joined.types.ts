import { type BadMention } from './expressions/expression.types.js';
import { type FilteredPath } from './filtered-relation.js';
import {
  type AnnotationName,
  type AsTable,
  type AsValues,
  type IsUntyped,
  type Joined,
  type JoinedRow,
  type Lacking,
} from './marks.types.js';
import {
  type HasPath,
  type IsRelation,
  type IsToOne,
  type NoSuchPath,
  type PathTarget,
  type Related,
  type StepName,
  type UnfitPath,
} from './path.types.js';
import { type QuerySet } from './query-set.js';
import { type JoinKind } from './query-state.js';

/** In an error of the compiler: the query has something of this name already. */
export interface NameTaken<N> {
  readonly 'this name is taken': N;
}

/** A name that is free in a query, otherwise a type that no argument has. */
export type FreeName<E, N> =
  IsUntyped<E> extends true ? unknown : N extends StepName<E> | AnnotationName<E> ? NameTaken<N> : unknown;

/** Narrowed relations, each under a free name, with a path that leads to rows and a condition whose paths exist. */
export type CheckedNarrowed<E, J> = {
  [N in keyof J]: J[N] extends FilteredPath<infer P, infer M>
    ? FreeName<E, N> &
        CheckedRelated<E, P> &
        (IsUntyped<E> extends true ? unknown : [BadMention<E, M>] extends [never] ? unknown : BadMention<E, M>)
    : FilteredPath;
};

type CheckedRelated<E, P extends string> =
  HasPath<E, P> extends true
    ? IsRelation<E, P> extends true
      ? unknown
      : UnfitPath<P, 'it is no relation'>
    : NoSuchPath<P>;

/** What narrowed relations lead to: rows, or one row or none. */
type NarrowedTypes<E, J> = { readonly [N in keyof J]: J[N] extends FilteredPath<infer P> ? NarrowedType<E, P> : never };

type NarrowedType<E, P extends string> =
  IsToOne<E, P> extends true ? Related<PathTarget<E, P>> | null : Related<PathTarget<E, P>>[];

/** What `selectRelated` puts on rows: the row of each narrowed relation that leads to one at most. */
type NarrowedRows<E, J> = {
  readonly [N in keyof J as NarrowedTypes<E, J>[N] extends readonly unknown[] ? never : N]?: NarrowedTypes<E, J>[N];
};

/** A query that has narrowed some relations. */
export type NarrowedQuery<E extends object, R, J> =
  IsUntyped<E> extends true ? QuerySet<E, R> : QuerySet<E & Joined<NarrowedTypes<E, J>>, R & NarrowedRows<E, J>>;

/** An entity together with a row that is joined under a name. */
export type WithRow<E, N extends string, T> =
  IsUntyped<E> extends true ? E : E & Joined<{ readonly [K in N]: JoinedRow<T> }>;

type WithRowOrNone<E, N extends string, T> = E & Joined<{ readonly [K in N]: JoinedRow<T> | null }>;

/** Rows of a right or a full join, of which `values()` has to select something. */
export interface Pair {
  readonly 'select what is needed by values()': never;
}

/** A query that has joined the rows of another one. */
export type JoinedQuery<E extends object, R, N extends string, K extends JoinKind, T> =
  IsUntyped<E> extends true
    ? QuerySet<E, R>
    : {
        readonly inner: QuerySet<WithRow<E, N, T> & object, R>;
        readonly left: QuerySet<WithRowOrNone<E, N, T>, R>;
        readonly right: QuerySet<AsValues<WithRow<E, N, T>> & Lacking<N>, Pair>;
        readonly full: QuerySet<AsValues<WithRowOrNone<E, N, T>> & Lacking<''>, Pair>;
      }[K];

/** A query over the rows of another one; never for a query without `values()`. */
export type TableQuery<E, R> = [AsTable<E, R>] extends [never] ? never : QuerySet<AsTable<E, R> & object, R>;
