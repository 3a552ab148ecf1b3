import { type Expression } from './expressions/expression.js';
import { type BadMention, type Resolved } from './expressions/expression.types.js';
import { type SearchText } from './expressions/search/search-text.types.js';
import { type AnyJson, type ShapeOf } from './json-document.types.js';
import { type IsUntyped } from './marks.types.js';
import {
  type FieldName,
  type HasPath,
  type KeyOf,
  type NoSuchPath,
  type Path,
  type PathTarget,
  type Related,
  type SplitKey,
  type UnfitPath,
} from './path.types.js';
import { type QueryHandle } from './query-handle.js';
import { type BoundOf } from './range-text.types.js';
import { type SearchQuery } from './search/search-query.js';
import { type DateField } from './sql/expression-dialect.js';

/** Lookups of text, and of every kind that is text in TypeScript (decimals, uuids, dates). */
export type TextLookup =
  | 'contains'
  | 'icontains'
  | 'startswith'
  | 'istartswith'
  | 'endswith'
  | 'iendswith'
  | 'iexact'
  | 'regex'
  | 'iregex'
  | 'trigramSimilar'
  | 'trigramWordSimilar'
  | 'trigramStrictWordSimilar';

/** Lookups of what can be ordered. */
export type OrderLookup = 'gt' | 'gte' | 'lt' | 'lte';

/** Transforms that take a part out of a date; a comparison may follow (`createdAt__year__gte`). */
export type DatePart = DateField | 'date' | 'time';

/** Transforms of texts: what they make is compared (`name__length__gt`). */
export type TextTransform = 'length' | 'lower' | 'upper' | 'trim' | 'unaccent';

type Equality = 'exact' | 'ne';
type Among = 'in' | 'notIn';
type Between = 'range' | 'notRange';

/** Values, or the query that lists them. */
type List<V> = readonly V[] | ReadonlySet<V> | QueryHandle;

/** A type without `null` and `undefined`. */
export type Bare<T> = Exclude<T, null | undefined>;

type OrderedInput<V> = V extends Date ? Date | string : V extends bigint ? bigint | number | string : V;

type PartInput<Part extends string> = Part extends 'date' ? string | Date : Part extends 'time' ? string : number;

/** The value that a plain comparison takes: the column's type, or a row or key for a relation. */
type ExactInput<T> = [Related<T>] extends [never]
  ? OrderedInput<Bare<T>> | (null extends T ? null : undefined extends T ? null : never)
  : Related<T> | KeyOf<Related<T>> | null;

type ListInput<T> = [Related<T>] extends [never] ? List<OrderedInput<Bare<T>>> : List<Related<T> | KeyOf<Related<T>>>;

/** A document whose keys are not declared. */
export type IsJsonDocument<T> = [Bare<T>] extends [never]
  ? false
  : [ShapeOf<Bare<T>>] extends [never]
    ? IsOpenDocument<T>
    : true;

type IsOpenDocument<T> =
  Bare<T> extends Date | Uint8Array | readonly unknown[]
    ? false
    : Bare<T> extends object
      ? string extends keyof Bare<T>
        ? true
        : false
      : false;

/** Vectors are searched and nothing else. */
type IsVector<T> = [Bare<T>] extends [SearchText] ? true : false;
/** Whether a value is a text that is looked into. */
export type IsText<T> = IsVector<T> extends true ? false : Bare<T> extends string ? true : false;
type IsOrdered<T> = IsVector<T> extends true ? false : Bare<T> extends string | number | bigint | Date ? true : false;
/** Whether a value may be a date, a moment or a time. */
export type IsDated<T> = Bare<T> extends Date | string ? true : false;

type ScalarInput<T, L extends string> = L extends Equality
  ? ExactInput<T>
  : L extends Among
    ? ListInput<T>
    : L extends 'isnull'
      ? boolean
      : [Related<T>] extends [never]
        ? L extends 'search'
          ? SearchInput<T>
          : OrderedScalarInput<T, L>
        : never;

/** What is looked for in texts and in vectors. */
type SearchInput<T> = [Bare<T>] extends [string] ? string | SearchQuery : never;

type OrderedScalarInput<T, L extends string> = L extends TextLookup
  ? IsText<T> extends true
    ? string
    : never
  : L extends OrderLookup
    ? IsOrdered<T> extends true
      ? OrderedInput<Bare<T>>
      : never
    : L extends Between
      ? IsOrdered<T> extends true
        ? readonly [OrderedInput<Bare<T>>, OrderedInput<Bare<T>>]
        : never
      : L extends DatePart
        ? IsDated<T> extends true
          ? PartInput<L>
          : never
        : never;

type PartLookupInput<T, Part extends string, L extends string> =
  IsDated<T> extends true
    ? L extends Equality | OrderLookup
      ? PartInput<Part>
      : L extends Among
        ? readonly PartInput<Part>[]
        : L extends Between
          ? readonly [PartInput<Part>, PartInput<Part>]
          : L extends 'isnull'
            ? boolean
            : never
    : never;

type LookupOf<T, L extends string> = [Bare<T>] extends [never]
  ? PlainInput<T, L>
  : [Bare<T>] extends [AnyJson<infer V>]
    ? unknown extends V
      ? JsonInput<L>
      : ShapedInput<V, L>
    : IsJsonDocument<T> extends true
      ? WholeDocumentInput<T, L>
      : IsParted<T> extends true
        ? PartedInput<T, L>
        : PlainInput<T, L>;

type PlainInput<T, L extends string> = L extends `${infer Part}__${infer Rest}`
  ? Part extends DatePart
    ? PartLookupInput<T, Part, Rest>
    : Part extends TextTransform
      ? TransformedInput<T, Part, Rest>
      : Part extends keyof CustomLookups
        ? LookupOf<CustomInput<T, Part>, Rest>
        : never
  : L extends TextTransform
    ? TransformedInput<T, L, 'exact'>
    : L extends keyof CustomLookups
      ? CustomInput<T, L>
      : ScalarInput<T, L>;

/** Whether a value is a list of plain ones, or a range. */
export type IsParted<T> = [Bare<T>] extends [never]
  ? false
  : [BoundOf<Bare<T>>] extends [never]
    ? [Related<T>] extends [never]
      ? Bare<T> extends readonly unknown[]
        ? true
        : false
      : false
    : true;

type PartedInput<T, L extends string> = L extends 'isnull'
  ? boolean
  : Bare<T> extends readonly (infer I)[]
    ? ElementsInput<T, I, L>
    : RangeInput<BoundOf<Bare<T>>, L>;

/** Lookups of a list of PostgreSQL, of its elements by their places, and of parts of it. */
type ElementsInput<T, I, L extends string> = L extends Equality
  ? readonly OrderedInput<I>[] | (null extends T ? null : never)
  : L extends 'contains' | 'containedBy' | 'overlap' | `${bigint}_${bigint}`
    ? readonly OrderedInput<I>[]
    : L extends Among
      ? readonly (readonly OrderedInput<I>[])[]
      : L extends `${bigint}`
        ? LookupOf<I, 'exact'>
        : L extends `${bigint}__${infer Rest}`
          ? LookupOf<I, Rest>
          : LengthInput<L>;

/** A range, as its two bounds of which null is none, or as PostgreSQL writes it. */
type RangeValue<I> = string | readonly [OrderedInput<I> | null, OrderedInput<I> | null];

type RangeInput<I, L extends string> = L extends Equality | 'containedBy' | 'overlap' | 'adjacentTo'
  ? RangeValue<I>
  : L extends 'fullyLt' | 'fullyGt' | 'notLt' | 'notGt'
    ? RangeValue<I>
    : L extends 'contains'
      ? OrderedInput<I> | RangeValue<I>
      : L extends 'isEmpty' | 'lowerInc' | 'lowerInf' | 'upperInc' | 'upperInf'
        ? boolean
        : L extends 'startswith' | 'endswith'
          ? LookupOf<I, 'exact'>
          : L extends `${'startswith' | 'endswith'}__${infer Rest}`
            ? LookupOf<I, Rest>
            : never;

/** What a transform of a text makes is compared like any value of its kind. */
type TransformedInput<T, X extends TextTransform, L extends string> =
  IsText<T> extends true ? (X extends 'length' ? LookupOf<number, L> : LookupOf<string, L>) : never;

/**
 * Lookups of an application's own, by name: `declare module 'bowerbird/orm' { interface CustomLookups { soundsLike: {
 * on: string; takes: string } } }`.
 */
export interface CustomLookups {
  readonly [NO_LOOKUP]?: never;
}

declare const NO_LOOKUP: unique symbol;

/** What a lookup of an application's own takes beside a value of type `T`; never where it does not fit. */
export type CustomInput<T, L extends keyof CustomLookups> = CustomLookups[L] extends {
  readonly on: infer O;
  readonly takes: infer V;
}
  ? Bare<T> extends O
    ? V
    : never
  : never;

/** Lookups of a value inside of a JSON document whose type is not known. */
type JsonInput<L extends string> = L extends Equality
  ? unknown
  : L extends Among
    ? readonly unknown[]
    : L extends 'isnull'
      ? boolean
      : L extends OrderLookup
        ? number | string
        : L extends Between
          ? readonly [number, number] | readonly [string, string]
          : L extends TextLookup
            ? L extends 'contains'
              ? unknown
              : string
            : DocumentInput<L>;

/** Lookups of a value inside of a JSON document, of a type that is known. */
type ShapedInput<V, L extends string> = L extends Equality
  ? Bare<V> | null
  : L extends Among
    ? readonly Bare<V>[]
    : L extends 'isnull'
      ? boolean
      : [Bare<V>] extends [string | number]
        ? ShapedScalarInput<Bare<V>, L>
        : [Bare<V>] extends [boolean]
          ? never
          : DocumentInput<L>;

type ShapedScalarInput<V extends string | number, L extends string> = L extends OrderLookup
  ? Widened<V>
  : L extends Between
    ? readonly [Widened<V>, Widened<V>]
    : L extends TextLookup
      ? V extends string
        ? string
        : never
      : never;

/** What values of a literal type are compared with. */
type Widened<V> = V extends string ? string : number;

/** Lookups of a whole document, whose shape may be known. */
type WholeDocumentInput<T, L extends string> = L extends Equality
  ? [ShapeOf<Bare<T>>] extends [never]
    ? unknown
    : ShapeOf<Bare<T>> | (null extends T ? null : never)
  : DocumentInput<L>;

/** Lookups of a JSON document. */
type DocumentInput<L extends string> = L extends 'contains' | 'containedBy' | Equality
  ? unknown
  : L extends 'isnull'
    ? boolean
    : L extends 'hasKey'
      ? string
      : L extends 'hasKeys' | 'hasAnyKeys'
        ? readonly string[]
        : LengthInput<L>;

/** The number of elements of a list. */
type LengthInput<L extends string> = L extends 'length'
  ? number
  : L extends `length__${infer C}`
    ? LookupOf<number, C>
    : never;

type Otherwise<V, Reason> = [V] extends [never] ? Reason : V;

type PkTarget<E> = Bare<KeyOf<E>>;

type PathInput<E, P extends string, L extends string> = P extends 'pk'
  ? L extends 'exact' | 'ne'
    ? E | PkTarget<E>
    : L extends Among
      ? List<E | PkTarget<E>>
      : LookupOf<PkTarget<E>, L>
  : P extends `${string}.pk`
    ? unknown
    : LookupOf<PathTarget<E, P>, L>;

type Head<K extends string> = K extends `${infer P}__${string}` ? P : K;

type SplitValue<E, S> = S extends readonly [infer P extends string, infer L extends string]
  ? Otherwise<PathInput<E, P, L>, UnfitPath<P, `the lookup "${L}" is not one of its kind`>>
  : never;

/** The value that a lookup key takes, or a type that no value has when the path does not exist or the lookup does not fit it. */
export type LookupValue<E, K extends string> =
  IsUntyped<E> extends true
    ? unknown
    : HasPath<E, K> extends true
      ? PathInput<E, K, 'exact'>
      : [SplitKey<E, K>] extends [never]
        ? NoSuchPath<Head<K>>
        : SplitValue<E, SplitKey<E, K>>;

/** Lookups of which each key was checked against the entity; a wrong one has a type that no value has. */
export type CheckedLookups<E, L> = {
  [K in keyof L]: K extends string
    ? L[K] extends Expression<infer T, infer M>
      ? CheckedOperand<E, T, M, LookupValue<E, K>, L[K]>
      : L[K] extends SearchQuery<infer M>
        ? CheckedSearch<E, M, LookupValue<E, K>>
        : LookupValue<E, K>
    : never;
};

/** What is looked for, whose configuration may be a value of the row. */
type CheckedSearch<E, M, V> = [BadMention<E, M>] extends [never] ? V : BadMention<E, M>;

/** An expression as the value of a lookup: its paths exist, and what it comes to is what the lookup takes. */
type CheckedOperand<E, T, M, V, X> = [V] extends [NoSuchPath<string> | UnfitPath<string, string>]
  ? V
  : [BadMention<E, M>] extends [never]
    ? [T] extends [never]
      ? X
      : [NonNullable<Resolved<E, T>>] extends [V]
        ? X
        : V
    : BadMention<E, M>;

type LookupName = Equality | Among | Between | 'isnull' | 'search' | TextLookup | OrderLookup | DatePart;

/** Lookup keys that editors complete: paths to direct relations, and lookups of own fields, fitting or not. */
export type SuggestedLookup<E> =
  IsUntyped<E> extends true ? never : Path<E, 1> | 'pk' | `${FieldName<E>}__${LookupName}`;

type FittingLookup<E, P extends string> = {
  [L in LookupName]: [PathInput<E, P, L>] extends [never] ? never : `${P}__${L}`;
}[LookupName];

/**
 * Lookups by name, as `filter` takes them, over the fields of the entity and of its direct relations. `filter` itself
 * accepts paths of any depth; this type is for variables and parameters, and for completion in editors.
 */
export type LookupInput<E> =
  IsUntyped<E> extends true
    ? Readonly<Record<string, unknown>>
    : { readonly [K in Path<E, 1> | 'pk']?: LookupValue<E, K> } & {
        readonly [K in FittingLookup<E, Path<E, 1>>]?: LookupValue<E, K>;
      };

/** The value that a path takes in an update: the column's type, or a row or key for a relation. */
export type UpdateValue<E, P extends string> = HasPath<E, P> extends true ? PathInput<E, P, 'exact'> : NoSuchPath<P>;

/** The same for a given value, which may be an expression: `{ stock: F('stock').minus(1) }`. */
export type CheckedUpdate<E, P extends string, V> =
  V extends Expression<infer T, infer M> ? CheckedOperand<E, T, M, UpdateValue<E, P>, V> : UpdateValue<E, P>;

/** New column values as `update` takes them: by field, by embedded path, or a row or key for a relation. */
export type UpdateInput<E> =
  IsUntyped<E> extends true ? Readonly<Record<string, unknown>> : { readonly [K in Path<E, 1>]?: LookupValue<E, K> };
