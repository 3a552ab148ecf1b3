import {
  type FieldName,
  type HasPath,
  type IsRelation,
  type IsUntyped,
  type NoSuchPath,
  type PathTarget,
  type Related,
  type UnfitPath,
} from './path.types.js';
import { type Prefetched } from './prefetch.js';

/** The entity that a relation leads to; any object where nothing is known of it. */
export type RelatedEntity<T> = [Related<T>] extends [never] ? object : Related<T> & object;

/** The path itself when it exists, otherwise a type that no argument has. */
export type CheckedField<E, P extends string> = P extends string
  ? HasPath<E, P> extends true
    ? P
    : NoSuchPath<P>
  : never;

/** Names of the properties that hold a column. */
type ColumnName<E> = { [K in FieldName<E>]: [Related<E[K]>] extends [never] ? K : never }[FieldName<E>];

type First<P extends string> = P extends `${infer Head}.${string}` ? Head : P;

/** A row with nothing but some of its fields, its `id`, and what is no column: relations and methods. */
export type Only<E, R, P extends string> =
  IsUntyped<E> extends true ? R : Omit<R, Exclude<ColumnName<E>, First<P> | 'id'>>;

/** A row without some of its fields. */
export type Deferred<E, R, P extends string> = IsUntyped<E> extends true ? R : Omit<R, Exclude<P, 'id'>>;

/** What `prefetchRelated` takes: a path of a relation, or a `Prefetch` whose query is one of the related entity. */
export type CheckedPrefetch<E, F> =
  F extends Prefetched<infer P, infer T, infer _R, infer _A>
    ? RelationTo<E, P, T> extends true
      ? F
      : Prefetched<P & RelationTo<E, P, T>>
    : F extends string
      ? RelationTo<E, F, never> extends true
        ? F
        : RelationTo<E, F, never>
      : never;

/** Whether a path leads to an entity by relations, or why it does not. */
type RelationTo<E, P extends string, T> =
  IsUntyped<E> extends true
    ? true
    : HasPath<E, P> extends true
      ? IsRelation<E, P> extends true
        ? [T] extends [never]
          ? true
          : Related<PathTarget<E, P>> extends T
            ? true
            : UnfitPath<P, 'the query is of another entity'>
        : UnfitPath<P, 'it is no relation'>
      : NoSuchPath<P>;

/** The properties that prefetched rows get by `as`. */
export type PrefetchedAs<F extends readonly unknown[]> = Together<AttributeOf<F[number]>>;

/** Never where nothing is added, for that leaves a union as it is. */
type AttributeOf<F> =
  F extends Prefetched<infer _P, infer _T, infer R, infer A> ? ([A] extends [never] ? never : Record<A, R[]>) : never;

type Together<U> = (U extends unknown ? (given: U) => void : never) extends (given: infer I) => void ? I : never;
