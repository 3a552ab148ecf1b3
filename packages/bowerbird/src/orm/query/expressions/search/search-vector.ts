import { documentOf } from '../../lookups/search-lookups.js';
import { type ColumnModel } from '../../model/entity-model.js';
import { QueryUsageError } from '../../query.errors.js';
import { checkedSearchConfig, writtenConfig, type SearchConfig } from '../../search/search-config.js';
import { type SearchDocument, type SearchPart, type SearchWeight } from '../../search/search-document.js';
import { queryOf, type ParsedQuery, type SearchQuery } from '../../search/search-query.js';
import { isWeight } from '../../search/search-weights.js';
import { TextDocument } from '../../search/text-document.js';
import { type Argument, type ArgumentMentions } from '../aggregates.js';
import {
  argumentOf,
  Expression,
  type CompiledExpression,
  type ExpressionContext,
  type MentionsOf,
  type Operand,
} from '../expression.js';
import { type SearchText } from './search-text.types.js';

/** What {@link SearchVector} takes beside what it searches in. */
export interface SearchVectorOptions {
  /** How much words count that stand there: `A` the most, `D`, the usual, the least. */
  readonly weight?: SearchWeight;
  /** PostgreSQL: the configuration by which it takes the texts apart, `'english'`, or a value of each row that names it. */
  readonly config?: SearchConfig;
  /** `fulltext`: MySQL and MariaDB ask the full-text index over exactly these fields, and see words as it does. */
  readonly engine?: 'fulltext';
}

/** Some texts that are searched in the same way. */
interface Segment extends SearchVectorOptions {
  readonly texts: readonly Expression[];
}

/** What an argument of {@link SearchVector} mentions. */
type Mentioned<A> = A extends Argument
  ? ArgumentMentions<A>
  : A extends { readonly config: infer C }
    ? MentionsOf<C>
    : never;

/**
 * Texts in which is searched, as one after another: `SearchVector('title', 'body', { weight: 'A' })`, joined by `plus`. NULL
 * is a text without words. See https://docs.djangoproject.com/en/stable/ref/contrib/postgres/search/#searchvector
 */
export function SearchVector<const A extends readonly [Argument, ...(Argument | SearchVectorOptions)[]]>(
  ...given: A
): SearchVectorExpression<Mentioned<A[number]>> {
  const last = given.at(-1)!;
  const options = isArgument(last) ? {} : last;
  const texts = (isArgument(last) ? given : given.slice(0, -1)) as readonly Argument[];
  if (!texts.every(isArgument)) throw new QueryUsageError('Options of SearchVector() come last');
  return new SearchVectorExpression([{ ...checkedOptions(options), texts: texts.map(argumentOf) }]);
}

/** A {@link SearchVector}, which may be joined with others. */
export class SearchVectorExpression<M = unknown> extends Expression<SearchText, M> {
  constructor(private readonly segments: readonly Segment[]) {
    super();
    const kinds = new Set(segments.map(({ config, engine }) => engine ?? (config === undefined ? 'words' : 'config')));
    if (kinds.size > 1)
      throw new QueryUsageError(
        'Vectors that are joined are searched in one way: all have a config, or an engine, or none',
      );
  }

  get parts(): readonly Expression[] {
    return this.segments.flatMap(({ texts, config }) => (config instanceof Expression ? [...texts, config] : texts));
  }

  /** The texts of this and of another vector. */
  override plus<const O extends Operand>(
    other: O extends SearchVectorExpression<infer _> ? O : never,
  ): SearchVectorExpression<M | MentionsOf<O>> {
    const vector: unknown = other;
    if (vector instanceof SearchVectorExpression)
      return new SearchVectorExpression([...this.segments, ...vector.segments]);
    throw new QueryUsageError('A SearchVector is joined with another one');
  }

  /** Whether a query matches, for conditions: `filter(SearchVector('title', 'body').matches('quick fox'))`. */
  matches<N = never>(query: string | SearchQuery<N>): Expression<boolean, M | N> {
    return new SearchMatch<M | N>(this, queryOf(query));
  }

  compile(context: ExpressionContext): CompiledExpression {
    const parts = this.segments.flatMap((segment) => segment.texts.map((text) => partOf(segment, text, context)));
    const document = this.document(parts, context);
    const nullable = parts.some(({ config }) => config?.nullable);
    return { sql: document.value, kind: 'text', nullable, document };
  }

  private document(parts: readonly SearchPart[], { dialect }: ExpressionContext): SearchDocument {
    const [{ config, engine }] = this.segments as [Segment];
    if (engine === 'fulltext') return dialect.search.fulltext(parts);
    return config === undefined ? new TextDocument(parts, dialect) : dialect.search.configured(parts);
  }
}

/** Whether a text or a vector matches a query. */
class SearchMatch<M> extends Expression<boolean, M> {
  readonly parts: readonly Expression[];

  constructor(
    private readonly vector: Expression,
    private readonly query: ParsedQuery,
  ) {
    super();
    this.parts = [vector, ...query.parts];
  }

  compile(context: ExpressionContext): CompiledExpression {
    const compiled = context.compile(this.vector);
    const query = this.query.written(context);
    const matches = documentOf(compiled, context.dialect).matches(query);
    return { sql: matches, kind: 'boolean', nullable: compiled.nullable || (query.config?.nullable ?? false) };
  }
}

function partOf({ weight, config }: Segment, text: Expression, context: ExpressionContext): SearchPart {
  const compiled = context.compile(text);
  refuseOthers(compiled);
  const { sql: value, column } = compiled;
  const written = config === undefined ? undefined : writtenConfig(config, context);
  return { text: context.dialect.search.present(value), weight, config: written, column: placeOf(value, column) };
}

function placeOf(value: CompiledExpression['sql'], model: ColumnModel | undefined): SearchPart['column'] {
  return model && { model, sql: value };
}

function refuseOthers({ kind, document }: CompiledExpression): void {
  if (document) throw new QueryUsageError('Vectors are joined by plus()');
  if (kind !== 'string' && kind !== 'text' && kind !== 'enum')
    throw new QueryUsageError(`A search looks into texts, not into a ${kind}`);
}

function isArgument(given: Argument | SearchVectorOptions): given is Argument {
  return typeof given === 'string' || given instanceof Expression;
}

function checkedOptions({ weight, config, engine }: SearchVectorOptions): SearchVectorOptions {
  if (weight !== undefined && !isWeight(weight))
    throw new QueryUsageError(`A weight is A, B, C or D, got ${JSON.stringify(weight)}`);
  if (engine !== undefined && engine !== 'fulltext')
    throw new QueryUsageError(`There is no search engine ${JSON.stringify(engine)}`);
  if (engine !== undefined && (config !== undefined || weight !== undefined))
    throw new QueryUsageError("The engine 'fulltext' takes neither a config nor weights");
  return {
    ...(weight && { weight }),
    ...(config !== undefined && { config: checkedSearchConfig(config) }),
    ...(engine && { engine }),
  };
}
