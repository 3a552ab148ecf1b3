import { QueryUsageError } from '../query.errors.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { type WrittenConfig } from './search-config.js';
import { type RankOptions, type SearchDocument, type SearchPart, type SearchWeight } from './search-document.js';
import { wantedWords, wordsOf, type WordNode } from './search-node.js';
import { type WrittenQuery } from './search-query.js';
import { weightsOf } from './search-weights.js';
import { type PatternWords } from './word-patterns.js';

/** Less than any rank that words make: what a row has that matches only by what it does not hold. */
const LEAST_RANK = '1E-20';

/** Texts in which words are found that mean the same on every database, whatever its locale, its collations and settings. */
export class TextDocument implements SearchDocument {
  constructor(
    private readonly parts: readonly SearchPart[],
    private readonly dialect: SqlDialect,
  ) {}

  get value(): Sql {
    return this.joined(this.parts);
  }

  matches(query: WrittenQuery): Sql {
    if (query.config !== undefined) return this.configured(query.config).matches(query);
    const words = wordsOf(query.node);
    if (!words) return raw('(1 = 0)');
    const exact = this.condition(words);
    const narrowed = this.dialect.search.narrowed(this.parts, words);
    // What the index holds costs more than to look for the words: where no index is used, it is asked of few rows.
    return narrowed ? sql`(${exact} AND ${narrowed})` : exact;
  }

  /** The mean over the words of `1 - 1 / (n + 1)` for those that stand there n times, times the weight of where they stand. */
  rank(query: WrittenQuery, options: RankOptions): Sql {
    if (query.config !== undefined) return this.configured(query.config).rank(query, options);
    if (options.coverDensity || options.normalization)
      throw new QueryUsageError('coverDensity and normalization rank vectors that have a config', {
        hint: "SearchVector('title', { config: 'english' }), on PostgreSQL",
      });
    const words = wordsOf(query.node);
    if (!words) return this.dialect.expressions.asFloat(raw('0'));
    const weights = weightsOf(options.weights);
    const wanted = wantedWords(words);
    const sums = [...this.byWeight()].map(
      ([weight, parts]) => sql`${raw(String(weights[weight]))} * ${this.presence(this.joined(parts), wanted)}`,
    );
    const mean = wanted.length > 0 ? sql`(${join(sums, ' + ')}) / ${raw(String(wanted.length))} + ` : raw('');
    const rank = sql`CASE WHEN ${this.condition(words)} THEN ${mean}${raw(LEAST_RANK)} ELSE 0 END`;
    return this.dialect.expressions.asFloat(rank);
  }

  private condition(words: WordNode): Sql {
    return holding(words, (each) => this.dialect.search.holds(this.value, each));
  }

  private presence(text: Sql, wanted: readonly PatternWords[]): Sql {
    const { expressions, search } = this.dialect;
    const one = expressions.asFloat(raw('1'));
    const terms = wanted.map((words) => sql`(1 - ${one} / (${search.occurrences(text, words)} + 1))`);
    return sql`(${join(terms, ' + ')})`;
  }

  private byWeight(): ReadonlyMap<SearchWeight, readonly SearchPart[]> {
    const groups = new Map<SearchWeight, SearchPart[]>();
    for (const part of this.parts) {
      const weight = part.weight ?? 'D';
      groups.set(weight, [...(groups.get(weight) ?? []), part]);
    }
    return groups;
  }

  private configured(config: WrittenConfig): SearchDocument {
    return this.dialect.search.configured(this.parts.map((part) => ({ ...part, config })));
  }

  private joined(parts: readonly SearchPart[]): Sql {
    return this.dialect.search.joined(parts.map(({ text }) => text));
  }
}

function holding(node: WordNode, holds: (words: PatternWords) => Sql): Sql {
  if (node.op === 'words') return holds(node.words);
  if (node.op === 'not') return sql`NOT (${holding(node.part, holds)})`;
  const parts = node.parts.map((part) => holding(part, holds));
  return sql`(${join(parts, node.op === 'and' ? ' AND ' : ' OR ')})`;
}
