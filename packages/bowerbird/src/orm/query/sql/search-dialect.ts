import { QueryUsageError } from '../query.errors.js';
import { type WrittenConfig } from '../search/search-config.js';
import { type SearchDocument, type SearchPart } from '../search/search-document.js';
import { type WordNode } from '../search/search-node.js';
import { type WrittenQuery } from '../search/search-query.js';
import { type PatternWords } from '../search/word-patterns.js';
import { sql, type Sql } from './sql.js';

/** How a headline is made. */
export interface HeadlineRequest {
  readonly text: Sql;
  readonly query: WrittenQuery;
  readonly config: WrittenConfig;
  /** PostgreSQL's own list of options: `MaxWords=10, StartSel="<b>"`. */
  readonly options: string;
}

/** How words are found in texts. One class per dialect. */
export abstract class SearchDialect {
  /** A text without words in the place of NULL. */
  present(text: Sql): Sql {
    return sql`COALESCE(${text}, '')`;
  }

  /** Texts that are not NULL one after another, with a space between them. */
  abstract joined(texts: readonly Sql[]): Sql;

  /** Whether words stand together in a text. */
  abstract holds(text: Sql, words: PatternWords): Sql;

  /** How often they do, as a number. */
  abstract occurrences(text: Sql, words: PatternWords): Sql;

  /** A condition that every match of a query meets and that a declared index serves, or undefined. */
  narrowed(_parts: readonly SearchPart[], _words: WordNode): Sql | undefined {
    return undefined;
  }

  /** Texts of PostgreSQL's own full-text search. @throws QueryUsageError elsewhere */
  configured(_parts: readonly SearchPart[]): SearchDocument {
    return this.refuse('A text search configuration', 'postgres');
  }

  /** A stored vector of PostgreSQL. @throws QueryUsageError elsewhere */
  stored(_vector: Sql): SearchDocument {
    return this.refuse('A stored vector', 'postgres');
  }

  /** Texts of MySQL's own full-text search. @throws QueryUsageError elsewhere, and without an index over the columns */
  fulltext(_parts: readonly SearchPart[]): SearchDocument {
    return this.refuse("The engine 'fulltext'", 'mysql');
  }

  /** The parts of a text in which the words of a query stand. @throws QueryUsageError where there is none */
  headline(_request: HeadlineRequest): Sql {
    return this.refuse('SearchHeadline', 'postgres');
  }

  protected abstract readonly name: string;

  private refuse(what: string, where: string): never {
    throw new QueryUsageError(`${what} is not there on ${this.name}`, {
      hint: `It works on ${where} alone; without it the same rows are found on every database`,
    });
  }
}
