import { SecretKeys, Signer, SystemClock, type Finding } from 'bowerbird/core';
import { Random, type QuerySet } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { describeFilters } from '../../../packages/bowerbird/src/api/filters/describe-filters.js';
import { describeOrdering } from '../../../packages/bowerbird/src/api/filters/describe-ordering.js';
import {
  cursor,
  CursorPagination,
  type CursorOptions,
} from '../../../packages/bowerbird/src/api/pagination/cursor.pagination.js';
import {
  checkParameters,
  describePagination,
} from '../../../packages/bowerbird/src/api/pagination/describe-pagination.js';
import { limitOffset } from '../../../packages/bowerbird/src/api/pagination/limit-offset.pagination.js';
import { linkHeader } from '../../../packages/bowerbird/src/api/pagination/page-address.js';
import { pages } from '../../../packages/bowerbird/src/api/pagination/page-number.pagination.js';
import { type Pagination } from '../../../packages/bowerbird/src/api/pagination/pagination.js';
import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { City, fillWorld, openWorld, Tag, Ward } from '../orm/query.world.js';
import { addressOf, describing, pageAt, parameters, refusalOf, statementsOf } from './lists.world.js';

const LIST = 'https://example.org/api/tags';

eachDatabase((database) => {
  let app: OrmTestApp;
  let signer: Signer;
  const tags = (): QuerySet => app.db.objects(Tag).untyped();

  beforeAll(async () => {
    app = await openWorld(database.url);
    await fillWorld(app);
    await app.db.objects(Tag).delete();
    // Weights come twice, so that only the key tells two tags apart.
    await app.db
      .objects(Tag)
      .bulkCreate(Array.from({ length: 9 }, (_, index) => ({ name: `t${index}`, weight: Math.floor(index / 2) })));
    signer = new Signer(new SecretKeys('k'.repeat(50)), new SystemClock());
  });
  afterAll(() => app?.close());

  describe('pages by number', () => {
    const numbered = pages({ size: 4, maxSize: 6 });
    const at = (query: string) => pageAt(numbered, tags(), LIST + query);

    it('have a total order, a count and links to each other that keep everything else', async () => {
      const first = await at('?weight__gte=0&name__in=a%2Cb');
      expect(first.names).toEqual(['t0', 't1', 't2', 't3']);
      expect(first.links).toEqual({
        first: `${LIST}?weight__gte=0&name__in=a%2Cb`,
        next: `${LIST}?weight__gte=0&name__in=a%2Cb&page=2`,
        last: `${LIST}?weight__gte=0&name__in=a%2Cb&page=3`,
      });
      expect(numbered.envelope(await at('?page=2&size=3'), ['documents'])).toEqual({
        count: 9,
        next: `${LIST}?size=3&page=3`,
        previous: `${LIST}?size=3`,
        results: ['documents'],
      });
      expect((await at('?page=3')).names).toEqual(['t8']);
      expect((await at('?page=3')).links).toEqual({ first: LIST, prev: `${LIST}?page=2`, last: `${LIST}?page=3` });
    });

    it('are links of a header, too', async () => {
      expect(linkHeader((await at('?page=2')).links)).toBe(
        `<${LIST}>; rel="first", <${LIST}>; rel="prev", <${LIST}?page=3>; rel="next", <${LIST}?page=3>; rel="last"`,
      );
    });

    it('stay where they are, whatever the path looks like', async () => {
      const address = { ...addressOf(LIST), originalUrl: '//elsewhere.org/>;<?page=2' };
      const { links } = await numbered.fetch(tags(), { page: 2, size: 4 }, address);
      expect(links.next).toBe('https://example.org//elsewhere.org/%3E;%3C?page=3');
    });

    it('count so far only', async () => {
      const bounded = pages({ size: 2, countUpTo: 5 });
      const page = await pageAt(bounded, tags(), `${LIST}?page=2`);
      expect(page).toMatchObject({ count: 5, countIsExact: false, names: ['t2', 't3'] });
      expect(page.links).toEqual({ first: LIST, prev: LIST, next: `${LIST}?page=3` });
      expect(bounded.envelope(page, [])).toMatchObject({ count: 5, countIsExact: false });
      expect(await pageAt(bounded, tags(), `${LIST}?page=5`)).toMatchObject({ count: 9, names: ['t8'] });
      expect(await pageAt(pages({ size: 2, countUpTo: Infinity }), tags(), LIST)).toMatchObject({ count: 9 });
    });

    it('take one statement for the rows and the count', async () => {
      expect(await statementsOf(() => at('?page=1'))).toBe(1);
      expect(await statementsOf(() => at('?page=3'))).toBe(1);
    });

    it('of an empty list are one empty page', async () => {
      expect(await pageAt(numbered, tags().none(), LIST)).toMatchObject({
        count: 0,
        rows: [],
        links: { first: LIST, last: LIST },
      });
    });

    it('end with the last one', async () => {
      for (const page of ['4', '99999999999', '9'.repeat(400)])
        expect(await refusalOf(() => at(`?page=${page}`))).toMatchObject({ code: 'api.no_such_page', status: 404 });
    });

    it.each([
      ['page=0', { page: ['Enter a whole number of at least 1.'] }],
      ['page=-1', { page: ['Enter a whole number of at least 1.'] }],
      ['page=1.5', { page: ['Enter a whole number of at least 1.'] }],
      ['page=last', { page: ['Enter a whole number of at least 1.'] }],
      ['size=0', { size: ['Enter a whole number from 1 to 6.'] }],
      ['size=7', { size: ['Enter a whole number from 1 to 6.'] }],
      ['size=&page=x', { size: ['Enter a whole number from 1 to 6.'], page: ['Enter a whole number of at least 1.'] }],
      ['page=1&page=2', { page: ['Give this parameter only once.'] }],
    ])('refuse %s', async (query, errors) => {
      expect(await refusalOf(() => at(`?${query}`))).toEqual({ code: 'api.bad_parameters', status: 400, errors });
    });
  });

  describe('pages by limit and offset', () => {
    const at = (query: string) => pageAt(limitOffset({ size: 4 }), tags(), LIST + query);

    it('start at any row', async () => {
      const page = await at('?offset=3&limit=2');
      expect(page).toMatchObject({ names: ['t3', 't4'], count: 9 });
      expect(page.links).toEqual({
        first: `${LIST}?limit=2`,
        prev: `${LIST}?limit=2&offset=1`,
        next: `${LIST}?limit=2&offset=5`,
        last: `${LIST}?limit=2&offset=7`,
      });
      expect((await at('?offset=8')).links).toEqual({
        first: LIST,
        prev: `${LIST}?offset=4`,
        last: `${LIST}?offset=8`,
      });
    });

    it('may be behind the end', async () => {
      expect(await at('?offset=50')).toMatchObject({ names: [], count: 9, links: { last: `${LIST}?offset=6` } });
      expect(await pageAt(limitOffset(), tags().none(), LIST)).toMatchObject({
        count: 0,
        links: { first: LIST, last: LIST },
      });
    });

    it('refuse what is no number', async () => {
      expect(await refusalOf(() => at('?offset=-1&limit=101'))).toEqual({
        code: 'api.bad_parameters',
        status: 400,
        errors: {
          offset: ['Enter a whole number from 0 to 1000000000.'],
          limit: ['Enter a whole number from 1 to 100.'],
        },
      });
    });
  });

  describe('pages by cursor', () => {
    const bound = (options: CursorOptions = { size: 4 }, list = 'TagViewSet'): Pagination => {
      const tools = describing(app, Tag);
      const narrowing = [describeFilters(['name', 'weight'], tools), describeOrdering(['name', 'weight'], tools)];
      return describePagination(cursor(options), { ...tools, signer, list, narrowing, initial: [] });
    };
    const walk = async (rows: QuerySet, relation: 'next' | 'prev', start: string): Promise<string[][]> => {
      const seen: string[][] = [];
      for (let url: string | undefined = start; url !== undefined;) {
        const page = await pageAt(bound(), rows, url);
        seen.push([...page.names]);
        url = page.links[relation];
      }
      return seen;
    };
    const end = async (rows: QuerySet): Promise<string> => {
      let url = LIST;
      for (;;) {
        const { links } = await pageAt(bound(), rows, url);
        if (links.next === undefined) return url;
        url = links.next;
      }
    };

    it('walk a list in mixed directions, forward and back', async () => {
      const rows = tags().orderBy('-weight', 'name');
      const forward = await walk(rows, 'next', LIST);
      expect(forward).toEqual([['t8', 't6', 't7', 't4'], ['t5', 't2', 't3', 't0'], ['t1']]);
      expect((await walk(rows, 'prev', await end(rows))).toReversed()).toEqual(forward);
    });

    it('neither repeat nor hide rows when others come and go', async () => {
      const rows = tags().orderBy('weight');
      const first = await pageAt(bound(), rows, LIST);
      await app.db.objects(Tag).create({ name: 'new', weight: -1 });
      const second = await pageAt(bound(), rows, first.links.next!);
      const before = await pageAt(bound(), rows, second.links.prev!);
      await app.db.objects(Tag).filter({ name: 'new' }).delete();
      expect([first.names, second.names, before.names]).toEqual([
        ['t0', 't1', 't2', 't3'],
        ['t4', 't5', 't6', 't7'],
        ['t0', 't1', 't2', 't3'],
      ]);
      expect(before.links.prev).toBeDefined();
    });

    it('walk rows with keys of several columns', async () => {
      const wards = app.db.objects(Ward).untyped();
      const all = await wards.orderBy('cityId', 'number').all();
      const first = await pageAt(bound({ size: 2 }), wards, LIST);
      const second = await pageAt(bound({ size: 2 }), wards, first.links.next!);
      expect([...first.rows, ...second.rows]).toEqual(all);
    });

    it('walk rows that are said to be distinct, which they are anyway', async () => {
      expect(await walk(tags().distinct().orderBy('-weight', 'name'), 'next', LIST)).toEqual([
        ['t8', 't6', 't7', 't4'],
        ['t5', 't2', 't3', 't0'],
        ['t1'],
      ]);
    });

    it('have no place in rows that are no entities, cut or shuffled', async () => {
      for (const [rows, what] of [
        [
          tags()
            .values('weight' as never)
            .distinct(),
          'A grouped, combined or joined query, and distinct values,',
        ],
        [tags().slice(0, 5), 'A sliced query'],
        [tags().orderBy(Random()), 'A random ordering'],
      ] as const)
        expect(await refusalOf(() => pageAt(bound(), rows, LIST))).toEqual({
          code: 'api.unpageable_rows',
          status: 500,
          errors: expect.stringContaining(`The rows of TagViewSet cannot be paged by cursors. ${what}`) as unknown,
        });
    });

    it('count nothing and take one statement', async () => {
      const { links, count } = await pageAt(bound(), tags(), LIST);
      expect(count).toBeUndefined();
      expect(bound().envelope({ rows: [], links }, [])).toEqual({ next: links.next, previous: null, results: [] });
      expect(await statementsOf(() => pageAt(bound(), tags(), links.next!))).toBe(1);
    });

    it('keep the other parameters, and are the same each time', async () => {
      const page = await pageAt(bound(), tags(), `${LIST}?weight__gte=0&fields=id&size=3`);
      expect(page.links.next).toMatch(/\?weight__gte=0&fields=id&size=3&cursor=[\w%-]+\.[\w%-]+$/);
      expect(page.links.first).toBe(`${LIST}?weight__gte=0&fields=id&size=3`);
      expect((await pageAt(bound(), tags(), `${LIST}?weight__gte=0&fields=id&size=3`)).links).toEqual(page.links);
    });

    it('belong to one list, one order and one filter', async () => {
      const { links } = await pageAt(bound(), tags(), `${LIST}?weight__gte=0&ordering=name`);
      const place = new URL(links.next!).searchParams.get('cursor')!;
      const at = (query: string, list?: string) =>
        refusalOf(() =>
          pageAt(bound({ size: 4 }, list), tags(), `${LIST}?${query}&cursor=${encodeURIComponent(place)}`),
        );
      const refused = {
        code: 'api.bad_cursor',
        status: 400,
        errors: { cursor: ['This cursor does not belong to this list. Start again from its first page.'] },
      };
      expect(await at('weight__gte=0&ordering=name&fields=id&size=2')).toBe('accepted');
      expect(await at('ordering=name&weight__gte=0')).toBe('accepted');
      expect(await at('weight__gte=0&ordering=-name')).toEqual(refused);
      expect(await at('weight__gte=1&ordering=name')).toEqual(refused);
      expect(await at('ordering=name')).toEqual(refused);
      expect(await at('weight__gte=0&ordering=name', 'OtherViewSet')).toEqual(refused);
    });

    it('cannot be forged', async () => {
      const { links } = await pageAt(bound(), tags(), LIST);
      const genuine = new URL(links.next!).searchParams.get('cursor')!;
      const [text, signature] = genuine.split('.') as [string, string];
      const forged = [
        '',
        '.',
        'x',
        text,
        `b${text.slice(1)}.${signature}`,
        `${text}x.${signature}`,
        `${genuine}.x`,
        `${text}.`,
        'aWzFd.x',
        'é.é',
      ];
      for (const place of forged)
        expect([
          place,
          await refusalOf(() => pageAt(bound(), tags(), `${LIST}?cursor=${encodeURIComponent(place)}`)),
        ]).toEqual([place, expect.objectContaining({ code: 'api.bad_cursor', status: 400 })]);
    });

    it('end where the order of the application was changed meanwhile', async () => {
      const { links } = await pageAt(bound(), tags().orderBy('name'), LIST);
      expect(await refusalOf(() => pageAt(bound(), tags().orderBy('weight', 'name'), links.next!))).toMatchObject({
        code: 'api.bad_cursor',
      });
    });

    it('stay what they are when they are bound to a list', () => {
      class OwnPages extends CursorPagination {
        override envelope(): Readonly<Record<string, unknown>> {
          return { own: true };
        }
      }
      const own = describePagination(new OwnPages(), {
        ...describing(app, Tag),
        signer,
        list: 'x',
        narrowing: [],
        initial: [],
      });
      expect(own.envelope({ rows: [], links: {} }, [])).toEqual({ own: true });
    });

    it('have to know their list', async () => {
      expect(await refusalOf(() => pageAt(cursor(), tags(), LIST))).toMatchObject({
        code: 'api.unbound_pagination',
        status: 500,
      });
    });
  });

  it('are checked at boot', () => {
    const findings: Finding[] = [];
    const tools = {
      signer,
      list: 'Tags',
      narrowing: [],
      initial: [],
      at: 'Tags',
      report: (finding: Finding) => void findings.push(finding),
    };
    for (const style of [
      pages({ size: 0 }),
      limitOffset({ size: 50, maxSize: 20 }),
      cursor({ maxSize: 1.5 }),
      pages({ countUpTo: 0 }),
      pages(),
    ])
      describePagination(style, tools);
    const filters = describeFilters(
      { size: { kind: 'integer', help: 'Its size.', where: () => ({}) } },
      describing(app, City),
    );
    checkParameters([filters, pages()], tools);
    checkParameters([filters, pages({ sizeParameter: 'rows' })], tools);
    expect(findings.map(({ id, message }) => `${id} ${message}`)).toEqual([
      'api.E025 Its pages are not possible: size and maxSize are whole numbers from 1 to 10000',
      'api.E025 Its pages are not possible: size is 50 and maxSize only 20',
      'api.E025 Its pages are not possible: size and maxSize are whole numbers from 1 to 10000',
      'api.E025 Its pages are not possible: countUpTo is a whole number from 1, or Infinity',
      'api.E026 The parameter "size" means two things',
    ]);
  });

  it('are described for the document of the API', () => {
    const item = { type: 'object' };
    const link = { type: ['string', 'null'], format: 'uri' };
    expect(cursor().envelopeSchema(item)).toEqual({
      type: 'object',
      properties: { next: link, previous: link, results: { type: 'array', items: item } },
      required: ['next', 'previous', 'results'],
    });
    expect(pages().envelopeSchema(item)).toMatchObject({
      properties: { count: { type: 'integer' }, countIsExact: { const: false } },
      required: ['count', 'next', 'previous', 'results'],
    });
    expect(pages({ size: 5, maxSize: 50 }).parameters).toEqual([
      {
        name: 'page',
        description: 'Number of the page, from 1 on.',
        schema: { type: 'integer', minimum: 1, default: 1 },
      },
      {
        name: 'size',
        description: 'Rows on a page.',
        schema: { type: 'integer', minimum: 1, maximum: 50, default: 5 },
      },
    ]);
    expect(parameters('a=1&a=2').get('a')).toEqual(['1', '2']);
  });
});
