import { type AnyClass } from '#core';

type IsAny<T> = 0 extends 1 & T ? true : false;
type Shallower = [never, 0, 1, 2, 3];
type Method = (...args: never[]) => unknown;
type Leaf = string | number | boolean | bigint | symbol | Date | Uint8Array | null | undefined;

/** What a property holds once it is loaded: lazy relations and null are looked through. */
type Loaded<T> = NonNullable<T extends Promise<infer V> ? V : T>;

/** `category` and what lies behind it: `category.name`. */
type Through<K extends string, V, Many extends boolean, Depth extends number> = Depth extends 0
  ? K
  : K | `${K}.${Paths<V, Many, Shallower[Depth] & number>}`;

type PathsAt<K extends string, V, Many extends boolean, Depth extends number> =
  IsAny<V> extends true
    ? K
    : V extends Method
      ? never
      : V extends Leaf
        ? K
        : V extends readonly (infer Item)[]
          ? Item extends Leaf
            ? K
            : Many extends true
              ? Through<K, Item, Many, Depth>
              : never
          : Through<K, V, Many, Depth>;

type Paths<E, Many extends boolean, Depth extends number = 3> = {
  [K in keyof E & string]-?: PathsAt<K, Loaded<E[K]>, Many, Depth>;
}[keyof E & string];

type TextPathsAt<K extends string, V, Depth extends number> =
  IsAny<V> extends true
    ? K
    : V extends string
      ? K
      : V extends Leaf | Method
        ? never
        : V extends readonly (infer Item)[]
          ? TextThrough<K, Item, Depth>
          : TextThrough<K, V, Depth>;

type TextThrough<K extends string, V, Depth extends number> = V extends Leaf
  ? never
  : Depth extends 0
    ? never
    : `${K}.${TextPaths<V, Shallower[Depth] & number>}`;

type TextPaths<E, Depth extends number = 3> = {
  [K in keyof E & string]-?: TextPathsAt<K, Loaded<E[K]>, Depth>;
}[keyof E & string];

/** Methods that need no argument; they can stand in a list as computed columns. */
export type MethodName<E> = {
  [K in keyof E & string]-?: E[K] extends () => unknown ? K : never;
}[keyof E & string];

/** A field, a relation to one row, or a path through such relations: `category.name`; at most three steps. */
export type SinglePath<E> = Paths<E, false>;

/** Any path, through lists of rows as well: `tags.name`; at most three steps. */
export type LookupPath<E> = Paths<E, true>;

/** What may stand in `list`: a path to one value, a method or getter of the entity, or `toString` for its text form. */
export type ColumnName<E> = SinglePath<E> | MethodName<E> | 'toString';

/** What may stand in `search`: a path to text, `^path` (starts with), or `=path` (equals; any kind of field). */
export type SearchName<E> = TextPaths<E> | `^${TextPaths<E>}` | `=${LookupPath<E>}`;

/** What may stand in `ordering`: a path, or `-path` for descending. */
export type OrderName<E> = SinglePath<E> | `-${SinglePath<E>}`;

/** What may stand on a form: a property, or a property of an embedded object (`address.city`). */
export type FormName<E> = Paths<E, true, 1>;

/** The instance type of an entity class. */
export type RowOf<C> = C extends AnyClass<infer E> ? E : never;
