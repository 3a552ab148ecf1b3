import { type IsUntyped } from '../query/marks.types.js';
import { type RelatedRow } from '../writes/related-set.js';

declare const LINK: unique symbol;

/**
 * Related rows whose links are rows of the entity `L`: the type of a property of `@ManyToManyThrough`, by which what links
 * get is checked: `clubs: LinkedRows<Club, Membership>`.
 */
export type LinkedRows<T, L extends object> = T[] & { readonly [LINK]?: L };

/** The entity whose rows are the links of a property; any object where its type does not tell. */
export type LinkOf<P> = typeof LINK extends keyof NonNullable<P> ? NonNullable<NonNullable<P>[typeof LINK]> : object;

/** A row of an entity, an object that has its key, or the key. */
export type RowOrKey<T> = IsUntyped<T> extends true ? RelatedRow : Partial<T> | Exclude<RelatedRow, object>;
