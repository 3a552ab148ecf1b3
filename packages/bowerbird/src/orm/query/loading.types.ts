import { type IsUntyped, type JoinedOf } from './marks.types.js';
import {
  type FieldName,
  type FirstStep,
  type HasPath,
  type IsRelation,
  type NoSuchPath,
  type PathTarget,
  type Related,
  type UnfitPath,
} from './path.types.js';
import { type One, type Prefetched } from './prefetch.js';

/** The entity that a relation leads to; any object where nothing is known of it. */
export type RelatedEntity<T> = [Related<T>] extends [never] ? object : Related<T> & object;

/** The path itself when it exists, otherwise a type that no argument has. */
export type CheckedField<E, P extends string> = P extends string
  ? HasPath<E, P> extends true
    ? OwnStep<E, P, P>
    : NoSuchPath<P>
  : never;

/** The first of some types where a path begins with something of the entity itself, otherwise one that nothing has. */
type OwnStep<E, P extends string, Own> =
  FirstStep<P> extends keyof JoinedOf<E> ? UnfitPath<P, 'it is joined by this query alone'> : Own;

/** Names of the properties that hold a column. */
type ColumnName<E> = { [K in FieldName<E>]: [Related<E[K]>] extends [never] ? K : never }[FieldName<E>];

/** A row with nothing but some of its fields, its `id`, and what is no column: relations and methods. */
export type Only<E, R, P extends string> =
  IsUntyped<E> extends true ? R : Omit<R, Exclude<ColumnName<E>, FirstStep<P> | 'id'>>;

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
          ? OwnStep<E, P, true>
          : Related<PathTarget<E, P>> extends T
            ? true
            : UnfitPath<P, 'the query is of another entity'>
        : UnfitPath<P, 'it is no relation'>
      : NoSuchPath<P>;

/** The properties that prefetched rows get by `as`. */
export type PrefetchedAs<F extends readonly unknown[]> = Together<AttributeOf<F[number]>>;

/** Never where nothing is added, for that leaves a union as it is. */
type AttributeOf<F> =
  F extends Prefetched<infer _P, infer _T, infer R, infer A>
    ? [A] extends [never]
      ? never
      : Record<A, R extends One<infer O> ? O | null : R[]>
    : never;

type Together<U> = (U extends unknown ? (given: U) => void : never) extends (given: infer I) => void ? I : never;
