import { POSTGRES_REGEX } from '../search/full-text-vector.js';
import { type SearchDocument, type SearchPart } from '../search/search-document.js';
import { type WordNode } from '../search/search-node.js';
import { WordPatterns, type PatternWords } from '../search/word-patterns.js';
import { ConfiguredDocument, StoredDocument } from './postgres-documents.js';
import { narrowedBy } from './postgres-narrowing.js';
import { SearchDialect, type HeadlineRequest } from './search-dialect.js';
import { bind, join, sql, type Sql } from './sql.js';
import { tsqueryOf } from './tsquery.js';

/** PostgreSQL finds words by regular expressions, which an index narrows, or by its own full-text search. */
export class PostgresSearch extends SearchDialect {
  protected readonly name = 'postgres';
  private readonly patterns = new WordPatterns(POSTGRES_REGEX);

  /** As full-text indexes have it, which are the same whatever the type of the column. */
  override present(text: Sql): Sql {
    return sql`COALESCE((${text})::text, '')`;
  }

  joined(texts: readonly Sql[]): Sql {
    return texts.length === 1 ? texts[0]! : sql`(${join(texts, " || ' ' || ")})`;
  }

  holds(text: Sql, words: PatternWords): Sql {
    return sql`${text} ~ ${bind(this.patterns.together(words))}`;
  }

  occurrences(text: Sql, words: PatternWords): Sql {
    return sql`(SELECT COUNT(*) FROM REGEXP_MATCHES(${text}, ${bind(this.patterns.head(words))}, 'g'))`;
  }

  override narrowed(parts: readonly SearchPart[], words: WordNode): Sql | undefined {
    return narrowedBy(parts, words);
  }

  override configured(parts: readonly SearchPart[]): SearchDocument {
    return new ConfiguredDocument(parts);
  }

  override stored(vector: Sql): SearchDocument {
    return new StoredDocument(vector);
  }

  override headline({ text, query, config, options }: HeadlineRequest): Sql {
    const asked = tsqueryOf(query.node, config);
    return sql`TS_HEADLINE(${config.sql}, ${text}, ${asked}, ${bind(options)})`;
  }
}
