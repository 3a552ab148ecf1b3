import { type MentionedBy } from './expressions/expression.types.js';
import { whereOf, type Where } from './q.js';

/** A relation and a condition, for {@link QueryJoins.joined}; made by {@link FilteredRelation}. */
export class FilteredPath<P extends string = string, M = unknown> {
  declare protected readonly mentions: M;

  constructor(
    readonly path: P,
    readonly where: Where,
  ) {}
}

/**
 * A relation narrowed by a condition, which goes where its rows are joined. Both speak from the entity of the query:
 * `FilteredRelation('posts', { 'posts.status': 'live' })`. The condition reaches the row itself and the rows that the
 * path leads over. See https://docs.djangoproject.com/en/stable/ref/models/querysets/#filteredrelation-objects
 */
export function FilteredRelation<const P extends string, const L extends object = object>(
  path: P,
  condition?: L,
): FilteredPath<P, object extends L ? never : MentionedBy<L>> {
  return new FilteredPath(path, whereOf(condition ?? {}));
}
