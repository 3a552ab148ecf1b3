declare const RANGE: unique symbol;

/**
 * The value of a range column of PostgreSQL, `[1,10)`, which lookups of ranges take apart: `span: RangeText<number>`. `T` is
 * the type of its bounds.
 */
export type RangeText<T extends number | string | Date> = string & { readonly [RANGE]?: T };

/** The type of the bounds of a range; never for any other text. */
export type BoundOf<T> = typeof RANGE extends keyof T ? NonNullable<T[typeof RANGE]> : never;
