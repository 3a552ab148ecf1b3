import { Q } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkUnknown } from '../../../packages/bowerbird/src/api/filters/check-unknown.js';
import { describeFilters } from '../../../packages/bowerbird/src/api/filters/describe-filters.js';
import { describeOrdering } from '../../../packages/bowerbird/src/api/filters/describe-ordering.js';
import { describeSearch } from '../../../packages/bowerbird/src/api/filters/describe-search.js';
import { pages } from '../../../packages/bowerbird/src/api/pagination/page-number.pagination.js';
import { readList } from '../../../packages/bowerbird/src/api/pagination/read-list.js';
import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, openWorld, School } from '../orm/query.world.js';
import { describing, filtersOf, namesOf, parameters, refusalOf } from './lists.world.js';

const DECLARED = [
  'id',
  'name',
  'population',
  'area',
  'capital',
  'founded',
  'visitedAt',
  'notes',
  'motto',
  'location.latitude',
  'country',
  'country.name',
  'country.continent',
  'country.population',
  'twin',
  'tags',
  'tags.name',
  'landmarks.name',
  'landmarks.height',
  'landmarks.visits.id',
];

eachDatabase((database) => {
  let app: OrmTestApp;
  const all = () => app.db.objects(City).untyped();
  const found = async (query: string) =>
    [...(await namesOf(filtersOf(app, DECLARED).apply(all(), parameters(query))))].sort();
  const refused = (query: string) => refusalOf(() => filtersOf(app, DECLARED).apply(all(), parameters(query)).all());

  beforeAll(async () => {
    app = await openWorld(database.url);
    await fillWorld(app);
  });
  afterAll(() => app?.close());

  describe('filters', () => {
    it.each([
      ['', ['Berlin', 'Empty', 'Köln', 'Paris', 'Tokyo', 'nice']],
      ['name=Berlin', ['Berlin']],
      ['name=', []],
      ['name__ne=Berlin&capital=true', ['Paris', 'Tokyo']],
      ['population__gte=3600000', ['Berlin', 'Tokyo']],
      ['population__gt=3600000', ['Tokyo']],
      ['population__lt=340000', ['Empty']],
      ['population__lte=340000', ['Empty', 'nice']],
      ['name__in=Berlin,"Köln",\'Paris\'', ['Berlin', 'Köln', 'Paris']],
      ['name__in=Berlin&name__in=Paris,nice', ['Berlin', 'Paris', 'nice']],
      ['name__notIn=Berlin,Paris,nice,Empty', ['Köln', 'Tokyo']],
      ['name__contains=i', ['Berlin', 'Paris', 'nice']],
      ['name__icontains=N', ['Berlin', 'Köln', 'nice']],
      ['name__startswith=n', ['nice']],
      ['name__istartswith=N', ['nice']],
      ['name__endswith=n', ['Berlin', 'Köln']],
      ['name__iendswith=N', ['Berlin', 'Köln']],
      ['notes__contains=%25', ['Köln']],
      ['notes__isnull=true', ['Berlin', 'Empty', 'nice']],
      ['notes__isnull=false', ['Köln', 'Paris', 'Tokyo']],
      ['area__gt=891.7', ['Tokyo']],
      ['area=105.4', ['Paris']],
      ['location.latitude__gte=52', ['Berlin']],
      ['founded=1237-10-28', ['Berlin']],
      ['founded__year=250', ['Paris']],
      ['visitedAt__date=2024-02-29', ['Berlin']],
      ['visitedAt__year=2023', ['Köln']],
      ['visitedAt__gte=2024-02-29T13:30:15.250%2B01:00', ['Berlin']],
      ['visitedAt__gt=2024-02-29T12:30:15.250Z', []],
      ['motto=ARM', ['Berlin']],
      ['country=DE', ['Berlin', 'Köln']],
      ['country__in=DE,JP', ['Berlin', 'Köln', 'Tokyo']],
      ['country__ne=DE&capital=true', ['Paris', 'Tokyo']],
      ['country.continent=asia', ['Tokyo']],
      ['country.population=9007199254740993', ['Tokyo']],
      ['twin__isnull=false', ['Berlin', 'Paris']],
      ['tags.name__in=river,old', ['Berlin', 'Köln', 'Paris']],
      ['tags.name__ne=river', ['Empty', 'Tokyo', 'nice']],
      ['tags.name__notIn=river,Big', ['Empty', 'nice']],
      ['tags.name__ne=river&tags.name=sea', ['Tokyo', 'nice']],
      ['tags__isnull=true', ['Empty']],
      ['landmarks.name=Gate&landmarks.height__gt=300', []],
      ['landmarks.name=Tower&landmarks.height__gt=300', ['Berlin']],
      ['landmarks.height__gt=20', ['Berlin', 'Köln', 'Paris', 'Tokyo']],
    ])('?%s', async (query, names) => expect(await found(query)).toEqual(names));

    it('count rows of to-many relations once', async () => {
      const rows = filtersOf(app, DECLARED).apply(all(), parameters('landmarks.height__gt=20&tags.name__in=river,Big'));
      expect(await rows.count()).toBe(4);
    });

    it('tell all values that cannot be used, without asking the database', async () => {
      const given = {
        'name__contains=%00': { name__contains: ['Some characters are not valid text.'] },
        'population=many&area__gt=x': { population: ['Enter a whole number.'], area__gt: ['Enter a number.'] },
        'population=99999999999': { population: ['Enter a whole number from -2147483648 to 2147483647.'] },
        'population=1e3': { population: ['Enter a whole number.'] },
        'population=1&population=2': { population: ['Give this parameter only once.'] },
        'country.population=9223372036854775808': { 'country.population': ['Enter a whole number.'] },
        'location.latitude=1e999': { 'location.latitude': ['Enter a number.'] },
        'capital=1': { capital: ['Enter true or false.'] },
        'founded=2023-02-29': { founded: ['Enter a valid date.'] },
        'visitedAt__gte=soon': { visitedAt__gte: ['Enter a valid date and time.'] },
        'visitedAt__year=0': { visitedAt__year: ['Enter a year from 1 to 9999.'] },
        'visitedAt__date=2024-02-29T00:00:00Z': { visitedAt__date: ['Enter a valid date.'] },
        'country.continent=atlantis': { 'country.continent': ['Choose one of: africa, asia, europe.'] },
        'country.continent__in=asia,atlantis': { 'country.continent__in': ['Choose one of: africa, asia, europe.'] },
        'twin=me': { twin: ['Enter a whole number.'] },
        'twin__in=1,me': { twin__in: ['Enter a whole number.'] },
        'twin=99999999999': { twin: ['Enter a whole number from -2147483648 to 2147483647.'] },
        'landmarks.visits.id=1': { 'landmarks.visits.id': ['Enter a valid UUID.'] },
        'notes__isnull=maybe': { notes__isnull: ['Enter true or false.'] },
        'name__in="Berlin': { name__in: ['Enter values separated by commas, with quotes in pairs.'] },
        [`id__in=${Array.from({ length: 101 }, (_, id) => id).join(',')}`]: { id__in: ['Enter at most 100 values.'] },
        [`name=${'x'.repeat(2001)}`]: { name: ['Enter at most 2000 characters.'] },
      };
      for (const [query, errors] of Object.entries(given))
        expect([query, await refused(query)]).toEqual([query, { code: 'api.bad_parameters', status: 400, errors }]);
    });

    it('take keys of several columns', async () => {
      const tools = describing(app, School);
      const filters = describeFilters(['ward', 'ward.name'], tools);
      const berlin = await app.db.objects(City).get({ name: 'Berlin' });
      const named = (query: Record<string, string>) =>
        namesOf(filters.apply(app.db.objects(School).untyped(), parameters(String(new URLSearchParams(query)))));
      const key = (number: number) => JSON.stringify({ cityId: String(berlin.id), number: String(number) });
      expect(await named({ ward: key(1) })).toEqual(['A']);
      expect(await named({ ward__in: `'${key(1)}','${key(2)}'` })).toEqual(['A', 'B']);
      for (const forged of ['1', '{}', '[]', 'null', '{"cityId":"x","number":"1"}', '{"cityId":{},"number":"1"}'])
        expect(await refusalOf(() => named({ ward: forged }))).toEqual({
          code: 'api.bad_parameters',
          status: 400,
          errors: { ward: ['Enter a key such as {"cityId":"…","number":"…"}.'] },
        });
    });

    it('may have conditions of their own', async () => {
      const filters = filtersOf(app, {
        big: {
          kind: 'boolean',
          help: 'Big cities.',
          where: (big: boolean) => (big ? { population__gt: 2_000_000 } : Q({ population__gt: 2_000_000 }).not()),
        },
        named: {
          kind: 'string',
          list: true,
          choices: [{ value: 'a' }, { value: 'n' }],
          help: 'Letters.',
          where: (letters: string[]) => ({ name__istartswith: letters[0] }),
        },
      });
      const named = async (query: string) => [...(await namesOf(filters.apply(all(), parameters(query))))].sort();
      expect(await named('big=true')).toEqual(['Berlin', 'Paris', 'Tokyo']);
      expect(await named('big=false&named=n')).toEqual(['nice']);
      expect(await refusalOf(() => filters.apply(all(), parameters('named=b')))).toMatchObject({
        errors: { named: ['Choose one of: a, n.'] },
      });
    });

    it('offer nothing that is not declared', () => {
      const names = (declared: Parameters_) => filtersOf(app, declared).parameters.map(({ name }) => name);
      expect(names({ population: ['exact', 'gte'], capital: true })).toEqual([
        'population',
        'population__gte',
        'capital',
        'capital__ne',
      ]);
      expect(names(['country'])).toEqual(['country', 'country__ne', 'country__in', 'country__notIn']);
      const known = filtersOf(app, ['name']);
      expect(() => checkUnknown(parameters('name__icontain=x'), [known])).toThrow(
        'There is no parameter "name__icontain". Did you mean "name__icontains"?',
      );
      expect(() => checkUnknown(parameters('name=x'), [known])).not.toThrow();
    });

    it('are described for the document of the API', () => {
      const { parameters: described } = filtersOf(app, {
        population: ['gte'],
        'country.continent': ['in'],
        visitedAt: ['date'],
      });
      expect(described).toEqual([
        { name: 'population__gte', description: 'Population is at least this.', schema: { type: 'integer' } },
        {
          name: 'country.continent__in',
          description: 'Continent is one of these, separated by commas.',
          schema: { type: 'array', items: { enum: ['africa', 'asia', 'europe'] } },
        },
        {
          name: 'visitedAt__date',
          description: 'Visited at is on this day.',
          schema: { type: 'string', format: 'date' },
        },
      ]);
    });
  });

  describe('a filter expression', () => {
    const expressed = () => filtersOf(app, DECLARED, { expression: true });
    const named = async (filter: string) =>
      [...(await namesOf(expressed().apply(all(), parameters(String(new URLSearchParams({ filter }))))))].sort();

    it.each([
      ['name=Berlin', ['Berlin']],
      ['or(name=Berlin,and(capital=true,population__gte=10000000))', ['Berlin', 'Tokyo']],
      ["and(capital=true, not(notes__contains='é'))", ['Berlin', 'Paris', 'Tokyo']],
      ["and(capital=true, not(notes__contains='à'))", ['Berlin', 'Tokyo']],
      ['name__in=(Berlin,"Paris")', ['Berlin', 'Paris']],
      ['not(country__in=(DE,FR,XX))', ['Tokyo']],
      ["name='it''s, (here)'", []],
    ])('%s', async (filter, names) => expect(await named(filter)).toEqual(names));

    it('goes along with other filters', async () => {
      const query = String(new URLSearchParams({ filter: 'or(name=Berlin,name=Tokyo)', 'country.continent': 'asia' }));
      expect(await namesOf(expressed().apply(all(), parameters(query)))).toEqual(['Tokyo']);
    });

    it.each([
      ['', 'At character 1: the name of a filter is expected.'],
      ['secret=wall', 'At character 1: there is no filter "secret".'],
      ['or(nme=Berlin)', 'At character 4: there is no filter "nme"; did you mean "name"?'],
      ['or(name=Berlin', 'At character 15: ")" is expected.'],
      ['name', 'At character 5: "=" is expected.'],
      ['name=a,name=b', 'At character 7: there is more behind the end.'],
      ["name='a", 'At character 6: this quote is never closed.'],
      ['not(name=a,name=b)', 'At character 18: not(…) takes one condition.'],
      ['or(capital=true,population=many)', 'At character 28: population: Enter a whole number.'],
      [`${'not('.repeat(7)}name=a${')'.repeat(7)}`, 'At character 28: groups stand in each other more than 6 times.'],
      [
        `or(${Array.from({ length: 51 }, () => 'id=1').join(',')})`,
        'At character 256: there are more than 50 conditions.',
      ],
    ])('refuses %s', async (filter, message) => {
      expect(await refusalOf(() => named(filter))).toEqual({
        code: 'api.bad_parameters',
        status: 400,
        errors: { filter: [message] },
      });
    });

    it('is not there unless it is declared', () => {
      expect(() => checkUnknown(parameters('filter=name=a'), [filtersOf(app, DECLARED)])).toThrow(
        'There is no parameter "filter"',
      );
    });
  });

  describe('search', () => {
    const searched = async (query: string, ...fields: string[]) => {
      const tools = describing(app);
      const search = describeSearch(fields, tools);
      expect(tools.findings).toEqual([]);
      return [...(await namesOf(search.apply(all(), parameters(query))))].sort();
    };

    it('finds rows with all words in any of the fields', async () => {
      expect(await searched('search=berlin', 'name', 'notes')).toEqual(['Berlin', 'Tokyo']);
      expect(await searched('search=o ge', 'name', 'country.name')).toEqual([]);
      expect(await searched('search=k ger', 'name', 'country.name')).toEqual(['Köln']);
      expect(await searched('search=river', 'tags.name')).toEqual(['Berlin', 'Köln', 'Paris']);
      expect(await searched('search=', 'name')).toHaveLength(6);
    });

    it('looks for beginnings and equal values', async () => {
      expect(await searched('search=n', '^name')).toEqual(['nice']);
      expect(await searched('search=340000', '=population')).toEqual(['nice']);
      expect(await searched('search=99999999999', '=population')).toEqual([]);
      expect(await searched('search=2023-99-99', '=founded')).toEqual([]);
      expect(await searched('search=1237-10-28', '=founded')).toEqual(['Berlin']);
      expect(await searched('search=asia', '=country.continent')).toEqual(['Tokyo']);
    });

    it('refuses what nobody looks for', async () => {
      expect(await refusalOf(() => searched('search=%00', 'name'))).toMatchObject({
        errors: { search: ['Some characters are not valid text.'] },
      });
      expect(await refusalOf(() => searched(`search=${'x'.repeat(201)}`, 'name'))).toMatchObject({
        errors: { search: ['Enter at most 200 characters.'] },
      });
    });
  });

  describe('ordering', () => {
    const ordering = (initial?: readonly string[]) =>
      describeOrdering(['name', 'population', 'country.name'], describing(app), initial);
    const ordered = async (query: string, initial?: readonly string[]) =>
      (await namesOf(ordering(initial).apply(all().filter({ capital: true } as never), parameters(query)))).join(' ');

    it('is by declared fields', async () => {
      expect(await ordered('ordering=-population')).toBe('Tokyo Berlin Paris');
      expect(await ordered('ordering=country.name,-name')).toBe('Paris Berlin Tokyo');
      expect(await ordered('ordering=country.name&ordering=-name')).toBe('Paris Berlin Tokyo');
      expect(await ordered('', ['population'])).toBe('Paris Berlin Tokyo');
      expect(await ordered('ordering=name', ['population'])).toBe('Berlin Paris Tokyo');
    });

    it.each([
      ['secret', 'The list cannot be ordered by "secret". There are: name, population, country.name.'],
      ['-nam', 'The list cannot be ordered by "nam". Did you mean "name"?'],
      ['', 'The list cannot be ordered by "". There are: name, population, country.name.'],
      ['name,-name', 'Name each field only once.'],
      ['name,name,name,name,name,name', 'Order by at most 5 fields.'],
    ])('refuses "%s"', async (text, message) => {
      expect(await refusalOf(() => ordered(`ordering=${text}`))).toEqual({
        code: 'api.bad_parameters',
        status: 400,
        errors: { ordering: [message] },
      });
    });
  });

  it('tells what is wrong with all parameters of a list at once', async () => {
    const tools = describing(app);
    const parts = {
      filters: describeFilters(['population'], tools),
      search: describeSearch(['name'], tools),
      ordering: describeOrdering(['name'], tools),
      pagination: pages(),
    };
    const read = () => readList(all(), parameters('population=x&search=%00&ordering=id&page=0&size=101'), parts);
    expect(await refusalOf(read)).toEqual({
      code: 'api.bad_parameters',
      status: 400,
      errors: {
        population: ['Enter a whole number.'],
        search: ['Some characters are not valid text.'],
        ordering: ['The list cannot be ordered by "id". There are: name.'],
        page: ['Enter a whole number of at least 1.'],
        size: ['Enter a whole number from 1 to 100.'],
      },
    });
  });

  it('reports every declaration that is wrong', () => {
    const wrong = (work: (tools: ReturnType<typeof describing>) => unknown, entity: new () => object = City) => {
      const tools = describing(app, entity);
      work(tools);
      return tools.findings.map(({ id, message }) => `${id} ${message}`);
    };
    expect(wrong((tools) => describeFilters(['nmae', 'secret', 'data', 'tags.nme'], tools))).toEqual([
      'api.E020 "nmae" is not a field of City',
      'api.E021 "secret" is sensitive and cannot be filtered by',
      'api.E021 "data" is json and cannot be filtered by',
      'api.E020 "tags.nme" is not a field of City',
    ]);
    expect(
      wrong((tools) => describeFilters({ capital: ['contains'], name: ['icontians'], population: ['isnull'] }, tools)),
    ).toEqual([
      'api.E022 "capital" cannot be compared by "contains"',
      'api.E022 "name" cannot be compared by "icontians"',
      'api.E022 "population" cannot be compared by "isnull"',
    ]);
    expect(
      wrong((tools) => describeSearch(['nmae', 'secret', 'population', 'country', 'country.continent'], tools)),
    ).toEqual([
      'api.E020 "nmae" is not a field of City',
      'api.E023 "secret" is sensitive and cannot be searched',
      'api.E023 "population" is integer and cannot be searched',
      'api.E023 "country" is a relation and cannot be searched',
      'api.E023 "country.continent" is enum and cannot be searched',
    ]);
    expect(
      wrong((tools) => describeOrdering(['nmae', 'secret', 'data', 'tags.name', 'country'], tools, ['-sceret'])),
    ).toEqual([
      'api.E020 "nmae" is not a field of City',
      'api.E024 "secret" is sensitive and orders nothing',
      'api.E024 "data" is json and orders nothing',
      'api.E024 "tags.name" is of several rows and orders nothing',
      'api.E024 "country" is a relation and orders nothing',
      'api.E020 "sceret" is not a field of City',
    ]);
    expect(
      wrong((tools) => [describeFilters(['name', 'country'], tools), describeSearch(['name', '=population'], tools)]),
    ).toEqual([]);
    expect(wrong((tools) => describeOrdering(['code'], tools, ['-name']), Country)).toEqual([]);
  });
});

type Parameters_ = Parameters<typeof filtersOf>[1];
