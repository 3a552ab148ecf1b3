declare const VECTOR: unique symbol;

/** The value of a vector: a text that can be searched and nothing else. */
export type SearchText = string & { readonly [VECTOR]: true };
