import { QueryUsageError } from '../query.errors.js';
import { type RankOptions, type SearchDocument } from '../search/search-document.js';
import { wordsOf, type WordNode } from '../search/search-node.js';
import { type WrittenQuery } from '../search/search-query.js';
import { BadSearchQueryError } from '../search/search.errors.js';
import { type PatternWords } from '../search/word-patterns.js';
import { bind, join, raw, sql, type Sql } from './sql.js';

/**
 * Columns of a FULLTEXT index. The server decides what words are, which of them it leaves out, and how they rank.
 * See https://mariadb.com/kb/en/full-text-index-overview/
 */
export class FulltextDocument implements SearchDocument {
  constructor(private readonly columns: readonly string[]) {}

  get value(): Sql {
    return raw(`CONCAT_WS(' ', ${this.columns.join(', ')})`);
  }

  matches(query: WrittenQuery): Sql {
    const words = wordsOf(plainQuery(query).node);
    return words ? this.condition(words) : raw('(1 = 0)');
  }

  rank(query: WrittenQuery, { weights, normalization, coverDensity }: RankOptions): Sql {
    if (weights || normalization || coverDensity)
      throw new QueryUsageError("The engine 'fulltext' ranks in its own way and takes no options");
    const words = wordsOf(plainQuery(query).node);
    if (!words) return raw('(0 + 0E0)');
    const wanted = positive(words);
    const rank = wanted ? sql`GREATEST(${this.against(wanted)}, 1E-20)` : raw('1E-20');
    return sql`CASE WHEN ${this.condition(words)} THEN ${rank} ELSE 0E0 END`;
  }

  /** Conditions without an exclusion are one question to the index. */
  private condition(node: WordNode): Sql {
    if (isPositive(node)) return sql`(${this.against(node)} > 0)`;
    if (node.op === 'not') return sql`(NOT ${this.condition(node.part)})`;
    if (node.op === 'words') return raw('(1 = 0)');
    const parts = node.parts.filter((part) => !isPositive(part)).map((part) => this.condition(part));
    const together = node.parts.filter(isPositive);
    if (together.length > 0) parts.unshift(this.condition({ op: node.op, parts: together }));
    return sql`(${join(parts, node.op === 'and' ? ' AND ' : ' OR ')})`;
  }

  private against(node: WordNode): Sql {
    return sql`MATCH(${raw(this.columns.join(', '))}) AGAINST (${bind(booleanText(node))} IN BOOLEAN MODE)`;
  }
}

/** @throws QueryUsageError for a query that only PostgreSQL understands */
function plainQuery(query: WrittenQuery): WrittenQuery {
  if (query.config === undefined) return query;
  throw new QueryUsageError("The engine 'fulltext' has no config, and neither has a query that it is asked");
}

function isPositive(node: WordNode): boolean {
  if (node.op === 'words') return true;
  return node.op !== 'not' && node.parts.every(isPositive);
}

/** A query without what it excludes, or undefined when nothing is left. */
function positive(node: WordNode): WordNode | undefined {
  if (node.op === 'words') return node;
  if (node.op === 'not') return undefined;
  const parts = node.parts.map(positive).filter((part) => part !== undefined);
  return parts.length > 1 ? { op: node.op, parts } : parts[0];
}

/** The query in the language of boolean mode. Its words are letters and digits, which mean nothing there. */
function booleanText(node: WordNode): string {
  if (node.op === 'words') return eitherCase(node.words);
  if (node.op === 'not') return '';
  return `(${node.parts.map((part) => `${node.op === 'and' ? '+' : ''}${booleanText(part)}`).join(' ')})`;
}

/** In binary collations, which tables usually have, the index tells case apart. */
function eitherCase(words: PatternWords): string {
  if (words.length > 1 && words.some(({ prefix, distance }) => prefix || distance > 1))
    throw new BadSearchQueryError(
      words.map(({ text }) => text).join(' '),
      "the engine 'fulltext' knows whole words that follow each other at once",
    );
  const forms = [small, capitalized, large].map((form) => {
    const text = words.map((word) => form(word.text)).join(' ');
    return words.length > 1 ? `"${text}"` : `${text}${words[0].prefix ? '*' : ''}`;
  });
  const different = [...new Set(forms)];
  return different.length > 1 ? `(${different.join(' ')})` : different[0]!;
}

const small = (word: string): string => word.toLowerCase();
const large = (word: string): string => word.toUpperCase();
const capitalized = (word: string): string => {
  const [first = '', ...rest] = Array.from(word);
  return first.toUpperCase() + rest.join('').toLowerCase();
};
