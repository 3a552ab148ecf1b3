import { Expression, type ExpressionContext, type MentionsOf } from '../expressions/expression.js';
import { QueryUsageError } from '../query.errors.js';
import { parsePhrase, parsePlain, parseWebsearch } from './parse-search.js';
import { parseTsquery } from './parse-tsquery.js';
import {
  checkedSearchConfig,
  isSameConfig,
  writtenConfig,
  type SearchConfig,
  type WrittenConfig,
} from './search-config.js';
import { type SearchNode } from './search-node.js';
import { BadSearchQueryError } from './search.errors.js';
import { splitWords } from './separators.js';

/** The longest text of a query, in characters as JavaScript counts them. */
const LONGEST = 500;
/** Most words of a query: each is looked for in each row. */
const MOST_WORDS = 50;

/** How the text of a query is read. */
export type SearchType = 'plain' | 'phrase' | 'websearch' | 'raw';

/** What {@link SearchQuery} takes beside its text. */
export interface SearchQueryOptions<C extends SearchConfig = SearchConfig> {
  /**
   * `plain`, the usual: all of the words, wherever they stand. `phrase`: one behind the other. `websearch`: as search boxes
   * have it, `quick -slow "brown fox" or dog*`. `raw`: the language of PostgreSQL's `to_tsquery`, `quick & !(slow | lazy)`.
   */
  readonly type?: SearchType;
  /** PostgreSQL: the configuration whose dictionaries and stop words count, `'english'`, or a value of each row that names it. */
  readonly config?: C;
}

declare const MENTIONS: unique symbol;

/** What is looked for in texts. Immutable, and the same for every database. `M` collects the paths that its config mentions. */
export interface SearchQuery<out M = unknown> {
  readonly [MENTIONS]?: M;
  /** What matches this and the other query. */
  and<N>(other: SearchQuery<N>): SearchQuery<M | N>;
  /** What matches this or the other query. */
  or<N>(other: SearchQuery<N>): SearchQuery<M | N>;
  /** What does not match. A query without words finds nothing, and neither does its opposite. */
  not(): SearchQuery<M>;
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
export function SearchQuery<const C extends SearchConfig = never>(
  text: string,
  { type = 'plain', config }: SearchQueryOptions<C> = {},
): SearchQuery<MentionsOf<C>> {
  return parsedQuery<MentionsOf<C>>(text, type, config);
}

/** A query that has been read. */
export class ParsedQuery<M = unknown> implements SearchQuery<M> {
  constructor(
    readonly node: SearchNode,
    readonly config: SearchConfig | undefined,
  ) {}

  /** The values of rows that it is made of. */
  get parts(): readonly Expression[] {
    return this.config instanceof Expression ? [this.config] : [];
  }

  and<N>(other: SearchQuery<N>): SearchQuery<M | N> {
    return this.with('and', other);
  }

  or<N>(other: SearchQuery<N>): SearchQuery<M | N> {
    return this.with('or', other);
  }

  not(): SearchQuery<M> {
    return new ParsedQuery<M>({ op: 'not', part: this.node }, this.config);
  }

  /** The query as a statement asks it. @throws QueryUsageError, FieldError */
  written(context?: ExpressionContext): WrittenQuery {
    const { node, config } = this;
    return new WrittenQuery(node, config === undefined ? undefined : writtenConfig(config, context));
  }

  private with<N>(op: 'and' | 'or', other: SearchQuery<N>): ParsedQuery<M | N> {
    const { node, config } = queryOf(other);
    if (config !== undefined && this.config !== undefined && !isSameConfig(config, this.config))
      throw new QueryUsageError(`Queries of the configs ${shown(this.config)} and ${shown(config)} do not combine`);
    return new ParsedQuery<M | N>({ op, parts: [this.node, node] }, this.config ?? config);
  }
}

/** A query in a statement. */
export class WrittenQuery {
  constructor(
    readonly node: SearchNode,
    readonly config: WrittenConfig | undefined,
  ) {}
}

function shown(config: SearchConfig): string {
  return typeof config === 'string' ? `"${config}"` : 'of the row';
}

/** A query, or the plain query of a text. @throws BadSearchQueryError, QueryUsageError */
export function queryOf(given: unknown): ParsedQuery {
  if (given instanceof ParsedQuery) return given;
  if (typeof given === 'string') return parsedQuery(given, 'plain', undefined);
  throw new QueryUsageError('A search takes a text or a SearchQuery');
}

function parsedQuery<M>(text: string, type: SearchType, config: SearchConfig | undefined): ParsedQuery<M> {
  if (typeof text !== 'string') throw new QueryUsageError('A search takes a text');
  if (text.length > LONGEST) throw new BadSearchQueryError(text, `it has more than ${LONGEST} characters`);
  const parse = PARSERS[type];
  if (!parse) throw new QueryUsageError(`There is no search of the type ${JSON.stringify(type)}`);
  const clean = text.replace(/[\p{Cc}\p{Cs}]/gu, ' ').normalize('NFC');
  if (splitWords(clean).length > MOST_WORDS)
    throw new BadSearchQueryError(text, `it has more than ${MOST_WORDS} words`);
  return new ParsedQuery<M>(parse(clean), config === undefined ? undefined : checkedSearchConfig(config));
}
