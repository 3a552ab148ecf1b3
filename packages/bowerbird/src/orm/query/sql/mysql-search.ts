import { QueryUsageError } from '../query.errors.js';
import { indexesOver } from '../search/indexed-columns.js';
import { type SearchDocument, type SearchPart } from '../search/search-document.js';
import { type RegexSyntax } from '../search/separators.js';
import { WordPatterns, type PatternWords } from '../search/word-patterns.js';
import { FulltextDocument } from './mysql-fulltext.js';
import { SearchDialect } from './search-dialect.js';
import { bind, join, raw, sql, type Sql } from './sql.js';

/** Regular expressions of MariaDB (PCRE) and of MySQL (ICU). */
const MYSQL_REGEX: RegexSyntax = { escape: (code) => `\\x{${code.toString(16)}}`, least: 0 };

/** MySQL and MariaDB. A binary collation keeps the regular expressions to what is written in them. */
export class MysqlSearch extends SearchDialect {
  protected readonly name = 'mysql';
  private readonly patterns = new WordPatterns(MYSQL_REGEX);

  joined(texts: readonly Sql[]): Sql {
    return texts.length === 1 ? texts[0]! : sql`CONCAT(${join(texts, ", ' ', ")})`;
  }

  holds(text: Sql, words: PatternWords): Sql {
    return sql`${exactly(text)} REGEXP ${bind(this.patterns.together(words))}`;
  }

  /** What is left without the words, against the whole; each match has as many characters. */
  occurrences(text: Sql, words: PatternWords): Sql {
    const whole = exactly(text);
    const left = sql`REGEXP_REPLACE(${whole}, ${bind(this.patterns.head(words))}, '')`;
    return sql`((CHAR_LENGTH(${whole}) - CHAR_LENGTH(${left})) / ${raw(String(Array.from(words[0].text).length))})`;
  }

  override fulltext(parts: readonly SearchPart[]): SearchDocument {
    const found = indexesOver(parts).find(({ columns }) => columns.length === parts.length);
    if (found) return new FulltextDocument(found.columns);
    const names = parts.map(({ column }) => column?.model.path ?? 'an expression').join(', ');
    throw new QueryUsageError(`There is no full-text index over exactly ${names}`, {
      hint: 'Declare one: @TableIndex(name, { fields, fullText: true })',
    });
  }
}

function exactly(text: Sql): Sql {
  return sql`CONVERT(${text} USING utf8mb4) COLLATE utf8mb4_bin`;
}
