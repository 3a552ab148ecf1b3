import { QueryUsageError } from '../../query.errors.js';
import { checkedSearchConfig, writtenConfig, type SearchConfig } from '../../search/search-config.js';
import { queryOf, type ParsedQuery, type SearchQuery } from '../../search/search-query.js';
import { type Argument, type ArgumentMentions } from '../aggregates.js';
import {
  argumentOf,
  Expression,
  type CompiledExpression,
  type ExpressionContext,
  type MentionsOf,
} from '../expression.js';

/** How {@link SearchHeadline} cuts a text. */
export interface SearchHeadlineOptions<C extends SearchConfig = SearchConfig> {
  /** The configuration that finds the words; that of the query, or `simple`, unless told. */
  readonly config?: C;
  /** What stands before and behind a word that was found; `<b>` and `</b>` unless told. */
  readonly startSel?: string;
  readonly stopSel?: string;
  /** Most and fewest words of a fragment; 35 and 15. */
  readonly maxWords?: number;
  readonly minWords?: number;
  /** Words of so few letters do not begin or end a fragment; 3. */
  readonly shortWord?: number;
  /** The whole text, whatever the lengths. */
  readonly highlightAll?: boolean;
  /** Most fragments; 0, the usual, makes one of a different kind. */
  readonly maxFragments?: number;
  /** What stands between fragments; ` ... ` unless told. */
  readonly fragmentDelimiter?: string;
}

type Option = Exclude<keyof SearchHeadlineOptions, 'config'>;

/** The options as PostgreSQL names them. */
const NAMES: Readonly<Record<Option, string>> = {
  startSel: 'StartSel',
  stopSel: 'StopSel',
  maxWords: 'MaxWords',
  minWords: 'MinWords',
  shortWord: 'ShortWord',
  highlightAll: 'HighlightAll',
  maxFragments: 'MaxFragments',
  fragmentDelimiter: 'FragmentDelimiter',
};

/** Those of PostgreSQL, for what is told of one alone. */
const USUAL = { maxWords: 35, minWords: 15, shortWord: 3 } as const;

/**
 * The parts of a text in which the words of a query stand, PostgreSQL only. The text comes as it is, between marks: escape
 * it before it goes into HTML, with marks that no text has. See
 * https://docs.djangoproject.com/en/stable/ref/contrib/postgres/search/#searchheadline
 */
export function SearchHeadline<const A extends Argument, N = never, const C extends SearchConfig = never>(
  text: A,
  query: string | SearchQuery<N>,
  options: SearchHeadlineOptions<C> = {},
): Expression<string, ArgumentMentions<A> | N | MentionsOf<C>> {
  return new HeadlineExpression(argumentOf(text), queryOf(query), checked(options));
}

class HeadlineExpression<M> extends Expression<string, M> {
  readonly parts: readonly Expression[];

  constructor(
    private readonly text: Expression,
    private readonly query: ParsedQuery,
    private readonly options: SearchHeadlineOptions,
  ) {
    super();
    const { config } = options;
    this.parts = [text, ...query.parts, ...(config instanceof Expression ? [config] : [])];
  }

  compile(context: ExpressionContext): CompiledExpression {
    const { kind, sql: value } = context.compile(this.text);
    if (kind !== 'string' && kind !== 'text')
      throw new QueryUsageError(`A headline is made of a text, not of a ${kind}`);
    const query = this.query.written(context);
    const { config: own } = this.options;
    const config = own === undefined ? query.config : writtenConfig(own, context);
    const { search } = context.dialect;
    const options = written(this.options);
    const request = { text: search.present(value), query, config: config ?? writtenConfig('simple', context), options };
    return {
      sql: search.headline(request),
      kind: 'text',
      nullable: [config, query.config].some((each) => each?.nullable),
    };
  }
}

/** @throws QueryUsageError for lengths that PostgreSQL refuses */
function checked(options: SearchHeadlineOptions): SearchHeadlineOptions {
  const { maxWords, minWords, shortWord } = { ...USUAL, ...options };
  const numbers = [maxWords, minWords, shortWord, options.maxFragments ?? 0];
  if (!numbers.every((number) => Number.isInteger(number) && number >= 0 && number <= 32_000) || minWords >= maxWords)
    throw new QueryUsageError('The lengths of a headline are whole numbers, and minWords is less than maxWords');
  if (minWords < 1) throw new QueryUsageError('A headline has at least one word');
  if (options.config !== undefined) checkedSearchConfig(options.config);
  return options;
}

/** `StartSel="<mark>", MaxWords=20`; in quotes, a quote is two. */
function written(options: SearchHeadlineOptions): string {
  const set = (Object.keys(NAMES) as Option[]).filter((name) => options[name] !== undefined);
  return set
    .map((name) => {
      const value = options[name]!;
      return `${NAMES[name]}=${typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value)}`;
    })
    .join(', ');
}
