import { type Checked, type Conditions } from '../condition.types.js';
import { type IsUntyped } from '../marks.types.js';
import { type CheckedOrder, type HasValue, type NoSuchPath, type PathValue } from '../path.types.js';
import { type Condition } from '../q.js';
import { type Expression, type OrderBy } from './expression.js';

declare const PATH: unique symbol;
declare const PRESENT: unique symbol;
declare const LOOKUPS: unique symbol;

/** Stands for the type of the value at a path, which only the query knows. */
export interface At<P extends string> {
  readonly [PATH]: P;
}

/** Stands for a type without `null`. */
export interface Present<T> {
  readonly [PRESENT]: T;
}

/** Stands among mentions for a condition. */
export interface Mentioned<L> {
  readonly [LOOKUPS]: L;
}

/** What a condition mentions. */
export type MentionedBy<C> = C extends Condition<infer L> ? Mentioned<L> : Mentioned<C>;

/** The type of an expression's value in a query of an entity. */
export type Resolved<E, T> = [T] extends [never]
  ? unknown
  : T extends At<infer P>
    ? PathValue<E, P>
    : T extends Present<infer U>
      ? NonNullable<Resolved<E, U>>
      : T;

/** What of the mentions of an expression does not exist, as types that no argument has. */
export type BadMention<E, M> = M extends string
  ? HasValue<E, M> extends true
    ? never
    : NoSuchPath<M>
  : M extends Mentioned<infer L>
    ? L extends Checked<E, L>
      ? never
      : Checked<E, L>
    : never;

/** An expression whose paths exist, otherwise a type that no argument has. */
export type CheckedExpression<E, X> =
  IsUntyped<E> extends true
    ? unknown
    : X extends Expression<unknown, infer M> | OrderBy<infer M>
      ? [BadMention<E, M>] extends [never]
        ? unknown
        : BadMention<E, M>
      : unknown;

/** What `annotate` takes under a name: an expression, or a condition whose truth is the value. */
export type Annotation = Expression | Condition<never> | Condition<object>;

/** Annotations, each of whose paths exist. */
export type CheckedAnnotations<E, A> = {
  [K in keyof A]: A[K] extends Condition<unknown> ? Conditions<E> & Checked<E, A[K]> : CheckedExpression<E, A[K]>;
};

/** The types of the values of annotations. */
export type AnnotationValues<E, A> = {
  [K in keyof A]: A[K] extends Expression<infer T> ? Resolved<E, T> : boolean;
};

/** A term of an ordering whose paths exist: a path (`-views`), an expression, or one with a direction. */
type CheckedTerm<E, P> = P extends string ? CheckedOrder<E, P> : CheckedExpression<E, P>;

/** The same for each of several terms. */
export type CheckedTerms<E, T extends readonly unknown[]> = { readonly [K in keyof T]: CheckedTerm<E, T[K]> };
