import { type TestApp, type TestClient, type TestResponse } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { jsonApiProblems } from './json-api-rules.js';
import { Article, Author, openMagazine, Remark, Tag } from './magazine.js';

const TYPE = 'application/vnd.api+json';

interface Resource {
  readonly type: string;
  readonly id: string;
  readonly attributes?: Record<string, unknown>;
  readonly relationships?: Record<string, unknown>;
  readonly links?: Record<string, string>;
}

interface JsonApiDocument {
  readonly data: Resource & readonly Resource[];
  readonly included?: readonly Resource[];
  readonly meta?: object;
  readonly links: Record<string, string>;
  readonly errors: readonly { status: string; code: string; source?: object; detail: string }[];
}

eachDatabase((database) => {
  let app: TestApp;
  let admin: TestClient;
  let ada: Author;
  let red: Tag;
  let blue: Tag;

  beforeAll(async () => {
    app = await openMagazine(database.url);
    admin = await app.login();
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    for (const entity of [Remark, Article, Author, Tag]) await app.objects<object>(entity).delete();
    ada = await app.create(Author, { name: 'Ada', email: 'ada@example.com' });
    red = await app.create(Tag, { name: 'red' });
    blue = await app.create(Tag, { name: 'blue' });
  });

  const article = (values: Partial<Article> = {}) => app.create(Article, { title: 'One', author: ada, ...values });

  /** The document of an answer, which has to follow the rules. */
  function read(answer: TestResponse): JsonApiDocument {
    expect(answer.header('content-type')).toBe(TYPE);
    const document = answer.json<JsonApiDocument>();
    expect(jsonApiProblems(document)).toEqual([]);
    return document;
  }
  const get = async (path: string) => read(await admin.get(path, { headers: { accept: TYPE } }));
  const send = (method: string, path: string, document: unknown, type = TYPE) =>
    admin.request(method, path, { body: JSON.stringify(document), headers: { accept: TYPE, 'content-type': type } });
  const errorsOf = async (answer: Promise<TestResponse>) => {
    const response = await answer;
    return [response.status, ...read(response).errors.map(({ code, source }) => [code, source])];
  };

  describe('reading', () => {
    it('has resources with attributes, linkage and links', async () => {
      const row = await article({ tags: [red], extra: { a: 1 } });
      const { data } = await get(`/api/articles/${row.id}`);
      expect(data).toMatchObject({
        type: 'articles',
        id: `${row.id}`,
        attributes: { title: 'One', authorName: 'Ada', extra: { a: 1 }, words: 0, price: null },
        relationships: {
          author: { data: { type: 'authors', id: `${ada.id}` } },
          tags: { data: [{ type: 'tags', id: `${red.id}` }] },
        },
        links: { self: `/api/articles/${row.id}` },
      });
      expect(Object.keys(data.attributes!)).not.toContain('id');
    });

    it('includes what is asked for, once, and shows the fields that are named of each type', async () => {
      await article({ tags: [red] });
      await article({ title: 'Two', tags: [red, blue] });
      const path =
        '/api/articles?include=author,tags&fields[articles]=title,author,tags&fields[authors]=name&sort=-title';
      const document = await get(path);
      expect(document.data.map(({ attributes }) => attributes)).toEqual([{ title: 'Two' }, { title: 'One' }]);
      expect(document.included).toHaveLength(3);
      expect(document.included).toEqual(
        expect.arrayContaining([
          { type: 'authors', id: `${ada.id}`, attributes: { name: 'Ada' } },
          { type: 'tags', id: `${blue.id}`, attributes: { name: 'blue' } },
        ]),
      );
      expect((await get('/api/articles?fields[articles]=')).data[0]).not.toHaveProperty('attributes');
    });

    it('includes nested documents, unless others alone are asked for', async () => {
      const row = await article({ tags: [red] });
      await app.create(Remark, { article: row, text: 'Good', stars: 2 });
      const types = async (query: string) =>
        (await get(`/api/whole-articles/${row.id}${query}`)).included?.map(({ type }) => type).toSorted();
      expect(await types('')).toEqual(['authors', 'remarks', 'tags']);
      expect(await types('?include=tags')).toEqual(['tags']);
      expect(await types('?include=')).toBeUndefined();
    });

    it('filters, orders and cuts under its own names', async () => {
      for (const rank of [1, 2, 3, 4, 5]) await article({ title: `T${rank}`, rank });
      const path = '/api/articles?filter[rank__gte]=2&sort=-rank&page[size]=2&page[number]=2';
      const document = await get(path);
      expect(document.data.map(({ attributes }) => attributes!.rank)).toEqual([3, 2]);
      expect(document.meta).toEqual({ count: 4 });
      expect(Object.keys(document.links)).toEqual(expect.arrayContaining(['self', 'first', 'prev']));
      const previous = new URL(document.links.prev!);
      expect(Object.fromEntries(previous.searchParams)).toEqual({
        'filter[rank__gte]': '2',
        sort: '-rank',
        'page[size]': '2',
      });
      const first = await get(previous.pathname + previous.search);
      expect(first.data.map(({ attributes }) => attributes!.rank)).toEqual([5, 4]);
      expect(new URL(first.links.next!).searchParams.get('page[number]')).toBe('2');
    });

    it('tells each parameter that is wrong', async () => {
      const path = (query: string) => errorsOf(admin.get(`/api/articles?${query}`, { headers: { accept: TYPE } }));
      expect(await path('filter[rank]=x&sort=nope&page[size]=0&include=remarks')).toEqual([
        400,
        ['api.bad_parameters', { parameter: 'include' }],
        ['api.bad_parameters', { parameter: 'filter[rank]' }],
        ['api.bad_parameters', { parameter: 'sort' }],
        ['api.bad_parameters', { parameter: 'page[size]' }],
      ]);
      expect(await path('include=remarks')).toEqual([400, ['api.bad_parameters', { parameter: 'include' }]]);
      expect(await path('fields[articles]=nope&fields[tags]=name')).toEqual([
        400,
        ['api.bad_parameters', { parameter: 'fields[articles]' }],
        ['api.bad_parameters', { parameter: 'fields[tags]' }],
      ]);
      for (const name of ['rank', 'filter[page]', 'page[rank]', 'filter[rank', 'ordering'])
        expect(await path(`${name}=1`)).toEqual([400, ['api.unknown_parameter', { parameter: name }]]);
    });

    it('knows no extensions, and ignores profiles', async () => {
      const status = async (accept: string) => (await admin.get('/api/articles', { headers: { accept } })).status;
      expect(await status(`${TYPE};ext="https://example.org/x"`)).toBe(406);
      expect(await status(`${TYPE};charset=utf-8`)).toBe(406);
      expect(await status(`${TYPE};charset=utf-8, ${TYPE}`)).toBe(200);
      expect(await status(`${TYPE};profile="https://example.org/x"`)).toBe(200);
    });
  });

  describe('writing', () => {
    const resource = () => ({
      type: 'articles',
      attributes: { title: 'Made', rank: 2 },
      relationships: {
        author: { data: { type: 'authors', id: `${ada.id}` } },
        tags: { data: [{ type: 'tags', id: `${red.id}` }] },
      },
    });

    it('makes and changes rows', async () => {
      const answer = await send('POST', '/api/articles', { data: resource() });
      expect(answer.status).toBe(201);
      const { data } = read(answer);
      expect(answer.location).toBe(`/api/articles/${data.id}`);
      expect(data).toMatchObject(resource());
      const change = { type: 'articles', id: data.id, relationships: { tags: { data: [] } } };
      const changed = read(await send('PATCH', `/api/articles/${data.id}`, { data: change })).data;
      expect(changed).toMatchObject({ attributes: { title: 'Made' }, relationships: { tags: { data: [] } } });
      expect((await admin.delete(`/api/articles/${data.id}`, { headers: { accept: TYPE } })).status).toBe(204);
    });

    it('says where in the document a mistake is', async () => {
      const wrong = { ...resource(), attributes: { title: '', rank: 'x', 'a/b~': 1 } };
      const author = { author: { data: { type: 'authors', id: '0' } } };
      const [status, ...errors] = await errorsOf(
        send('POST', '/api/articles', { data: { ...wrong, relationships: author } }),
      );
      expect(status).toBe(400);
      expect(errors.map((error) => (error as [string, { pointer: string }])[1].pointer).toSorted()).toEqual([
        '/data/attributes/a~1b~0',
        '/data/attributes/rank',
        '/data/attributes/title',
        '/data/relationships/author/data',
      ]);
    });

    it('refuses what is no resource of the viewset', async () => {
      const row = await article();
      const change = { type: 'articles', id: `${row.id}`, attributes: { title: 'X' } };
      const status = async (method: string, path: string, document: unknown, type?: string) =>
        (await errorsOf(send(method, path, document, type)))[0];
      expect(await status('POST', '/api/articles', { data: { ...resource(), type: 'tags' } })).toBe(409);
      expect(await status('POST', '/api/articles', { data: { ...resource(), id: '7' } })).toBe(403);
      expect(await status('POST', '/api/articles', [resource()])).toBe(400);
      expect(await status('POST', '/api/articles', { data: { attributes: {} } })).toBe(400);
      expect(await status('PATCH', `/api/articles/${row.id}`, { data: { ...change, id: '0' } })).toBe(409);
      expect(await status('PATCH', `/api/articles/${row.id}`, { data: { ...change, id: undefined } })).toBe(400);
      const tags = { tags: { data: [{ type: 'authors', id: `${red.id}` }] } };
      expect(await status('POST', '/api/articles', { data: { ...resource(), relationships: tags } })).toBe(409);
      expect(await status('POST', '/api/articles', { data: resource() }, `${TYPE}; ext="x"`)).toBe(415);
      expect(await app.objects(Article).count()).toBe(1);
    });

    it('writes errors of all kinds', async () => {
      expect(await errorsOf(app.client().get('/api/articles', { headers: { accept: TYPE } }))).toEqual([
        401,
        ['auth.login_required', undefined],
      ]);
      expect(await errorsOf(admin.get('/api/articles/0', { headers: { accept: TYPE } }))).toEqual([
        404,
        ['http.not_found', undefined],
      ]);
    });
  });
});
