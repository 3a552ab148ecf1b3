import { QueryUsageError } from '../query.errors.js';
import { parsePhrase, parsePlain, parseWebsearch } from './parse-search.js';
import { parseTsquery } from './parse-tsquery.js';
import { type SearchNode } from './search-node.js';
import { BadSearchQueryError } from './search.errors.js';
import { splitWords } from './separators.js';

/** The longest text of a query, in characters as JavaScript counts them. */
const LONGEST = 500;
/** Most words of a query: each is looked for in each row. */
const MOST_WORDS = 50;

/** The names that PostgreSQL's text search configurations can have here. */
const CONFIG = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?$/;

/** How the text of a query is read. */
export type SearchType = 'plain' | 'phrase' | 'websearch' | 'raw';

/** What {@link SearchQuery} takes beside its text. */
export interface SearchQueryOptions {
  /**
   * `plain`, the usual: all of the words, wherever they stand. `phrase`: one behind the other. `websearch`: as search boxes
   * have it, `quick -slow "brown fox" or dog*`. `raw`: the language of PostgreSQL's `to_tsquery`, `quick & !(slow | lazy)`.
   */
  readonly type?: SearchType;
  /** PostgreSQL: the configuration whose dictionaries and stop words count: `'english'`. */
  readonly config?: string;
}

/** What is looked for in texts. Immutable, and the same for every database. */
export interface SearchQuery {
  /** What matches this and the other query. */
  and(other: SearchQuery): SearchQuery;
  /** What matches this or the other query. */
  or(other: SearchQuery): SearchQuery;
  /** What does not match. A query without words finds nothing, and neither does its opposite. */
  not(): SearchQuery;
}

const PARSERS: Readonly<Record<SearchType, (text: string) => SearchNode>> = {
  plain: parsePlain,
  phrase: parsePhrase,
  websearch: parseWebsearch,
  raw: parseTsquery,
};

/**
 * A query for words: `SearchQuery('quick -slow "brown fox"', { type: 'websearch' })`. Text from a search box may go in as it
 * is. See https://docs.djangoproject.com/en/stable/ref/contrib/postgres/search/#searchquery
 * @throws BadSearchQueryError (status 400) for more than 500 characters or 50 words, and for `raw` text that is not written
 * in its language
 */
export function SearchQuery(text: string, { type = 'plain', config }: SearchQueryOptions = {}): SearchQuery {
  return parsedQuery(text, type, config);
}

/** A query that has been read. */
export class ParsedQuery implements SearchQuery {
  constructor(
    readonly node: SearchNode,
    readonly config: string | undefined,
  ) {}

  and(other: SearchQuery): SearchQuery {
    return this.with('and', other);
  }

  or(other: SearchQuery): SearchQuery {
    return this.with('or', other);
  }

  not(): SearchQuery {
    return new ParsedQuery({ op: 'not', part: this.node }, this.config);
  }

  private with(op: 'and' | 'or', other: SearchQuery): SearchQuery {
    const { node, config } = queryOf(other);
    if (config !== undefined && this.config !== undefined && config !== this.config)
      throw new QueryUsageError(`Queries of the configs "${this.config}" and "${config}" do not combine`);
    return new ParsedQuery({ op, parts: [this.node, node] }, this.config ?? config);
  }
}

/** A query, or the plain query of a text. @throws BadSearchQueryError, QueryUsageError */
export function queryOf(given: unknown): ParsedQuery {
  if (given instanceof ParsedQuery) return given;
  if (typeof given === 'string') return parsedQuery(given, 'plain', undefined);
  throw new QueryUsageError('A search takes a text or a SearchQuery');
}

/** The name of a configuration. @throws QueryUsageError for what cannot be one */
export function checkedConfig(config: string): string {
  if (CONFIG.test(config)) return config;
  throw new QueryUsageError(`${JSON.stringify(config)} cannot name a text search configuration`, {
    hint: "Names as PostgreSQL lists them with \\dF: 'english', 'pg_catalog.simple'",
  });
}

function parsedQuery(text: string, type: SearchType, config: string | undefined): ParsedQuery {
  if (typeof text !== 'string') throw new QueryUsageError('A search takes a text');
  if (text.length > LONGEST) throw new BadSearchQueryError(text, `it has more than ${LONGEST} characters`);
  const parse = PARSERS[type];
  if (!parse) throw new QueryUsageError(`There is no search of the type ${JSON.stringify(type)}`);
  const clean = text.replace(/[\p{Cc}\p{Cs}]/gu, ' ').normalize('NFC');
  if (splitWords(clean).length > MOST_WORDS)
    throw new BadSearchQueryError(text, `it has more than ${MOST_WORDS} words`);
  return new ParsedQuery(parse(clean), config === undefined ? undefined : checkedConfig(config));
}
