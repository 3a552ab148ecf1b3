import { type QuerySet } from './query-set.js';
import { type PrefetchRequest, type StatedQuery } from './query-state.js';

/** How related rows are prefetched. */
export interface PrefetchOptions<T extends object, R, A extends string> {
  /** Which of the related rows, in which order and with what of their own; with a slice so many for each row. */
  readonly query?: QuerySet<T, R>;
  /** The property that gets the rows; the relation's own without it. */
  readonly as?: A;
}

declare const ONE: unique symbol;

/** Marks what a property gets one of, or none. */
export interface One<R> {
  readonly [ONE]: R;
}

/** A relation to prefetch and how; made by {@link Prefetch}. */
export class Prefetched<P extends string = string, T = unknown, R = unknown, A extends string = string> {
  declare protected readonly types: [T, R, A];

  constructor(
    readonly path: P,
    readonly request: PrefetchRequest,
  ) {}
}

/**
 * A relation to prefetch by a query of its own: `Prefetch('comments', { query: recent, as: 'recent' })`.
 * See https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-objects
 */
export function Prefetch<const P extends string, T extends object = never, R = T, const A extends string = never>(
  path: P,
  { query, as }: PrefetchOptions<T, R, A> = {},
): Prefetched<P, T, R, A> {
  return new Prefetched(path, { path, as, query: query?.stated() });
}

/** A query as it is given to {@link GenericPrefetch}. */
interface Stated {
  stated(): StatedQuery;
}

/**
 * A reference to rows of any entity to prefetch, with a query for the rows of some entities; rows of others come as they
 * are: `GenericPrefetch('target', [db.objects(Photo).selectRelated('album'), db.objects(Video).only('title')])`.
 * See https://docs.djangoproject.com/en/stable/ref/contrib/contenttypes/#genericprefetch
 */
export function GenericPrefetch<const P extends string, const A extends string = never>(
  path: P,
  queries: readonly Stated[],
  { as }: { readonly as?: A } = {},
): Prefetched<P, never, One<object>, A> {
  return new Prefetched(path, { path, as, queries: queries.map((query) => query.stated()) });
}

/** What a request for prefetching says as data. */
export function requestOf(request: string | Prefetched): PrefetchRequest {
  return typeof request === 'string' ? { path: request } : request.request;
}
