import { type TestApp, type TestClient, type TestResponse } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openLibrary } from './library.js';
import { openMagazine } from './magazine.js';

interface Page {
  readonly next: string | null;
  readonly results: readonly { readonly title: string }[];
}

describe('a list by QUERY', () => {
  let app: TestApp;
  let client: TestClient;

  beforeAll(async () => {
    app = await openLibrary(undefined, 8);
    client = app.client();
  });
  afterAll(() => app?.close());

  const query = (json: unknown, path = '/api/books'): Promise<TestResponse> => client.request('QUERY', path, { json });
  const titles = (answer: TestResponse) => answer.json<Page>().results.map(({ title }) => title);
  const told = (answer: TestResponse) => {
    const { code, errors } = answer.json<{ code: string; errors?: Record<string, readonly string[]> }>();
    return [answer.status, code, Object.keys(errors ?? {})];
  };

  it.each([
    [
      { 'writer.name': 'Ada', rank__gte: 1, ordering: ['-rank', 'title'] },
      'writer.name=Ada&rank__gte=1&ordering=-rank,title',
    ],
    [{ 'topics.name__in': ['sea', 'land'], ordering: 'title' }, 'topics.name__in=sea,land&ordering=title'],
    [{ title__in: ['b1', 'b,2', '"b3"', 'b4'] }, 'title__in=b1,b4'],
    [
      { editor__isnull: false, fields: ['title', 'writer'], size: 2 },
      'editor__isnull=false&fields=title,writer&size=2',
    ],
    [{ search: 'b ad', expand: ['writer'] }, 'search=b%20ad&expand=writer'],
    [
      { filter: "or(title='b1',and(writer.name=Ada,rank=3))", ordering: ['title'] },
      `filter=${encodeURIComponent("or(title='b1',and(writer.name=Ada,rank=3))")}&ordering=title`,
    ],
    [{}, ''],
  ])('answers %j as it would the same address', async (json, address) => {
    const [asked, read] = [await query(json), await client.get(`/api/books?${address}`)];
    expect([asked.status, asked.json<Page>().results]).toEqual([200, read.json<Page>().results]);
  });

  it('takes forms, and parameters of the address beside them', async () => {
    const answer = await client.request('QUERY', '/api/books?ordering=-title', {
      form: { title__in: 'b1,b2', size: '1' },
    });
    expect(titles(answer)).toEqual(['b2']);
  });

  it('leads on by addresses that everybody can read', async () => {
    const first = await query({ ordering: ['title'], size: 2, title__in: ['b1', 'b2', 'b3'] });
    expect(titles(first)).toEqual(['b1', 'b2']);
    const next = new URL(first.json<Page>().next!);
    expect(titles(await client.get(next.pathname + next.search))).toEqual(['b3']);
    expect(first.header('link')).toContain(`<${next.href}>; rel="next"`);
  });

  it('streams whole lists', async () => {
    const answer = await client.request('QUERY', '/api/books', {
      json: { title: 'b1', fields: 'title' },
      headers: { accept: 'text/csv' },
    });
    expect(answer.text).toBe('title\r\nb1\r\n');
  });

  it('speaks JSON:API', async () => {
    const headers = { accept: 'application/vnd.api+json' };
    const json = { 'filter[title__in]': ['b1', 'b2'], sort: ['-title'], 'page[size]': 1, include: ['writer'] };
    const answer = await client.request('QUERY', '/api/books', { json, headers });
    const { data, links } = answer.json<{ data: { attributes: object }[]; links: { self: string } }>();
    expect(data).toMatchObject([{ attributes: { title: 'b2' } }]);
    const again = await client.get(links.self, { headers });
    expect(again.json()).toEqual(answer.json());
  });

  it('refuses what it refuses in an address, by name', async () => {
    expect(told(await query({ titel: 'x' }))).toEqual([400, 'api.unknown_parameter', ['titel']]);
    expect(told(await query({ rank__gte: 'x', size: 0 }))).toEqual([400, 'api.bad_parameters', ['rank__gte', 'size']]);
    expect(told(await query({ title: ['b1', 'b2'] }))).toEqual([400, 'api.bad_parameters', ['title']]);
    expect(told(await query({ title: { in: ['b1'] }, rank: null }))).toEqual([
      400,
      'api.bad_parameters',
      ['title', 'rank'],
    ]);
    expect(told(await query({ size: 3 }, '/api/books?size=2'))).toEqual([400, 'api.bad_parameters', ['size']]);
    expect(told(await query(['title']))).toEqual([400, 'http.bad_request', []]);
  });

  it('needs a body that says what it is', async () => {
    const bare = await client.request('QUERY', '/api/books');
    expect(told(bare)).toEqual([415, 'http.unsupported_media_type', []]);
    expect(bare.header('accept-query')).toBe('application/json, application/x-www-form-urlencoded');
    const text = { body: 'title=b1', headers: { 'content-type': 'text/plain' } };
    expect(told(await client.request('QUERY', '/api/books', text))).toEqual([415, 'http.unsupported_media_type', []]);
    const broken = { body: '{"title":', headers: { 'content-type': 'application/json' } };
    expect((await client.request('QUERY', '/api/books', broken)).status).toBe(400);
    const long = { json: { search: 'x'.repeat(3_000_000) } };
    expect((await client.request('QUERY', '/api/books', long)).status).toBe(413);
  });

  it('is told of by lists alone', async () => {
    expect((await client.get('/api/books')).header('accept-query')).toBe(
      'application/json, application/x-www-form-urlencoded',
    );
    expect((await client.request('OPTIONS', '/api/books')).header('allow')).toContain('GET, HEAD, QUERY');
    const single = await client.request('QUERY', '/api/books/1', { json: {} });
    expect([single.status, single.header('allow')]).toEqual([405, expect.not.stringContaining('QUERY')]);
  });
});

it('a QUERY is under the rule of the list, and needs no token', async () => {
  const app = await openMagazine();
  const ask = async (client: TestClient) =>
    (await client.request('QUERY', '/api/articles', { json: {}, csrf: false })).status;
  const nobody = await app.login(await app.createUser({ email: 'nobody@example.com' }));
  expect([await ask(app.client()), await ask(nobody), await ask(await app.login())]).toEqual([401, 403, 200]);
  await app.close();
});
