import { ViewSets } from 'bowerbird/api';
import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { BookViewSet, openLibrary } from './library.js';

type Document = Record<string, unknown> & { readonly title: string };

interface Page {
  readonly count?: number;
  readonly countIsExact?: boolean;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly Document[];
}

interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

/** What requests may be answered with, whatever they ask for. */
const DECLARED_CODES = [
  'http.bad_request',
  'api.bad_parameters',
  'api.unknown_parameter',
  'api.bad_cursor',
  'api.no_such_page',
];

eachDatabase((database) => {
  let app: TestApp;
  let client: TestClient;

  beforeAll(async () => {
    app = await openLibrary(database.url, 8);
    client = app.client();
  });
  afterAll(() => app?.close());

  const list = async (path: string): Promise<Page> => {
    const answer = await client.get(path);
    expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
    return answer.json<Page>();
  };
  const titles = async (path: string) => (await list(path)).results.map(({ title }) => title);
  const refusal = async (path: string) => {
    const answer = await client.get(path);
    const { code, errors } = answer.json<Refusal>();
    return { status: answer.status, code, errors };
  };
  const local = (url: string) => url.slice(app.origin.length);

  it('are filtered, searched, ordered and cut', async () => {
    expect(await titles('/api/books?writer.name=Ada&rank__gte=1&ordering=-rank,title')).toEqual(['b6', 'b4', 'b2']);
    expect(await titles('/api/books?search=b%20ad&ordering=title&size=50')).toEqual(['b0', 'b2', 'b4', 'b6']);
    expect(await titles('/api/books?search=2&ordering=title')).toEqual(['b2', 'b4', 'b5']);
    expect(
      await titles(
        '/api/books?topics.name__in=sea,land&editor__isnull=false&size=50&ordering=id'.replace(
          'ordering=id',
          'ordering=title',
        ),
      ),
    ).toEqual(['b0', 'b3', 'b6']);
    expect(
      await titles(
        `/api/books?filter=${encodeURIComponent("or(title='b1',and(writer.name=Ada,rank=3))")}&ordering=title`,
      ),
    ).toEqual(['b1', 'b6']);
  });

  it('have pages that are linked by absolute addresses and by a header', async () => {
    const answer = await client.get('/api/books?ordering=title&page=2');
    const here = `${app.origin}/api/books?ordering=title`;
    expect(answer.json()).toMatchObject({ count: 5, countIsExact: false, next: `${here}&page=3`, previous: here });
    expect(answer.header('link')).toBe(`<${here}>; rel="first", <${here}>; rel="prev", <${here}&page=3>; rel="next"`);
    expect(await list('/api/books?ordering=title&page=3')).toMatchObject({ count: 8, next: null });
    expect(await refusal('/api/books?page=4')).toMatchObject({ status: 404, code: 'api.no_such_page' });
  });

  it('are walked by cursors, forward and back', async () => {
    const pages: string[][] = [];
    let page = await list('/api/feed?expand=writer&fields=title');
    for (;;) {
      pages.push(page.results.map(({ title }) => title));
      if (page.next === null) break;
      page = await list(local(page.next));
    }
    expect(pages).toEqual([
      ['b7', 'b6', 'b5'],
      ['b4', 'b3', 'b2'],
      ['b1', 'b0'],
    ]);
    expect(page.results[0]).toMatchObject({ title: 'b1', writer: { name: 'Bo' } });
    expect(await titles(local(page.previous!))).toEqual(['b4', 'b3', 'b2']);
    const place = new URL((await list('/api/feed')).next!).searchParams.get('cursor')!;
    expect(await refusal(`/api/feed?ordering=title&cursor=${encodeURIComponent(place)}`)).toMatchObject({
      status: 400,
      code: 'api.bad_cursor',
    });
    expect(await refusal(`/api/feed?rank=1&cursor=${encodeURIComponent(place)}`)).toMatchObject({
      status: 400,
      code: 'api.bad_cursor',
    });
  });

  it.each(['lentAt', '-editor.name,title', 'writer.name,-rank', '-price,rank,-title'])(
    'are whole in pages by %s',
    async (ordering) => {
      const whole = await titles(`/api/books?size=50&ordering=${ordering}`);
      expect(whole).toHaveLength(8);
      for (const path of ['books', 'feed', 'shelves']) {
        const seen: string[] = [];
        for (let next: string | null = `/api/${path}?ordering=${ordering}`; next !== null;) {
          const page: Page = await list(next);
          seen.push(...page.results.map(({ title }) => title));
          next = page.next === null ? null : local(page.next);
        }
        expect([path, seen]).toEqual([path, whole]);
      }
    },
  );

  it('start at any row', async () => {
    expect(await list('/api/shelves?ordering=title&offset=6&limit=2')).toMatchObject({
      count: 8,
      next: null,
      previous: `${app.origin}/api/shelves?ordering=title&offset=4&limit=2`.replace(
        '&offset=4&limit=2',
        '&limit=2&offset=4',
      ),
    });
  });

  it('refuse what nobody declared, and name what was meant', async () => {
    expect(await refusal('/api/books?stat=here')).toEqual({
      status: 400,
      code: 'api.unknown_parameter',
      errors: { stat: ['There is no such parameter. Did you mean "state"?'] },
    });
    expect(await refusal('/api/books?pin=hidden')).toMatchObject({ code: 'api.unknown_parameter' });
    expect(await refusal('/api/feed?page=2')).toMatchObject({ code: 'api.unknown_parameter' });
    expect(await refusal('/api/books?rank=x&size=99&ordering=pin&fields=nmae&expand=pin')).toMatchObject({
      status: 400,
      code: 'api.bad_parameters',
      errors: {
        rank: ['Enter a whole number.'],
        size: ['Enter a whole number from 1 to 50.'],
        ordering: [expect.stringContaining('"pin"')],
        fields: [expect.stringContaining('"nmae"')],
        expand: [expect.stringContaining('"pin"')],
      },
    });
  });

  describe('show', () => {
    const shown = async (query: string) => (await list(`/api/books?title=b0&${query}`)).results[0]!;

    it('the fields that are asked for', async () => {
      expect(await shown('fields=title,letters')).toEqual({ title: 'b0', letters: 2 });
      expect(await shown('fields=title&fields=letters')).toEqual({ title: 'b0', letters: 2 });
      expect(await shown('fields=reviews.text')).toEqual({ reviews: [{ text: 'r0' }, { text: 's0' }] });
      expect(await shown('fields=writer.name,id')).toMatchObject({ writer: { name: 'Ada' } });
      const ada = (await client.get('/api/writers?fields=name,address.city')).json<Page>();
      expect(ada.results[0]).toEqual({ name: 'Ada', address: { city: 'Bath' } });
      expect((await client.get('/api/writers?fields=address')).json<Page>().results[0]).toEqual({
        address: { city: 'Bath', zip: 'BA1' },
      });
    });

    it('references as documents', async () => {
      expect(await shown('fields=title&expand=writer')).toMatchObject({
        title: 'b0',
        writer: { name: 'Ada', address: { city: 'Bath' } },
      });
      expect(await shown('fields=reviews.id&expand=reviews.by')).toEqual({
        reviews: [
          { id: expect.any(Number) as number, by: expect.objectContaining({ name: 'Bo' }) as object },
          { id: expect.any(Number) as number, by: expect.objectContaining({ name: 'Ada' }) as object },
        ],
      });
      expect(await shown('expand=topics&fields=topics.name')).toEqual({ topics: [{ name: 'sea' }, { name: 'land' }] });
    });

    it('single rows in the same way', async () => {
      const { id } = (await list('/api/books?title=b0')).results[0]!;
      expect((await client.get(`/api/books/${id as number}?fields=title`)).json()).toEqual({ title: 'b0' });
      expect(await refusal(`/api/books/${id as number}?fields=nmae`)).toMatchObject({
        status: 400,
        code: 'api.bad_parameters',
      });
      expect(await refusal(`/api/books/${id as number}?rank=1`)).toMatchObject({
        status: 400,
        code: 'api.unknown_parameter',
      });
    });

    it('nothing else', async () => {
      const refused = async (query: string) => (await refusal(`/api/books?${query}`)).errors;
      expect(await refused('fields=titel,pin,writer.nme')).toEqual({
        fields: [
          'There is no field "titel". Did you mean "title"?',
          expect.stringContaining('There is no field "pin".') as string,
          'There is no field "writer.nme". Did you mean "writer.name"?',
        ],
      });
      expect(await refused('expand=editor,reviews,title,writer.books.writer.books.writer')).toEqual({
        expand: [
          '"editor" cannot be expanded.',
          '"reviews" is shown as a document anyway.',
          '"title" cannot be expanded.',
          '"writer.books.writer.books" is too far down.',
        ],
      });
      expect(await refused('fields=')).toEqual({
        fields: [expect.stringContaining('There is no field "".') as string],
      });
      expect(await refused(`fields=${'id,'.repeat(100)}id`)).toEqual({ fields: ['Name at most 100 fields.'] });
    });

    it('with as many statements, however many rows there are', async () => {
      const statements = (size: number) =>
        app
          .queries(() => client.get(`/api/feed?size=${size}&expand=writer,topics,reviews.by`))
          .then(({ length }) => length);
      expect(await statements(8)).toBe(await statements(2));
    });

    it('what they load, and no more', async () => {
      const [statement] = await app.queries(() => client.get('/api/feed?fields=title'));
      expect(statement!.sql).toContain('title');
      expect(statement!.sql).not.toMatch(/pin|shelf|loans|lib_review/);
    });
  });

  it('never fail, whatever is asked for', async () => {
    const random = randomOf(20_260_122);
    const { filters, ordering } = app.get(ViewSets).of(BookViewSet);
    const names = [...filters.parameters, ...ordering.parameters].map(({ name }) => name);
    for (let round = 0; round < 250; round += 1) {
      const path = `/api/${random.pick(['books', 'feed', 'shelves', 'writers'])}?${randomQuery(random, names)}`;
      const answer = await client.get(path, { headers: { accept: 'application/json' } });
      const fine = answer.status === 200 || DECLARED_CODES.includes(answer.json<Refusal>().code);
      expect(fine, `${path}: ${answer.text}`).toBe(true);
    }
  });
});

interface Random {
  below(most: number): number;
  pick<T>(values: readonly T[]): T;
}

/** The same numbers for the same seed (a linear congruential generator of 31 bits). */
function randomOf(seed: number): Random {
  let state = seed;
  const below = (most: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
  return { below, pick: (values) => values[below(values.length)]! };
}

const OTHERS = [
  ...'search search ordering fields expand page size limit offset cursor filter filter titel'.split(' '),
  ...'__proto__ constructor toString'.split(' '),
  'a'.repeat(300),
];

/** What texts, numbers, dates, keys, lists and expressions are not, or only just. */
const VALUES = [
  ...'0 1 -1 2 1.5 .5 1e5 1e400 -0 +3 0x1 NaN Infinity 32768 2147483648 -2147483649'.split(' '),
  ...'9223372036854775807 9223372036854775808 true false null undefined here lent b0 Ada'.split(' '),
  ...`' " \\ % _ %_\\ 😀 É [] {} {"id":1} __proto__ a,b , ,, "a,b" 'a ; aWzFd.x`.split(' '),
  ...'2024-02-29 2023-02-29 0000-01-01 9999-12-31 10000-01-01 2024-02-29T10:00:00Z 24:00 10:00 10:00:00.5'.split(' '),
  ...'00000000-0000-0000-0000-000000000000 rank -rank title,-rank id,title writer.name reviews.by topics,writer'.split(
    ' ',
  ),
  ...`or(rank=1,title='b0') not(rank=1) and( or() not(not(state=here)) title__in=(b0,'b1') rank__in=1`.split(' '),
  '',
  ' ',
  '\0',
  'a\0b',
  '2024-02-29 10:00:00+02:00',
  '; DROP TABLE lib_book',
  '9'.repeat(70),
  '1'.repeat(400),
  `0.${'3'.repeat(80)}`,
  'a'.repeat(3000),
  `${'1,'.repeat(101)}1`,
];

function randomQuery(random: Random, names: readonly string[]): string {
  const one = (): string => {
    const name = random.below(3) === 0 ? random.pick(OTHERS) : random.pick(names);
    const value =
      random.below(6) === 0
        ? random.pick(VALUES) + random.pick([',', '', '(', '=']) + random.pick(VALUES)
        : random.pick(VALUES);
    return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  };
  return Array.from({ length: 1 + random.below(3) }, one).join('&');
}
