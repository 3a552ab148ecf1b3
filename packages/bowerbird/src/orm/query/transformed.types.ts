import { type AnyJson } from './json-document.types.js';
import {
  type Bare,
  type CustomInput,
  type CustomLookups,
  type DatePart,
  type IsDated,
  type IsJsonDocument,
  type IsParted,
  type IsText,
  type TextTransform,
} from './lookup.types.js';
import { type Related } from './path.types.js';
import { type BoundOf } from './range-text.types.js';

/** What transforms make of a value of type `T`, one of the other: `date__year`; never where one does not fit. */
export type Transformed<T, Names extends string> = Names extends `${infer First}__${infer Rest}`
  ? Transformed<TransformedOnce<T, First>, Rest>
  : TransformedOnce<T, Names>;

/** `null` where a value may be NULL. */
type Absence<T> = null extends T ? null : undefined extends T ? null : never;

type TransformedOnce<T, Name extends string> = [Bare<T>] extends [never]
  ? never
  : [Bare<T>] extends [AnyJson]
    ? OfDocument<Name>
    : IsJsonDocument<T> extends true
      ? OfDocument<Name>
      : IsParted<T> extends true
        ? OfParts<T, Name>
        : [Related<T>] extends [never]
          ? OfPlain<T, Name>
          : never;

type OfDocument<Name extends string> = Name extends 'length' ? number | null : never;

type OfParts<T, Name extends string> =
  Bare<T> extends readonly (infer I)[]
    ? Name extends 'length'
      ? number | Absence<T>
      : Name extends `${bigint}`
        ? I | null
        : Name extends `${bigint}_${bigint}`
          ? Exclude<T, undefined>
          : never
    : Name extends 'startswith' | 'endswith'
      ? BoundOf<Bare<T>> | null
      : Name extends 'isEmpty' | 'lowerInc' | 'lowerInf' | 'upperInc' | 'upperInf'
        ? boolean | Absence<T>
        : never;

type OfPlain<T, Name extends string> = Name extends DatePart
  ? IsDated<T> extends true
    ? (Name extends 'date' | 'time' ? string : number) | Absence<T>
    : never
  : Name extends TextTransform
    ? IsText<T> extends true
      ? (Name extends 'length' ? number : string) | Absence<T>
      : never
    : Name extends keyof CustomLookups
      ? [CustomInput<T, Name>] extends [never]
        ? never
        : CustomInput<T, Name> | Absence<T>
      : never;
