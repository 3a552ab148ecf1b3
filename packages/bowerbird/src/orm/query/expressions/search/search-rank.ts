import { documentOf } from '../../lookups/search-lookups.js';
import { QueryUsageError } from '../../query.errors.js';
import { type RankOptions } from '../../search/search-document.js';
import { queryOf, type ParsedQuery, type SearchQuery } from '../../search/search-query.js';
import { type Argument, type ArgumentMentions } from '../aggregates.js';
import { argumentOf, Expression, type CompiledExpression, type ExpressionContext } from '../expression.js';

/**
 * How well a vector, or a text, matches a query: a number above 0 for rows that match, 0 for all others. Words count more
 * the more often they stand there and the heavier the place. The number is the same on every database unless the vector
 * has a config or an engine. See https://docs.djangoproject.com/en/stable/ref/contrib/postgres/search/#searchrank
 */
export function SearchRank<const A extends Argument, N = never>(
  vector: A,
  query: string | SearchQuery<N>,
  options: RankOptions = {},
): Expression<number, ArgumentMentions<A> | N> {
  return new RankExpression<ArgumentMentions<A> | N>(argumentOf(vector), queryOf(query), options);
}

class RankExpression<M> extends Expression<number, M> {
  readonly parts: readonly Expression[];

  constructor(
    private readonly vector: Expression,
    private readonly query: ParsedQuery,
    private readonly options: RankOptions,
  ) {
    super();
    this.parts = [vector, ...query.parts];
  }

  compile(context: ExpressionContext): CompiledExpression {
    const compiled = context.compile(this.vector);
    if (!compiled.document && compiled.kind !== 'string' && compiled.kind !== 'text')
      throw new QueryUsageError(`A search looks into texts, not into a ${compiled.kind}`);
    const rank = documentOf(compiled, context.dialect).rank(this.query.written(context), this.options);
    return { sql: rank, kind: 'float', nullable: false };
  }
}
