import { type AdminOptions, type OpenAdminOptions } from './admin-options.js';
import {
  type ColumnName,
  type FormName,
  type LookupPath,
  type OrderName,
  type SearchName,
  type SinglePath,
} from './admin-paths.js';

/** The strings of a list option, of its nested lists and of the paths of its objects. */
type NamesIn<T> = T extends readonly (infer Item)[]
  ? Item extends string
    ? Item
    : Item extends { readonly path: infer Path }
      ? Path
      : NamesIn<Item>
  : never;

type Option<O, K extends string> = O extends { readonly [P in K]: infer V } ? V : never;
type KeysOf<T> = T extends object ? keyof T & string : never;
type ValuesOf<T> = T extends object ? T[keyof T] : never;
type OrderingsIn<T> = T extends readonly (infer Item)[]
  ? Item extends { readonly ordering: infer Order }
    ? Order
    : never
  : never;
type FieldsIn<T> = T extends readonly (infer Item)[]
  ? Item extends { readonly fields: infer Names }
    ? NamesIn<Names>
    : never
  : never;

type Stray<Name extends string, Used, Allowed> =
  Exclude<Used, Allowed> extends infer Bad
    ? Bad extends string
      ? `${Name}: nothing is called "${Bad}"`
      : never
    : never;

type StrayOptions<O> =
  Exclude<keyof O, keyof OpenAdminOptions> extends infer Bad
    ? Bad extends string
      ? `there is no option "${Bad}"`
      : never
    : never;

type StrayNames<E, O, Column> =
  | Stray<'list', NamesIn<Option<O, 'list'>>, Column>
  | Stray<'list', OrderingsIn<Option<O, 'list'>>, OrderName<E>>
  | Stray<'listLinks', NamesIn<Option<O, 'listLinks'>>, Column>
  | Stray<'sortable', NamesIn<Option<O, 'sortable'>>, Column>
  | Stray<'search', NamesIn<Option<O, 'search'>>, SearchName<E>>
  | Stray<'filters', NamesIn<Option<O, 'filters'>>, LookupPath<E>>
  | Stray<'ordering', NamesIn<Option<O, 'ordering'>>, OrderName<E>>
  | Stray<'joins', NamesIn<Option<O, 'joins'>>, SinglePath<E>>
  | Stray<'fields', NamesIn<Option<O, 'fields'>>, FormName<E> | Column>
  | Stray<'fieldsets', FieldsIn<Option<O, 'fieldsets'>>, FormName<E> | Column>
  | Stray<'exclude', NamesIn<Option<O, 'exclude'>>, FormName<E>>
  | Stray<'readOnly', NamesIn<Option<O, 'readOnly'>>, FormName<E> | Column>
  | Stray<'prepopulated', KeysOf<Option<O, 'prepopulated'>>, FormName<E>>
  | Stray<'prepopulated', NamesIn<ValuesOf<Option<O, 'prepopulated'>>>, FormName<E>>
  | Stray<'controls', KeysOf<Option<O, 'controls'>>, FormName<E>>;

/** Methods of an admin class that take a row of the entity: its list and forms may name them. */
export type Extra<A, E> = {
  [K in keyof A & string]: A[K] extends (row: E) => unknown ? K : never;
}[keyof A & string];

/** Row callbacks must take a row of the entity. */
type StrayRows<E, O> = O extends Pick<AdminOptions<E>, 'viewOnSite'> ? never : 'viewOnSite: takes another kind of row';

/**
 * Every mistake in the options `O` for the entity `E`, as texts that the compiler prints; `never` when there is none.
 * `More` are names that an admin class adds.
 */
export type AdminMisuse<E, O, More = never> =
  | StrayOptions<O>
  | StrayNames<E, O, ColumnName<E> | More>
  | (O extends { readonly viewOnSite: unknown } ? StrayRows<E, O> : never);

/** `unknown` when the options fit the entity, else the mistakes, which no class can satisfy. */
export type Fits<E, O, More = never> = [AdminMisuse<E, O, More>] extends [never] ? unknown : AdminMisuse<E, O, More>;
