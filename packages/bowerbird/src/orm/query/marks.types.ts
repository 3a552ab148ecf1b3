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

declare const JOINED: unique symbol;

/** Marks the entity of a query with what it has joined: narrowed relations and rows of other queries, by name. */
export interface Joined<J> {
  readonly [JOINED]?: J;
}

/** What a query has joined, by name. */
export type JoinedOf<E> = typeof JOINED extends keyof E ? NonNullable<E[typeof JOINED]> : object;

declare const ROW: unique symbol;

/** Stands for the row of another query that is joined to each row. */
export interface JoinedRow<T> {
  readonly [ROW]: T;
}

declare const PRESENT: unique symbol;

/** Marks the entity of a query whose rows may lack everything but what is joined under the name `N`, if any. */
export interface Lacking<N extends string> {
  readonly [PRESENT]?: N;
}

/** `null` where a query may have nothing under the first step of a path. */
export type Lacked<E, First extends string> = typeof PRESENT extends keyof E
  ? First extends NonNullable<E[typeof PRESENT]>
    ? never
    : null
  : never;

/** What a joined row of a query is made of: the entity, or the values that it selects. */
export type RowOf<E, R> = typeof VALUES extends keyof E ? R : E;

/** The entity of a query over the rows of another one; never for a query without `values()`. */
export type AsTable<E, R> =
  IsUntyped<E> extends true ? object : typeof VALUES extends keyof E ? (R extends object ? R & Values : never) : never;

/** Names of annotations. */
export type AnnotationName<E> = keyof AnnotationsOf<E> & string;
