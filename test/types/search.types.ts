/* What must compile and what must not. Nothing here runs: the type checker is the test. */
import {
  Concat,
  F,
  SearchHeadline,
  SearchQuery,
  SearchRank,
  SearchVector,
  TrigramSimilarity,
  Unaccent,
  type QuerySet,
} from 'bowerbird/orm';
import { expectTypeOf } from 'vitest';

declare class Author {
  id: number;
  name: string;
}

declare class Book {
  id: number;
  title: string;
  blurb: string | null;
  pages: number;
  published: Date | null;
  live: boolean;
  author: Author;
  editor: Author | null;
  tags: string[];
  data: Record<string, unknown>;
}

declare const books: QuerySet<Book>;
declare const anything: QuerySet;

// What compiles, and what comes back.
const query = SearchQuery('quick -slow "brown fox"', { type: 'websearch', config: 'english' });
const vector = SearchVector('title', { weight: 'A' }).plus(SearchVector('blurb', F('author.name'), { weight: 'B' }));
const ranked = books.annotate({ rank: SearchRank(vector, query.and(SearchQuery('x')).or(query).not()) });
expectTypeOf((await ranked.get()).rank).toEqualTypeOf<number>();
ranked.filter({ rank__gt: 0 }).orderBy('-rank');
books.filter({ title__search: 'quick fox', blurb__search: query, 'author.name__search': 'x' });
books.exclude({ 'editor.name__search': 'x' });
books.alias({ text: vector }).filter({ text__search: query });
books.alias({ text: Concat(F('title'), F('blurb')) }).filter({ text__search: 'x' });
books.filter(vector.matches('x'));
books.annotate({ found: vector.matches(query) }).filter({ found: true });
books.annotate({ rank: SearchRank('title', 'x', { weights: { A: 1 }, normalization: 2, coverDensity: true }) });
const cut = books.annotate({ head: SearchHeadline('blurb', 'x', { maxWords: 5 }) });
expectTypeOf((await cut.get()).head).toEqualTypeOf<string>();
books.annotate({ near: TrigramSimilarity('title', 'x'), plain: Unaccent('title') }).orderBy('-near');
books.filter({ title__trigramSimilar: 'x', title__unaccent: 'x', title__unaccent__icontains: 'x' });
anything.filter({ whatever__search: 'x' }).annotate({ rank: SearchRank('whatever', 'x') });

books.filter(SearchVector('title', { config: F('author.name') }).matches(SearchQuery('x', { config: F('title') })));
books.filter({ title__search: SearchQuery('x', { config: F('author.name') }).and(SearchQuery('y')) });
books.annotate({ head: SearchHeadline('title', 'x', { config: F('blurb') }) });

// Configurations that are no values of the row.
// @ts-expect-error a misspelt field as the configuration of a vector
books.filter(SearchVector('title', { config: F('langage') }).matches('x'));
// @ts-expect-error a misspelt field as the configuration of a query
books.filter({ title__search: SearchQuery('x', { config: F('langage') }) });
// @ts-expect-error a misspelt field as the configuration of a joined query
books.filter({ title__search: SearchQuery('x').or(SearchQuery('y', { config: F('langage') })) });
// @ts-expect-error a misspelt field as the configuration of a query of a vector
books.filter(vector.matches(SearchQuery('x', { config: F('langage') })));
// @ts-expect-error a misspelt field as the configuration of a rank
books.annotate({ rank: SearchRank('title', SearchQuery('x', { config: F('langage') })) });
// @ts-expect-error a misspelt field as the configuration of a headline
books.annotate({ head: SearchHeadline('title', 'x', { config: F('langage') }) });
// @ts-expect-error a configuration is a text or an expression
SearchQuery('x', { config: 5 });

// What is no text.
// @ts-expect-error a search on a number
books.filter({ pages__search: 'x' });
// @ts-expect-error a search on a date
books.filter({ published__search: 'x' });
// @ts-expect-error a search on a truth value
books.filter({ live__search: 'x' });
// @ts-expect-error a search on a relation
books.filter({ author__search: 'x' });
// @ts-expect-error a search on a document
books.filter({ data__search: 'x' });
// @ts-expect-error a number that is looked for
books.filter({ title__search: 5 });
// @ts-expect-error a list that is looked for
books.filter({ title__search: ['x'] });
// @ts-expect-error nothing that is looked for
books.filter({ title__search: null });
// @ts-expect-error a search on a rank
ranked.filter({ rank__search: 'x' });
// @ts-expect-error likeness of a number
books.filter({ pages__trigramSimilar: 'x' });
// @ts-expect-error accents of a number
books.filter({ pages__unaccent: 'x' });

// A vector is searched and nothing else.
// @ts-expect-error part of a vector
books.alias({ text: vector }).filter({ text__icontains: 'x' });
// @ts-expect-error a vector in an order
books.alias({ text: vector }).filter({ text__gt: 'x' });
// @ts-expect-error a vector that is a text
books.alias({ text: vector }).filter({ text: 'x' });
// @ts-expect-error a vector and a text
vector.plus(F('title'));
// @ts-expect-error a vector and a bare text
vector.plus('title');
// @ts-expect-error a vector is no condition
books.filter(vector);

// Names and options that are not there.
// @ts-expect-error a misspelt field
books.filter({ titel__search: 'x' });
// @ts-expect-error a misspelt field of a vector
books.filter(SearchVector('title', 'blurp').matches('x'));
// @ts-expect-error a misspelt field of a joined vector
books.filter(SearchVector('title').plus(SearchVector('author.nam')).matches('x'));
// @ts-expect-error a misspelt field of a rank
books.annotate({ rank: SearchRank('titel', 'x') });
// @ts-expect-error a misspelt field of a headline
books.annotate({ head: SearchHeadline('blurp', 'x') });
// @ts-expect-error a vector of nothing
SearchVector();
// @ts-expect-error a vector of options alone
SearchVector({ weight: 'A' });
// @ts-expect-error a weight that there is not
SearchVector('title', { weight: 'E' });
// @ts-expect-error an engine that there is not
SearchVector('title', { engine: 'lucene' });
// @ts-expect-error a type that there is not
SearchQuery('x', { type: 'fuzzy' });
// @ts-expect-error a query is text
SearchQuery(5);
// @ts-expect-error a query joined with a text
query.and('x');
