/** Values that one column holds; a path never continues inside of them. */
type Leaf = string | number | bigint | boolean | symbol | Date | Uint8Array | ((...args: never[]) => unknown);

type Previous = [never, 0, 1, 2, 3, 4, 5];

/** Whether nothing is known of the entity (`object`), so that its names are checked at run time only. */
export type IsUntyped<E> = [keyof E] extends [never] ? true : false;

declare const ANNOTATIONS: unique symbol;

/** Marks an entity in the type of a query with the names and types of its annotations. */
export interface Annotated<A> {
  readonly [ANNOTATIONS]?: A;
}

/** The annotations of the entity of a query, by name. */
export type AnnotationsOf<E> = typeof ANNOTATIONS extends keyof E ? NonNullable<E[typeof ANNOTATIONS]> : object;

declare const VALUES: unique symbol;

/** Marks the entity of a query whose rows are plain objects of values. */
interface Values {
  readonly [VALUES]?: true;
}

/** The entity of a query behind `values()`. */
export type AsValues<E> = IsUntyped<E> extends true ? E : E & Values;

/** The annotations that rows carry: all on rows of values; on entities those that are not named like a property. */
export type CarriedAnnotations<E, A> = typeof VALUES extends keyof E ? A : Omit<A, keyof E & string>;

/** Names of annotations. */
export type AnnotationName<E> = keyof AnnotationsOf<E> & string;

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
    : Single<T> extends object
      ? string extends keyof Single<T>
        ? never
        : Single<T>
      : never;

declare const JSON_VALUE: unique symbol;

/** Stands for a value inside of a JSON document whose keys are not declared. */
export interface AnyJson {
  readonly [JSON_VALUE]: true;
}

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

/** Names of the properties of an entity that may be columns, embedded objects or relations. */
export type FieldName<E> = {
  [K in keyof E & string]: NonNullable<E[K]> extends (...args: never[]) => unknown ? never : K;
}[keyof E & string];

type EnumeratedPath<E, Depth extends number> = {
  [K in FieldName<E>]:
    | K
    | ([Related<E[K]>] extends [never]
        ? never
        : Depth extends 0
          ? never
          : `${K}.${EnumeratedPath<Related<E[K]>, Previous[Depth]>}`);
}[FieldName<E>];

type EnumeratedRelation<E, Depth extends number> = {
  [K in FieldName<E>]: [Related<E[K]>] extends [never]
    ? never
    : K | (Depth extends 0 ? never : `${K}.${EnumeratedRelation<Related<E[K]>, Previous[Depth]>}`);
}[FieldName<E>];

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
    : P extends `${infer Head}.${infer Rest}`
      ? Head extends FieldName<E>
        ? [Related<E[Head]>] extends [never]
          ? IsOpenJson<E[Head]>
          : HasPath<Related<E[Head]>, Rest>
        : false
      : P extends FieldName<E> | AnnotationName<E> | 'pk'
        ? true
        : false;

/** Whether every step of a path leads to at most one row, as `selectRelated` needs. */
export type IsToOne<E, P extends string> =
  IsUntyped<E> extends true
    ? true
    : P extends `${infer Head}.${infer Rest}`
      ? Head extends FieldName<E>
        ? IsMany<E[Head]> extends true
          ? false
          : IsToOne<Related<E[Head]>, Rest>
        : false
      : P extends FieldName<E>
        ? IsMany<E[P]> extends true
          ? false
          : [Related<E[P]>] extends [never]
            ? false
            : true
        : false;

/** Whether a path ends on something that relates rows (or embeds an object). */
export type IsRelation<E, P extends string> =
  IsUntyped<E> extends true
    ? true
    : P extends `${infer Head}.${infer Rest}`
      ? Head extends FieldName<E>
        ? IsRelation<Related<E[Head]>, Rest>
        : false
      : P extends FieldName<E>
        ? [Related<E[P]>] extends [never]
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
  IsUntyped<E> extends true ? unknown : P extends AnnotationName<E> ? AnnotationsOf<E>[P] : OwnPathValue<E, P>;

type OwnPathValue<E, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head extends FieldName<E>
    ? [Related<E[Head]>] extends [never]
      ? unknown
      : PathValue<Related<E[Head]>, Rest> | Absent<E[Head]>
    : never
  : P extends FieldName<E>
    ? ValueOf<E[P]>
    : P extends 'pk'
      ? KeyOf<E>
      : never;

/** The declared type of the last step of a path, relations left as they are. */
export type PathTarget<E, P extends string> =
  P extends AnnotationName<E>
    ? AnnotationsOf<E>[P]
    : P extends `${infer Head}.${infer Rest}`
      ? Head extends FieldName<E>
        ? [Related<E[Head]>] extends [never]
          ? AnyJson
          : PathTarget<Related<E[Head]>, Rest> | Absent<E[Head]>
        : never
      : P extends FieldName<E>
        ? E[P]
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

/** The path itself when it exists, otherwise a type that no argument has. */
export type CheckedPath<E, P extends string> = P extends string
  ? HasPath<E, P> extends true
    ? P
    : NoSuchPath<P>
  : never;

/** An order term (`'name'`, `'-category.name'`) when its path exists, otherwise a type that no argument has. */
export type CheckedOrder<E, P extends string> = P extends `-${infer Name}`
  ? HasPath<E, Name> extends true
    ? P
    : NoSuchPath<Name>
  : CheckedPath<E, P>;

/** A path of to-one relations, otherwise a type that no argument has. */
export type CheckedToOne<E, P extends string> = P extends string
  ? HasPath<E, P> extends true
    ? IsToOne<E, P> extends true
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

/** Several paths, each of which exists. */
export type CheckedPaths<E, P extends readonly string[]> = { readonly [K in keyof P]: CheckedPath<E, P[K]> };

/** A row of `valuesList(...paths)`: the values in the order of the paths. */
export type ListRow<E, P extends readonly string[]> = { -readonly [K in keyof P]: PathValue<E, P[K]> };
