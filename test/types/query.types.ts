/* What must compile and what must not. Nothing here runs: the type checker is the test. */
import {
  F,
  Length,
  Q,
  type Json,
  type LookupInput,
  type Path,
  type QuerySet,
  type RangeText,
  type RelationPath,
  type UpdateInput,
} from 'bowerbird/orm';
import { expectTypeOf } from 'vitest';

declare class Country {
  id: number;
  code: string;
  name: string;
  cities: City[];
}

declare class Tag {
  id: number;
  name: string;
  cities: City[];
}

declare class Location {
  latitude: number | null;
  zone: string;
}

declare class City {
  id: number;
  name: string;
  population: number;
  visitors: bigint;
  area: string | null;
  founded: Date | null;
  capital: boolean;
  data: Record<string, unknown>;
  codes: string[];
  span: RangeText<number> | null;
  prefs: Json<{ theme?: 'dark' | 'light'; level: number; tags: string[]; at: { city: string } }> | null;
  status: 'draft' | 'live';
  location: Location;
  country: Country;
  twin: City | null;
  friend?: City;
  lazy: Promise<Country>;
  tags: Tag[];
  label(): string;
}

/** A key of two columns and none named `id`. */
declare class Seat {
  row: string;
  number: number;
  city: City;
}

declare const cities: QuerySet<City>;
declare const seats: QuerySet<Seat>;
declare const unknownRows: QuerySet;
declare const country: Country;
declare const tag: Tag;
declare const names: string[];
declare const record: Record<string, unknown>;

// What compiles.
cities.filter({ name: 'x' }).filter({ name__icontains: 'x', population__gte: 1, area__lt: '1.5', visitors__gt: 5 });
cities.filter({ 'country.cities.country.cities.name__startswith': 'deep' });
cities.filter({ 'twin.twin.twin.twin.twin.country.code': 'DE' });
cities.filter({ country, country__in: [1, country], tags: tag, tags__in: [1, tag], twin: null, twin__isnull: true });
cities.filter({ 'lazy.name': 'x', lazy: 3, 'friend.name__in': ['x'], friend: null });
cities.filter({ 'location.zone__iexact': 'utc', 'location.latitude__range': [1, 2], 'location.latitude': null });
cities.filter({ founded: new Date(), founded__year: 2024, founded__month__gte: 3, founded__date: '2024-01-01' });
cities.filter({
  status: 'draft',
  status__in: ['draft', 'live'],
  capital: true,
  data__isnull: false,
  codes__isnull: true,
});
cities.filter({ codes: ['a'], codes__contains: ['a'], codes__0: 'a', codes__0__icontains: 'a', codes__0_2: ['a'] });
cities.filter({ codes__overlap: ['a'], codes__length__gt: 1, codes__in: [['a'], []], codes__contains: F('codes') });
cities.filter({
  span__contains: 5,
  span__overlap: [1, null],
  span__startswith__gte: 1,
  span__isEmpty: false,
  span: '[1,5)',
});
cities.filter({ data__length: 1, 'data.tags__length__gte': 2, 'data.tags__containedBy': ['x'], 'data.x__iexact': 'y' });
cities.filter({ name__startswith: F('country.code'), name__length__gt: Length('country.name') });
cities.filter({ pk: 1, pk__in: [1, 2], 'country.pk': 3 });
cities.filter({ name__in: cities.flat('name'), country__in: new Set([1]), tags__in: cities.values('tags') });
cities.exclude(
  Q({ name: 'x' })
    .or({ 'country.name': 'y' })
    .and(Q({ capital: true }).not()),
);
cities.orderBy('name', '-country.name', 'pk').orderBy();
cities.selectRelated('country', 'twin.country', 'lazy').prefetchRelated('tags', 'country.cities.tags');
void cities.update({ name: 'x', country: 1, twin: null, 'location.zone': 'utc', area: null });
seats.filter({ city: 1, pk: { row: 'a', number: 1 } });
unknownRows
  .filter({ 'a.b__c': 1 })
  .orderBy('-x', ...names)
  .selectRelated(...names)
  .values(...names);
unknownRows.filter(record).filter(Q(record));
cities.untyped().filter(record);
const input: LookupInput<City> = { name__contains: 'x', 'country.name': 'y', pk: 1 };
cities.filter(input);
const path: Path<City> = 'country.cities.name';
const deeper: Path<City, 3> = 'country.cities.tags.name';
const related: RelationPath<City> = 'country.cities';
const change: UpdateInput<City> = { capital: true };
void [path, deeper, related, change];

// What comes back.
expectTypeOf(cities.all()).resolves.toEqualTypeOf<City[]>();
expectTypeOf(cities.first()).resolves.toEqualTypeOf<City | null>();
expectTypeOf(cities.get({ id: 1 })).resolves.toEqualTypeOf<City>();
expectTypeOf(cities.values('name', 'country.code').all()).resolves.toEqualTypeOf<
  { name: string; 'country.code': string }[]
>();
expectTypeOf(cities.values('area', 'twin.name', 'tags.name', 'friend.id').get()).resolves.toEqualTypeOf<{
  area: string | null;
  'twin.name': string | null;
  'tags.name': string | null;
  'friend.id': number | null;
}>();
expectTypeOf(cities.values('country', 'twin', 'pk').get()).resolves.toEqualTypeOf<{
  country: number;
  twin: number | null;
  pk: number;
}>();
expectTypeOf(cities.flat('founded').all()).resolves.toEqualTypeOf<(Date | null)[]>();
expectTypeOf(cities.flat('lazy.name').first()).resolves.toEqualTypeOf<string | null>();
expectTypeOf(cities.values('name').page({ size: 1 }))
  .resolves.toHaveProperty('rows')
  .toEqualTypeOf<readonly { name: string }[]>();
expectTypeOf(unknownRows.all()).resolves.toEqualTypeOf<object[]>();

// Names that do not exist.
// @ts-expect-error misspelt field
cities.filter({ nam: 'x' });
// @ts-expect-error misspelt field beside a right one
cities.filter({ name: 'x', populaton: 1 });
// @ts-expect-error misspelt field of a relation
cities.filter({ 'country.nam': 'x' });
// @ts-expect-error misspelt relation
cities.filter({ 'contry.name': 'x' });
// @ts-expect-error misspelt field at depth five
cities.filter({ 'country.cities.country.cities.nam': 'x' });
// @ts-expect-error a path ends on a column
cities.filter({ 'name.length': 1 });
// @ts-expect-error a path does not go into a list of text
cities.filter({ 'codes.length': 1 });
// @ts-expect-error a method is no field
cities.filter({ label: 'x' });
// @ts-expect-error misspelt field in Q
cities.filter(Q({ nam: 'x' }));
// @ts-expect-error misspelt field in a later part of Q
cities.filter(Q({ name: 'x' }).or({ nam: 'y' }));
// @ts-expect-error misspelt field in a nested Q
cities.exclude(Q({ name: 'x' }).and(Q({ 'country.nam': 'y' }).not()));
// @ts-expect-error misspelt field in exclude
cities.exclude({ nam: 'x' });
// @ts-expect-error misspelt field in get
void cities.get({ nam: 'x' });
// @ts-expect-error Django's way of writing paths
cities.filter({ country__name: 'x' });
// @ts-expect-error misspelt order
cities.orderBy('nam');
// @ts-expect-error misspelt descending order
cities.orderBy('name', '-nam');
// @ts-expect-error misspelt order over a relation
cities.orderBy('-country.nam');
// @ts-expect-error misspelt value
cities.values('name', 'nam');
// @ts-expect-error misspelt flat value
cities.flat('nam');
// @ts-expect-error misspelt relation to join
cities.selectRelated('contry');
// @ts-expect-error misspelt relation to prefetch
cities.prefetchRelated('tag');
// @ts-expect-error misspelt field in update
void cities.update({ nam: 'x' });

// Lookups that do not exist or do not fit.
// @ts-expect-error misspelt lookup
cities.filter({ name__icontain: 'x' });
// @ts-expect-error text lookup of a number
cities.filter({ population__icontains: 'x' });
// @ts-expect-error text lookup of a date
cities.filter({ founded__startswith: '20' });
// @ts-expect-error order of booleans
cities.filter({ capital__gt: true });
// @ts-expect-error comparison of JSON
cities.filter({ data__gt: 1 });
// @ts-expect-error order of relations
cities.filter({ country__gt: 1 });
// @ts-expect-error text lookup of a relation
cities.filter({ country__icontains: 'x' });
// @ts-expect-error date part of a number
cities.filter({ population__year: 2024 });
// @ts-expect-error comparison that no date part has
cities.filter({ founded__year__icontains: 1 });
// @ts-expect-error two lookups
cities.filter({ name__icontains__exact: 'x' });

// Values that do not fit.
// @ts-expect-error a number for text
cities.filter({ name: 1 });
// @ts-expect-error text for a number
cities.filter({ population: '1' });
// @ts-expect-error null for a field that has a value
cities.filter({ name: null });
// @ts-expect-error undefined for a field that has a value
cities.filter({ name: undefined });
// @ts-expect-error a value for a list
cities.filter({ name__in: 'x' });
// @ts-expect-error a list of another type
cities.filter({ name__in: [1] });
// @ts-expect-error a range of one
cities.filter({ population__range: [1] });
// @ts-expect-error text for a flag
cities.filter({ twin__isnull: 'yes' });
// @ts-expect-error text for a year
cities.filter({ founded__year: '2024' });
// @ts-expect-error a value that is no choice
cities.filter({ status: 'deleted' });
// @ts-expect-error a flag for a relation
cities.filter({ country: true });
// @ts-expect-error a row of another entity
cities.filter({ country: tag });
// @ts-expect-error a number for text at depth
cities.filter({ 'country.name__icontains': 1 });
// @ts-expect-error a number for text in Q
cities.filter(Q({ name: 1 }));
// @ts-expect-error a number for text in update
void cities.update({ name: 1 });
// @ts-expect-error null in update for a field that has a value
void cities.update({ name: null });

// Paths that do not fit.
// @ts-expect-error a relation to many rows cannot be joined
cities.selectRelated('tags');
// @ts-expect-error neither behind another relation
cities.selectRelated('country.cities');
// @ts-expect-error a column is no relation
cities.selectRelated('name');
// @ts-expect-error a column is no relation to prefetch
cities.prefetchRelated('country.name');
const [row] = await cities.values('name').all();
// @ts-expect-error a value that was not asked for
void row!.population;
// @ts-expect-error a query of another entity
const wrong: QuerySet<Country> = cities;
// @ts-expect-error names of a typed query are checked, not any text
cities.orderBy(...names);
// @ts-expect-error a path that is none
const wrongPath: Path<City> = 'country.nam';
void [wrong, wrongPath];

// Lists, ranges and documents.
// @ts-expect-error an element of a list is a text
cities.filter({ codes__0: 5 });
// @ts-expect-error a list is looked for, and no element
cities.filter({ codes__contains: 'a' });
// @ts-expect-error a list has no such lookup
cities.filter({ codes__icontains: 'a' });
// @ts-expect-error the place is a number
cities.filter({ codes__first: 'a' });
// @ts-expect-error the length is a number
cities.filter({ codes__length: 'x' });
// @ts-expect-error the bounds are numbers
cities.filter({ span__overlap: ['a', 'b'] });
// @ts-expect-error a range has no such lookup
cities.filter({ span__icontains: 'a' });
// @ts-expect-error the bound is a number
cities.filter({ span__startswith: 'x' });
// @ts-expect-error the length of a list is a number
cities.filter({ data__length: 'x' });
// @ts-expect-error a number is no part of a text
cities.filter({ name__startswith: F('population') });
