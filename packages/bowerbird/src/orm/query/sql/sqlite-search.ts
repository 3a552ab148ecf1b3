import { SQLITE_FUNCTIONS } from '../../drivers/sqlite-functions.js';
import { JAVASCRIPT_REGEX } from '../search/separators.js';
import { WordPatterns, type PatternWords } from '../search/word-patterns.js';
import { SearchDialect } from './search-dialect.js';
import { bind, join, raw, sql, type Sql } from './sql.js';

/** SQLite finds words by functions of ours. */
export class SqliteSearch extends SearchDialect {
  protected readonly name = 'sqlite';
  private readonly patterns = new WordPatterns(JAVASCRIPT_REGEX);

  joined(texts: readonly Sql[]): Sql {
    return texts.length === 1 ? texts[0]! : sql`(${join(texts, " || ' ' || ")})`;
  }

  holds(text: Sql, words: PatternWords): Sql {
    return sql`${raw(SQLITE_FUNCTIONS.regex)}(${text}, ${bind(this.patterns.together(words))}, 0)`;
  }

  occurrences(text: Sql, words: PatternWords): Sql {
    return sql`${raw(SQLITE_FUNCTIONS.occurrences)}(${text}, ${bind(this.patterns.head(words))})`;
  }
}
