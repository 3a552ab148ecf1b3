import { type AnyJson, type ShapeAt, type ShapeOf } from './json-document.types.js';
import {
  type AnnotationName,
  type AnnotationsOf,
  type IsUntyped,
  type JoinedOf,
  type JoinedRow,
  type Lacked,
} from './marks.types.js';
import { type Transformed } from './transformed.types.js';

/** Values that one column holds; a path never continues inside of them. */
type Leaf = string | number | bigint | boolean | symbol | Date | Uint8Array | ((...args: never[]) => unknown);

type Previous = [never, 0, 1, 2, 3, 4, 5];

/** The type behind `Promise<T>`, `T[]`, `T | null`: what one related row or embedded object is. */
type Single<T> =
  NonNullable<T> extends Promise<infer P>
    ? Single<P>
    : NonNullable<T> extends readonly (infer I)[]
      ? NonNullable<I>
      : NonNullable<T>;

/** What a path continues into after a property of type `T`; never when it ends there. */
export type Related<T> = unknown extends T
  ? never
  : Single<T> extends Leaf
    ? never
    : Single<T> extends JoinedRow<infer Row>
      ? Row
      : Single<T> extends object
        ? string extends keyof Single<T>
          ? never
          : [Shape<T>] extends [never]
            ? Single<T>
            : never
        : never;

/** The shape of a marked JSON document; lists are no relations here. */
type Shape<T> = ShapeOf<NonNullable<T>>;

/** The first step of a path. */
export type FirstStep<P extends string> = P extends `${infer Head}.${string}` ? Head : P;

/** Whether a property holds a document into which any path may lead. */
type IsOpenJson<T> = unknown extends T
  ? true
  : Single<T> extends Leaf
    ? false
    : Single<T> extends object
      ? string extends keyof Single<T>
        ? true
        : false
      : false;

/** Whether there may be a value at a path inside of a property. */
type IsInDocument<T, P extends string> = [Shape<T>] extends [never]
  ? IsOpenJson<T>
  : [ShapeAt<Shape<T>, P>] extends [never]
    ? false
    : true;

/** Names of the properties of an entity that may be columns, embedded objects or relations. */
export type FieldName<E> = {
  [K in keyof E & string]: NonNullable<E[K]> extends (...args: never[]) => unknown ? never : K;
}[keyof E & string];

/** What a path may begin with: a property of the entity, or the name of something that the query has joined. */
export type StepName<E> = FieldName<E> | (keyof JoinedOf<E> & string);

/** The type of a property, or of something that is joined. */
type Step<E, K extends string> = K extends keyof JoinedOf<E> ? JoinedOf<E>[K] : K extends keyof E ? E[K] : never;

/** Whether something is a row of another query, and no relation. */
type IsJoinedRow<T> = NonNullable<T> extends JoinedRow<unknown> ? true : false;

type EnumeratedPath<E, Depth extends number> = {
  [K in StepName<E>]:
    | K
    | ([Related<Step<E, K>>] extends [never]
        ? never
        : Depth extends 0
          ? never
          : `${K}.${EnumeratedPath<Related<Step<E, K>>, Previous[Depth]>}`);
}[StepName<E>];

type EnumeratedRelation<E, Depth extends number> = {
  [K in StepName<E>]: [Related<Step<E, K>>] extends [never]
    ? never
    : K | (Depth extends 0 ? never : `${K}.${EnumeratedRelation<Related<Step<E, K>>, Previous[Depth]>}`);
}[StepName<E>];

/**
 * Dotted paths over fields, embedded objects and relations of an entity: `'name'`, `'category.name'`. `Depth` is how
 * many dots a path may have; each more multiplies the work of the compiler. The methods of a QuerySet take paths of any
 * depth. Any string when the entity is not known.
 */
export type Path<E, Depth extends number = 2> =
  IsUntyped<E> extends true ? string : EnumeratedPath<E, Depth> | AnnotationName<E>;

/**
 * A field or relation of an entity, or a path that begins with one. What follows the first dot is checked at run time:
 * options of methods would otherwise make the type of an entity one of all entities around it.
 */
export type OwnPath<E> = IsUntyped<E> extends true ? string : FieldName<E> | `${FieldName<E>}.${string}`;

/** Dotted paths that end on a relation. Any string when the entity is not known. */
export type RelationPath<E, Depth extends number = 2> =
  IsUntyped<E> extends true ? string : EnumeratedRelation<E, Depth>;

/** Whether a path of any depth exists on the entity; `pk` names the primary key at every level. */
export type HasPath<E, P extends string> =
  IsUntyped<E> extends true
    ? true
    : P extends StepName<E> | AnnotationName<E> | 'pk'
      ? true
      : P extends `${infer Head}.${infer Rest}`
        ? Head extends StepName<E>
          ? [Related<Step<E, Head>>] extends [never]
            ? Rest extends `${string}__${string}`
              ? false
              : IsInDocument<Step<E, Head>, Rest>
            : HasPath<Related<Step<E, Head>>, Rest>
          : false
        : false;

/** Splits a key at the first `__` before which there is a path; properties may have `__` in their names. */
export type SplitKey<E, K extends string, Before extends string = ''> = K extends `${infer P}__${infer L}`
  ? HasPath<E, `${Before}${P}`> extends true
    ? readonly [path: `${Before}${P}`, lookup: L]
    : SplitKey<E, L, `${Before}${P}__`>
  : never;

/** Whether there is a value at a path, or what transforms make of one: `createdAt__year`. */
export type HasValue<E, P extends string> =
  HasPath<E, P> extends true ? true : [TransformedAt<E, P>] extends [never] ? false : true;

/** What transforms make of the value at a path; never for a path or a transform that there is not. */
type TransformedAt<E, P extends string> =
  SplitKey<E, P> extends readonly [infer Start extends string, infer Names extends string]
    ? Transformed<PathTarget<E, Start>, Names>
    : never;

/** Whether every step of a path leads to at most one row, as `selectRelated` needs. */
export type IsToOne<E, P extends string> =
  IsUntyped<E> extends true
    ? true
    : P extends `${infer Head}.${infer Rest}`
      ? Head extends StepName<E>
        ? IsMany<Step<E, Head>> extends true
          ? false
          : IsToOne<Related<Step<E, Head>>, Rest>
        : false
      : P extends StepName<E>
        ? IsMany<Step<E, P>> extends true
          ? false
          : [Related<Step<E, P>>] extends [never]
            ? false
            : true
        : false;

/** Whether a path ends on something that relates rows (or embeds an object). */
export type IsRelation<E, P extends string> =
  IsUntyped<E> extends true
    ? true
    : IsJoinedRow<Step<E, FirstStep<P>>> extends true
      ? false
      : P extends `${infer Head}.${infer Rest}`
        ? Head extends StepName<E>
          ? IsRelation<Related<Step<E, Head>>, Rest>
          : false
        : P extends StepName<E>
          ? [Related<Step<E, P>>] extends [never]
            ? false
            : true
          : false;

type IsMany<T> =
  NonNullable<T> extends Promise<infer P> ? IsMany<P> : NonNullable<T> extends readonly unknown[] ? true : false;

/** `null` when a step of a path may be absent: an optional or nullable property, or a to-many relation. */
type Absent<T> = null extends T ? null : undefined extends T ? null : IsMany<T> extends true ? null : never;

/** The type of the key of a related entity: that of its `id`, or any key when it has none. */
export type KeyOf<T> = T extends { id: infer I } ? NonNullable<I> : string | number | bigint | Partial<T>;

type ValueOf<T> = [Related<T>] extends [never]
  ? Exclude<T, undefined> | (undefined extends T ? null : never)
  : KeyOf<Related<T>> | Absent<T>;

/**
 * What a row of `values()` holds under a path: the column's type, the key for a relation, and `null` added where a
 * step on the way may be absent.
 */
export type PathValue<E, P extends string> =
  IsUntyped<E> extends true
    ? unknown
    : | (P extends AnnotationName<E>
          ? AnnotationsOf<E>[P]
          : HasPath<E, P> extends true
            ? OwnPathValue<E, P>
            : TransformedAt<E, P>)
      | Lacked<E, FirstStep<P>>;

/** What is read at a path inside of a document; NULL where the way ends early. */
type InsideValue<T, P extends string> = [Shape<T>] extends [never]
  ? unknown
  : Exclude<ShapeAt<Shape<T>, P>, undefined> | null;

type OwnPathValue<E, P extends string> =
  P extends StepName<E>
    ? ValueOf<Step<E, P>>
    : P extends `${infer Head}.${infer Rest}`
      ? Head extends StepName<E>
        ? [Related<Step<E, Head>>] extends [never]
          ? InsideValue<Step<E, Head>, Rest>
          : PathValue<Related<Step<E, Head>>, Rest> | Absent<Step<E, Head>>
        : never
      : P extends 'pk'
        ? KeyOf<E>
        : never;

/** The declared type of the last step of a path, relations left as they are. */
export type PathTarget<E, P extends string> =
  (P extends AnnotationName<E> ? AnnotationsOf<E>[P] : OwnPathTarget<E, P>) | Lacked<E, FirstStep<P>>;

type OwnPathTarget<E, P extends string> =
  P extends StepName<E>
    ? Step<E, P>
    : P extends `${infer Head}.${infer Rest}`
      ? Head extends StepName<E>
        ? [Related<Step<E, Head>>] extends [never]
          ? [Shape<Step<E, Head>>] extends [never]
            ? AnyJson
            : AnyJson<ShapeAt<Shape<Step<E, Head>>, Rest>>
          : PathTarget<Related<Step<E, Head>>, Rest> | Absent<Step<E, Head>>
        : never
      : never;

/** A row of `values(...paths)`: exactly the paths asked for. */
export type ValuesRow<E, P extends string> = { [K in P]: PathValue<E, K> };

/** In an error of the compiler: the entity has no such path. */
export interface NoSuchPath<P extends string> {
  readonly 'this path does not exist': P;
}

/** In an error of the compiler: the path exists but cannot be used like this. */
export interface UnfitPath<P extends string, Reason extends string> {
  readonly 'this path does not fit': P;
  readonly because: Reason;
}

/** The path itself when there is a value, or what transforms make of one; otherwise a type that no argument has. */
export type CheckedValue<E, P extends string> = P extends string
  ? HasValue<E, P> extends true
    ? P
    : NoSuchPath<P>
  : never;

/** The path itself when it exists, otherwise a type that no argument has. */
export type CheckedPath<E, P extends string> = P extends string
  ? HasPath<E, P> extends true
    ? P
    : NoSuchPath<P>
  : never;

/** An order term (`'name'`, `'-category.name'`) when its path exists, otherwise a type that no argument has. */
export type CheckedOrder<E, P extends string> = P extends `-${infer Name}`
  ? HasValue<E, Name> extends true
    ? P
    : NoSuchPath<Name>
  : CheckedValue<E, P>;

/** A path of to-one relations, otherwise a type that no argument has. */
export type CheckedToOne<E, P extends string> = P extends string
  ? HasPath<E, P> extends true
    ? [IsToOne<E, P>, IsRelation<E, P>] extends [true, true]
      ? P
      : UnfitPath<P, 'it is no to-one relation'>
    : NoSuchPath<P>
  : never;

/** A path that ends on a relation, otherwise a type that no argument has. */
export type CheckedRelation<E, P extends string> = P extends string
  ? HasPath<E, P> extends true
    ? IsRelation<E, P> extends true
      ? P
      : UnfitPath<P, 'it is no relation'>
    : NoSuchPath<P>
  : never;

/** Several paths, at each of which there is a value. */
export type CheckedValues<E, P extends readonly string[]> = { readonly [K in keyof P]: CheckedValue<E, P[K]> };

/** A row of `valuesList(...paths)`: the values in the order of the paths. */
export type ListRow<E, P extends readonly string[]> = { -readonly [K in keyof P]: PathValue<E, P[K]> };
