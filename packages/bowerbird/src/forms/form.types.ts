import { type Field } from './fields/field.js';
import { type Form } from './form.js';

/** The type of the value that a field gives. */
export type ValueOf<F> = F extends Field<infer T> ? T : never;

/** The names of the fields that a form class declares. */
export type FieldNames<F> = {
  [K in Exclude<keyof F, keyof Form>]: F[K] extends Field<infer _> ? K : never;
}[Exclude<keyof F, keyof Form>];

/** The cleaned values of a form class, by field. */
export type Cleaned<F> = { readonly [K in FieldNames<F>]: ValueOf<F[K]> };
