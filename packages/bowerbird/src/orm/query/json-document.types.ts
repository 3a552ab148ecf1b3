declare const DOCUMENT: unique symbol;

/**
 * The value of a JSON column whose shape is known: `prefs: Json<{ theme?: string; tags: string[] }> | null`. Paths into it
 * and the values of lookups are then checked. An object type without the mark is taken for a relation or an embedded
 * object, which it cannot be told from; documents of any shape are `Record<string, unknown>`.
 */
export type Json<T> = T & { readonly [DOCUMENT]?: T };

/** The shape of a document that is marked; never for any other type. */
export type ShapeOf<T> = unknown extends T
  ? never
  : typeof DOCUMENT extends keyof T
    ? Exclude<T[typeof DOCUMENT], undefined>
    : never;

type Inside<T> = NonNullable<T>;

/** The property of any member of a union. */
type Property<T, K extends string> = unknown extends T
  ? unknown
  : T extends readonly (infer I)[]
    ? K extends `${bigint}`
      ? I
      : never
    : T extends object
      ? K extends keyof T
        ? T[K]
        : string extends keyof T
          ? T[string & keyof T]
          : never
      : never;

/** The type of the value at a path inside of a document: keys, and places in lists; never where there is none. */
export type ShapeAt<T, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? ShapeAt<Inside<Property<T, Head>>, Rest>
  : Property<T, P>;

declare const JSON_VALUE: unique symbol;

/** Stands for a value inside of a JSON document: of a document whose keys are not declared, or of the type `V`. */
export interface AnyJson<V = unknown> {
  readonly [JSON_VALUE]: { readonly of: V };
}
