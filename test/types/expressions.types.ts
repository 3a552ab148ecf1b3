/* What must compile and what must not. Nothing here runs: the type checker is the test. */
import {
  Avg,
  Case,
  Cast,
  Coalesce,
  Concat,
  Count,
  Exists,
  Extract,
  ExtractHour,
  ExtractYear,
  F,
  Greatest,
  Lag,
  Length,
  Lower,
  Max,
  Min,
  OuterRef,
  Q,
  Random,
  Rank,
  Round,
  RowNumber,
  Subquery,
  Sum,
  TruncDate,
  TruncDay,
  TruncMonth,
  Value,
  When,
  Window,
  type QuerySet,
  type ZoneOptions,
} from 'bowerbird/orm';
import { expectTypeOf } from 'vitest';

declare class Author {
  id: number;
  name: string;
  rank: number;
  books: Book[];
}

declare class Tag {
  id: number;
  label: string;
  books: Book[];
}

declare class Book {
  id: number;
  title: string;
  pages: number;
  price: string;
  cost: string | null;
  sold: string;
  published: Date | null;
  stock: number;
  live: boolean;
  author: Author;
  editor: Author | null;
  tags: Tag[];
  data: Record<string, unknown>;
}

declare const authors: QuerySet<Author>;
declare const books: QuerySet<Book>;
declare const unknownRows: QuerySet;

// What compiles, and what comes back.
const counted = authors.annotate({ shelf: Count('books'), longest: Max('books.pages'), worth: Sum('books.price') });
const author = await counted.get();
expectTypeOf(author).toExtend<Author>();
expectTypeOf(author.shelf).toEqualTypeOf<number>();
expectTypeOf(author.longest).toEqualTypeOf<number | null>();
expectTypeOf(author.worth).toEqualTypeOf<string | null>();
counted.filter({ shelf__gte: 2, longest__isnull: false }).orderBy('-shelf', 'name').exclude({ worth__gt: '10' });
expectTypeOf(counted.values('name', 'shelf').all()).resolves.toEqualTypeOf<{ name: string; shelf: number }[]>();
expectTypeOf(counted.flat('worth').all()).resolves.toEqualTypeOf<(string | null)[]>();
expectTypeOf((await authors.annotate({ books: Count('books') }).get()).books).toEqualTypeOf<Book[]>();
authors
  .annotate({ books: Count('books') })
  .prefetchRelated('books')
  .orderBy('-books')
  .filter({ books__gt: 1 });
const [group] = await books
  .values('author')
  .annotate({ books: Count('id'), mean: Avg('pages') })
  .all();
expectTypeOf(group!.author).toEqualTypeOf<number>();
expectTypeOf(group!.books).toEqualTypeOf<number>();
expectTypeOf(group!.mean).toEqualTypeOf<number | null>();
const total = await books.aggregate({ total: Sum('price', { default: '0' }), n: Count('id'), long: Min('pages') });
expectTypeOf(total.total).toEqualTypeOf<string>();
expectTypeOf(total.n).toEqualTypeOf<number>();
expectTypeOf(total.long).toEqualTypeOf<number | null>();
books.annotate({ gain: F('price').minus(F('cost')), name: Concat(F('title'), ' by ', F('author.name')) });
books
  .annotate({ place: Window(Rank(), { partitionBy: 'author', orderBy: ['-pages', F('title').asc()] }) })
  .filter({ place: 1 });
books.annotate({ before: Window(Lag('title', 1, '-'), { orderBy: 'id' }), n: Window(RowNumber()) });
expectTypeOf(
  books
    .annotate({ size: Case(When({ pages__gt: 500 }, 'thick')).otherwise('thin'), sure: Coalesce(F('cost'), '0') })
    .values('size', 'sure')
    .get(),
).resolves.toEqualTypeOf<{ size: string; sure: string }>();
expectTypeOf(
  books
    .annotate({ big: Q({ pages__gt: 500 }), year: ExtractYear('published') })
    .values('big', 'year')
    .get(),
).resolves.toEqualTypeOf<{
  big: boolean;
  year: number;
}>();
books.filter({ pages__gt: F('author.rank'), price__gt: F('cost'), author: F('editor') });
books.filter(Exists(authors.filter({ books: OuterRef('pk') })));
books.filter(Q({ live: true }).or(Exists(authors)));
books
  .annotate({ top: Subquery(authors.filter({ id: OuterRef('author') }).flat('name')) })
  .filter({ top__icontains: 'x' });
books.orderBy(F('cost').desc({ nulls: 'last' }), Random(), Lower('title'), 'pages');
void books.update({ stock: F('stock').minus(1), price: Round('price', 1), title: Lower('title') });
books.annotate({ month: TruncMonth('published'), chars: Length('title'), exact: Cast('pages', 'decimal') });
books.filter({ title__length__gt: 3, title__lower__startswith: 'x', title__regex: '^a', published__quarter: 1 });
books.filter({ 'data.a.b': 1, 'data.a__icontains': 'x', data__hasKey: 'a', data__contains: { a: 1 } });
books.distinctOn('author').union(books.filter({ live: true }));
unknownRows.annotate({ n: Count('anything') }).filter({ n__gt: 1 });
const berlin: ZoneOptions = { zone: 'Europe/Berlin' };
const zoned = books.inZone('Asia/Tokyo').annotate({
  day: TruncDay('published', { zone: 'Europe/Berlin' }),
  hour: ExtractHour('published', berlin),
  date: TruncDate('published', berlin),
  begin: Cast('sold', 'datetime', berlin),
  quarter: Extract('published', 'quarter', berlin),
});
expectTypeOf(zoned.values('day', 'hour', 'date', 'begin', 'quarter').get()).resolves.toEqualTypeOf<{
  day: Date;
  hour: number;
  date: string;
  begin: Date;
  quarter: number;
}>();
expectTypeOf(books.inZone('Asia/Tokyo')).toEqualTypeOf<QuerySet<Book>>();
expectTypeOf(books.flat('title').inZone('Asia/Tokyo').all()).resolves.toEqualTypeOf<string[]>();
books.inZone('Asia/Tokyo').filter({ published__date: '2026-11-01', published__hour__gte: 9 });
expectTypeOf(books.dates('published', 'month', { zone: 'Asia/Tokyo' })).resolves.toEqualTypeOf<string[]>();
expectTypeOf(books.datetimes('published', 'hour', { direction: 'descending' })).resolves.toEqualTypeOf<Date[]>();

// Zones that are none.
// @ts-expect-error a zone is a name
books.inZone(2);
// @ts-expect-error a zone has to be named
books.inZone();
// @ts-expect-error the zone is an option
books.annotate({ x: TruncDay('published', 'Europe/Berlin') });
// @ts-expect-error misspelt option
books.annotate({ x: TruncDay('published', { timezone: 'Europe/Berlin' }) });
// @ts-expect-error a zone is a name
books.annotate({ x: ExtractHour('published', { zone: 1 }) });
// @ts-expect-error misspelt field
books.annotate({ x: TruncDay('publishd', { zone: 'Europe/Berlin' }) });
// @ts-expect-error an offset is no zone
void books.dates('published', 'month', { zone: 60 });
// @ts-expect-error unknown direction
void books.dates('published', 'month', { direction: 'up' });
// @ts-expect-error unknown unit
void books.dates('published', 'hour', { zone: 'Asia/Tokyo' });

// Paths of expressions that do not exist.
// @ts-expect-error misspelt field
books.annotate({ x: F('pags') });
// @ts-expect-error misspelt field of a relation
books.annotate({ x: F('author.nam') });
// @ts-expect-error misspelt field in arithmetic
books.annotate({ x: F('pages').plus(F('pags')) });
// @ts-expect-error misspelt relation of an aggregate
authors.annotate({ x: Count('book') });
// @ts-expect-error misspelt field of an aggregate
authors.annotate({ x: Sum('books.pags') });
// @ts-expect-error misspelt field in an aggregate's condition
authors.annotate({ x: Count('books', { filter: Q({ 'books.liv': true }) }) });
// @ts-expect-error misspelt field in plain lookups of an aggregate
authors.annotate({ x: Count('books', { filter: { 'books.liv': true } }) });
// @ts-expect-error misspelt field in aggregate()
void books.aggregate({ x: Sum('pags') });
// @ts-expect-error misspelt field in alias()
books.alias({ x: F('pags') });
// @ts-expect-error misspelt partition
books.annotate({ x: Window(Rank(), { partitionBy: 'autor' }) });
// @ts-expect-error misspelt order of a window
books.annotate({ x: Window(Rank(), { orderBy: '-pags' }) });
// @ts-expect-error misspelt field of a function
books.annotate({ x: Lower('titel') });
// @ts-expect-error misspelt field in a branch's condition
books.annotate({ x: Case(When({ pags: 1 }, 'a')) });
// @ts-expect-error misspelt field in a branch's value
books.annotate({ x: Case(When({ pages: 1 }, F('titel'))) });
// @ts-expect-error misspelt field in otherwise
books.annotate({ x: Case(When({ pages: 1 }, 'a')).otherwise(F('titel')) });
// @ts-expect-error misspelt field in Coalesce
books.annotate({ x: Coalesce(F('cots'), '0') });
// @ts-expect-error misspelt field of an ordering term
books.orderBy(F('pags').desc());
// @ts-expect-error misspelt field of an ordering expression
books.orderBy(Lower('titel'));
// @ts-expect-error misspelt field as the value of a lookup
books.filter({ pages: F('pags') });
// @ts-expect-error misspelt field in an update
void books.update({ stock: F('stok').minus(1) });
// @ts-expect-error misspelt field in an annotated condition
books.annotate({ x: Q({ pags: 1 }) });
// @ts-expect-error misspelt field of distinctOn
books.distinctOn('autor');
// @ts-expect-error misspelt field in Greatest
books.annotate({ x: Greatest(F('pages'), F('stok')) });

// Annotations that are not there.
// @ts-expect-error an annotation that was not made
counted.filter({ shelves: 1 });
// @ts-expect-error neither in an ordering
counted.orderBy('-shelves');
// @ts-expect-error nor among values
counted.values('shelves');
// @ts-expect-error nor in an expression
counted.annotate({ x: F('shelves') });
// @ts-expect-error before it was made
authors.filter({ shelf: 1 }).annotate({ shelf: Count('books') });
// @ts-expect-error an alias is not on rows
void (await books.alias({ x: F('pages') }).get()).x;
// @ts-expect-error an annotation that rows do not have
void (await counted.get()).shelves;
// @ts-expect-error a result that was not asked for
void (await books.aggregate({ n: Count('id') })).m;
// @ts-expect-error a path behind an annotation
counted.filter({ 'shelf.id': 1 });

// Lookups and values that do not fit annotations.
// @ts-expect-error text lookup of a number
counted.filter({ shelf__icontains: 'x' });
// @ts-expect-error text for a number
counted.filter({ shelf: 'x' });
// @ts-expect-error null for a count
counted.filter({ shelf: null });
// @ts-expect-error a number for a decimal
counted.filter({ worth__gt: 5 });
// @ts-expect-error a date part of a number
counted.filter({ longest__year: 2024 });
// @ts-expect-error an order of truth values
books.annotate({ big: Q({ pages__gt: 1 }) }).filter({ big__gt: true });
// @ts-expect-error text for a year
books.annotate({ year: ExtractYear('published') }).filter({ year: '2024' });

// Expressions that do not fit where they stand.
// @ts-expect-error text as the value of a number
books.filter({ pages: F('title') });
// @ts-expect-error a number as the value of a text
books.filter({ title: F('pages') });
// @ts-expect-error a number set to a text
void books.update({ pages: F('title') });
// @ts-expect-error a text set to a number
void books.update({ title: Length('title') });
// @ts-expect-error a number is no condition
books.filter(F('pages'));
// @ts-expect-error a text function is no condition
books.exclude(Lower('title'));
// @ts-expect-error a bare value is no annotation
books.annotate({ x: 5 });
// @ts-expect-error a bare text is no annotation
books.annotate({ x: 'title' });
// @ts-expect-error a path is no aggregate
void books.aggregate({ x: 'pages' });
// @ts-expect-error a term of an ordering is no annotation
books.annotate({ x: F('pages').desc() });
// @ts-expect-error a Window takes an expression
books.annotate({ x: Window('pages') });
// @ts-expect-error a query has no rows of another entity
books.union(authors);
// @ts-expect-error nulls are first or last
F('cost').desc({ nulls: 'middle' });
// @ts-expect-error an object is no value
Value({});
// @ts-expect-error a kind that there is not
Cast('pages', 'number');
// @ts-expect-error digits are a number
Round('price', '2');
// @ts-expect-error Subquery takes a query
Subquery('name');
// @ts-expect-error a path is text
F(5);

// Lookups that came with transforms, patterns and documents.
// @ts-expect-error the length of a number
books.filter({ pages__length: 1 });
// @ts-expect-error a text as a length
books.filter({ title__length: 'x' });
// @ts-expect-error a pattern is text
books.filter({ title__regex: /x/ });
// @ts-expect-error a pattern for a number
books.filter({ pages__regex: '1' });
// @ts-expect-error a key is text
books.filter({ data__hasKey: 1 });
// @ts-expect-error keys are a list
books.filter({ data__hasKeys: 'a' });
// @ts-expect-error a transform that there is not
books.filter({ title__reversed: 'x' });
// @ts-expect-error a part that dates have not
books.filter({ published__decade: 1 });

// What transforms make of the value at a path.
const made = books.values(
  'published__year',
  'published__date__month',
  'title__lower',
  'author.name__length',
  'sold__day',
);
expectTypeOf(made.get()).resolves.toEqualTypeOf<{
  published__year: number | null;
  published__date__month: number | null;
  title__lower: string;
  'author.name__length': number;
  sold__day: number;
}>();
expectTypeOf(books.flat('editor.name__upper').all()).resolves.toEqualTypeOf<(string | null)[]>();
expectTypeOf(books.flat('published__date').all()).resolves.toEqualTypeOf<(string | null)[]>();
expectTypeOf(books.flat('data.tags__length').all()).resolves.toEqualTypeOf<(number | null)[]>();
expectTypeOf(books.valuesList('id', 'title__length').get()).resolves.toEqualTypeOf<[number, number]>();
const yearly = books.values('published__year').annotate({ n: Count('id'), last: Max('published__month') });
expectTypeOf(yearly.get()).resolves.toExtend<{ published__year: number | null; n: number; last: number | null }>();
expectTypeOf((await yearly.get()).published__year).toEqualTypeOf<number | null>();
yearly.filter({ n__gt: 1, published__year__gt: 2000 }).orderBy('-published__year');
books.orderBy('-title__length', F('author.name__lower').asc()).distinctOn('published__year');
books.filter({ title: F('author.name__lower'), pages__gt: F('title__length'), title__length: F('pages') });
books.annotate({ month: F('published__month'), loud: Lower('title__upper') }).filter({ month: 5, loud__contains: 'x' });
void books.update({ title: F('title__lower'), stock: F('title__length').plus(1) });
void authors.aggregate({ letters: Sum('books.title__length') });
const dated = authors.annotate({ last: Max('books.published') }).values('name', 'last__year');
expectTypeOf(dated.get()).resolves.toEqualTypeOf<{ name: string; last__year: number | null }>();
books.filter({ 'data.tags__length': 2, 'data.tags__length__gt': 1, 'data.a.b__icontains': 'x' });
unknownRows.values('anything__year').orderBy('-anything__year');

// @ts-expect-error misspelt transform
books.values('title__lowr');
// @ts-expect-error misspelt transform in an expression
books.annotate({ x: F('published__yaer') });
// @ts-expect-error misspelt field before a transform
books.annotate({ x: F('titel__lower') });
// @ts-expect-error misspelt transform of a related row
books.orderBy('-author.name__lenght');
// @ts-expect-error misspelt transform behind another one
books.flat('published__date__yaer');
// @ts-expect-error a comparison is no transform
books.values('title__icontains');
// @ts-expect-error a part of a date of a number
books.values('pages__year');
// @ts-expect-error the length of a number
books.annotate({ x: F('pages__length') });
// @ts-expect-error a transform of a relation
books.values('author__lower');
// @ts-expect-error a document has a length and nothing else
books.values('data.tags__size');
// @ts-expect-error a misspelt transform in an aggregate
authors.annotate({ x: Sum('books.title__lenght') });
// @ts-expect-error a number set to a text
void books.update({ title: F('title__length') });
// @ts-expect-error a text compared with a number
books.filter({ pages: F('title__lower') });
// @ts-expect-error a year is a number
books.annotate({ year: F('published__year') }).filter({ year: '2024' });
// @ts-expect-error an update sets fields
void books.update({ title__lower: 'x' });
// @ts-expect-error dates are told of a field
void books.dates('published__date', 'month');
// @ts-expect-error the length of a list is a number
books.filter({ 'data.tags__length': 'x' });
// @ts-expect-error a lookup that values of documents have not
books.filter({ 'data.tags__bogus': 1 });
