import { Controller, Get, Module, Version, VERSION_NEUTRAL } from '@nestjs/common';
import { Validator } from '@seriousme/openapi-schema-validator';
import {
  Action,
  ModelSerializer,
  ModelViewSet,
  Serializer,
  ViewSet,
  type OpenApiDocument,
  type VersionPlace,
  type VersionsOptions,
} from 'bowerbird/api';
import { Public } from 'bowerbird/auth';
import { App } from 'bowerbird/orm';
import { createTestApp, RecordingIo, type TestApp, type TestClient, type TestResponse } from 'bowerbird/testing';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

@Entity('ver_author')
class Author {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;
}

@Entity('ver_post')
class Post {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  title: string;

  @ManyToOne(() => Author, { nullable: true })
  author: Relation<Author> | null;
}

@Serializer(Post, { fields: ['id', 'title', 'author'], references: { author: 'link' } })
class PostSerializer extends ModelSerializer<Post> {}

@ViewSet(Post, { path: 'posts', version: '1', fields: ['id', 'title'], access: 'public' })
class OldPostViewSet extends ModelViewSet<Post> {}

@ViewSet(Post, { path: 'posts', version: ['2', '3'], serializer: PostSerializer, access: 'public' })
class PostViewSet extends ModelViewSet<Post> {
  @Version('3')
  @Action({ detail: false })
  newest(): { readonly in: number } {
    return { in: 3 };
  }
}

@ViewSet(Author, { path: 'authors', fields: ['id', 'name'], access: 'public' })
class AuthorViewSet extends ModelViewSet<Author> {}

@ViewSet(Author, { path: 'names', fields: ['name'], version: VERSION_NEUTRAL, access: 'public', actions: ['list'] })
class NameViewSet extends ModelViewSet<Author> {}

@Controller({ path: 'api/v2/sum', version: '2' })
class SumController {
  @Public()
  @Get()
  sum(): number {
    return 42;
  }
}

@App({ name: 'ver', entities: [Author, Post] })
@Module({ controllers: [OldPostViewSet, PostViewSet, AuthorViewSet, NameViewSet, SumController] })
class VersionedModule {}

const DEPRECATED = {
  1: { since: '2026-01-01', sunset: '2026-12-31', link: 'https://example.org/v1', sunsetLink: '/policy' },
};

async function open(versions: Omit<VersionsOptions, 'known'>): Promise<TestApp> {
  const app = await createTestApp({
    apps: [VersionedModule],
    api: { versions: { known: ['1', '2', '3'], deprecated: DEPRECATED, ...versions } },
  });
  const author = await app.create(Author, { name: 'Ada' });
  for (let number = 0; number < 25; number += 1) await app.create(Post, { title: `Post ${number}`, author });
  return app;
}

const fieldsOf = (answer: TestResponse): readonly string[] =>
  Object.keys(answer.json<{ results: object[] }>().results[0]!);
const problem = (answer: TestResponse) => {
  const { code, detail } = answer.json<{ code: string; detail: string }>();
  return [answer.status, code, detail];
};
const document = async (client: TestClient, version: string): Promise<OpenApiDocument> =>
  (await client.get(`/api/openapi.json?version=${version}`)).json<OpenApiDocument>();

describe('versions in paths', () => {
  let app: TestApp;
  let client: TestClient;

  beforeAll(async () => {
    app = await open({ by: 'path' });
    client = app.client();
  });
  afterAll(() => app?.close());

  it('choose the viewset', async () => {
    expect(fieldsOf(await client.get('/api/v1/posts'))).toEqual(['id', 'title']);
    expect(fieldsOf(await client.get('/api/v2/posts'))).toEqual(['id', 'title', 'author']);
    expect(fieldsOf(await client.get('/api/v3/posts'))).toEqual(['id', 'title', 'author']);
    expect((await client.get('/api/v1/authors')).json()).toEqual((await client.get('/api/v3/authors')).json());
    expect(fieldsOf(await client.get('/api/names'))).toEqual(['name']);
  });

  it('that there are not are not found, nor are paths without one', async () => {
    for (const path of [
      '/api/v4/posts',
      '/api/posts',
      '/v1/api/posts',
      '/api/v1/names',
      '/api/v/posts',
      '/api/1/posts',
    ])
      expect([path, (await client.get(path)).status]).toEqual([path, 404]);
  });

  it('hold for single actions', async () => {
    expect((await client.get('/api/v3/posts/newest')).json()).toEqual({ in: 3 });
    expect((await client.get('/api/v2/posts/newest')).status).toBe(404);
  });

  it('hold for controllers that are no viewsets', async () => {
    expect((await client.get('/api/v2/sum')).text).toBe('42');
  });

  it('stay in addresses', async () => {
    const page = await client.get('/api/v3/posts?size=1');
    const { next, results } = page.json<{ next: string; results: { id: number; author: string }[] }>();
    expect([next, results[0]!.author]).toEqual([`${app.origin}/api/v3/posts?size=1&page=2`, '/api/v3/authors/1']);
    expect((await client.get(results[0]!.author)).json()).toEqual({ id: 1, name: 'Ada' });
    const admin = await app.login();
    const made = await admin.post('/api/v2/posts', undefined, {
      json: { title: 'New', author: '/api/v3/authors/1' },
    });
    expect([made.status, made.location, made.json()]).toMatchObject([
      201,
      expect.stringMatching(/^\/api\/v2\/posts\/\d+$/),
      { author: '/api/v2/authors/1' },
    ]);
  });

  it('have methods of their own', async () => {
    const put = await (await app.login()).put('/api/v1/posts', { json: {} });
    expect([put.status, put.header('allow')]).toEqual([405, expect.stringMatching(/^GET, HEAD, .*POST$/)]);
    expect((await client.request('OPTIONS', '/api/v4/posts')).status).toBe(404);
  });

  it('that are deprecated say so, with their pages', async () => {
    const page = await client.get('/api/v1/posts?size=1');
    expect(page.header('deprecation')).toBe('@1767225600');
    expect(page.header('sunset')).toBe('Thu, 31 Dec 2026 00:00:00 GMT');
    expect(page.header('link')).toContain('rel="next"');
    expect(page.header('link')).toContain(
      '<https://example.org/v1>; rel="deprecation"; type="text/html", </policy>; rel="sunset"',
    );
    expect((await client.get('/api/v1/posts/999')).header('deprecation')).toBe('@1767225600');
    expect((await client.get('/api/v2/posts')).header('deprecation')).toBeUndefined();
  });

  it('have descriptions of their own', async () => {
    const [first, third] = [await document(client, '1'), await document(client, '3')];
    expect([first.info.version, third.info.version]).toEqual(['1', '3']);
    expect(Object.keys(first.paths)).toEqual(
      expect.arrayContaining(['/api/v1/posts', '/api/v1/authors', '/api/names']),
    );
    expect(Object.keys(first.paths).filter((path) => /v[23]|newest/.test(path))).toEqual([]);
    expect(third.paths['/api/v3/posts/newest']!['get']!.operationId).toBe('posts_newest');
    expect([
      first.paths['/api/v1/posts']!['get']!.deprecated,
      third.paths['/api/v3/posts']!['get']!.deprecated,
    ]).toEqual([true, undefined]);
    expect((await client.get('/api/openapi.json')).json<OpenApiDocument>().info.version).toBe('3');
    expect(problem(await client.get('/api/openapi.json?version=4', { headers: { accept: '*/*' } }))).toEqual([
      400,
      'api.unknown_version',
      'There is no version "4". There are: 1, 2, 3',
    ]);
    expect((await new Validator().validate(structuredClone(third) as never)).valid).toBe(true);
    const io = new RecordingIo();
    expect(await app.command('openapi', { options: { apiVersion: '1' } }, io)).toBe(0);
    expect(Object.keys((JSON.parse(io.output.join('\n')) as OpenApiDocument).paths)).toEqual(Object.keys(first.paths));
    const shown = await client.get('/api/docs?version=1');
    expect(shown.text).toContain('data-url="/api/openapi.json?version=1"');
    expect(shown.text).toContain('>Version 3</a>');
  });
});

describe('versions in paths with a default', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await open({ by: 'path', default: '1' });
  });
  afterAll(() => app?.close());

  it('answer where none is named, and stay there', async () => {
    const page = await app.client().get('/api/posts?size=1');
    expect(fieldsOf(page)).toEqual(['id', 'title']);
    expect(page.json()).toMatchObject({ next: `${app.origin}/api/posts?size=1&page=2` });
    expect(page.header('deprecation')).toBe('@1767225600');
    const made = await app.client().post('/api/posts', undefined, { json: { title: 'New' } });
    expect(made.location).toMatch(/^\/api\/posts\/\d+$/);
  });
});

type Naming = (version: string) => readonly [query: string, headers: Readonly<Record<string, string>>];
type Kind = readonly [by: VersionPlace, status: number, naming: Naming];

describe.each<Kind>([
  ['header', 400, (version: string) => ['', { 'api-version': version }]],
  ['query', 400, (version: string) => [`version=${version}`, {}]],
  ['mediaType', 406, (version: string) => ['', { accept: `text/html, application/json; version=${version}` }]],
])('versions by %s', (by, status, naming) => {
  let app: TestApp;
  let client: TestClient;
  beforeAll(async () => {
    app = await open({ by });
    client = app.client();
  });
  afterAll(() => app?.close());

  const get = (path: string, version: string, method = 'GET') => {
    const [query, headers] = naming(version);
    return client.request(method, `${path}?${query}`, { headers: { accept: 'application/json', ...headers } });
  };
  const bare = (path: string) => client.get(path, { headers: { accept: 'application/json' } });

  it('choose the viewset and the action', async () => {
    expect(fieldsOf(await get('/api/posts', '1'))).toEqual(['id', 'title']);
    expect(fieldsOf(await get('/api/posts', '2'))).toEqual(['id', 'title', 'author']);
    expect((await get('/api/posts/newest', '3')).json()).toEqual({ in: 3 });
    expect((await get('/api/posts/newest', '2')).status).toBe(404);
    expect((await get('/api/authors', '1')).status).toBe(200);
    expect([(await get('/api/names', '1')).status, (await bare('/api/names')).status]).toEqual([200, 200]);
  });

  it('that there are not, or that are missing, are refused with those that there are', async () => {
    const known = 'There are: 1, 2, 3';
    expect(problem(await get('/api/posts', '9'))).toEqual([
      status,
      'api.unknown_version',
      `There is no version "9". ${known}`,
    ]);
    expect(problem(await bare('/api/posts'))).toEqual([
      status,
      'api.unknown_version',
      `The request names no version. ${known}`,
    ]);
    expect((await get('/api/nothing', '9')).status).toBe(404);
  });

  it('have methods of their own', async () => {
    expect((await get('/api/posts', '1', 'OPTIONS')).header('allow')).toMatch(/^GET, HEAD, .*POST$/);
    expect((await get('/api/names', '1', 'OPTIONS')).header('allow')).toMatch(/^GET, HEAD(, QUERY)?$/);
    expect((await get('/api/posts', '9', 'OPTIONS')).status).toBe(status);
  });

  it('stay in addresses', async () => {
    const { next, results } = (await get('/api/posts', '2')).json<{ next: string; results: { author: string }[] }>();
    const ending = by === 'query' ? '?version=2' : '';
    expect(results[0]!.author).toBe(`/api/authors/1${ending}`);
    expect(new URL(next).search).toBe(by === 'query' ? '?version=2&page=2' : '?page=2');
  });

  it('are named in answers and in descriptions', async () => {
    const answer = await get('/api/posts', '1');
    expect(answer.header('deprecation')).toBe('@1767225600');
    if (by === 'header') expect(answer.header('vary')).toContain('API-Version');
    if (by === 'mediaType') expect(answer.header('content-type')).toBe('application/json; charset=utf-8; version=1');
    const described = await document(client, '2');
    const { parameters, responses } = described.paths['/api/posts']!['get']!;
    const content = Object.keys((responses['200'] as { content: object }).content);
    if (by === 'mediaType') expect(content).toContain('application/json; version=2');
    else
      expect(parameters).toContainEqual(
        expect.objectContaining({ name: by === 'header' ? 'API-Version' : 'version', in: by, required: true }),
      );
    expect((await new Validator().validate(structuredClone(described) as never)).valid).toBe(true);
  });
});

it('a default answers requests that name no version', async () => {
  const app = await open({ by: 'header', name: 'X-Version', default: '2' });
  const client = app.client();
  expect(fieldsOf(await client.get('/api/posts'))).toEqual(['id', 'title', 'author']);
  expect(fieldsOf(await client.get('/api/posts', { headers: { 'x-version': '1' } }))).toEqual(['id', 'title']);
  await app.close();
});

it('a request in another version repeats none', async () => {
  const app = await open({ by: 'header' });
  const admin = await app.login();
  const make = (version: string) =>
    admin.post('/api/authors', undefined, {
      json: { name: 'Bo' },
      headers: { 'api-version': version, 'idempotency-key': 'one' },
    });
  expect([(await make('1')).status, (await make('1')).status, (await make('2')).status]).toEqual([201, 201, 422]);
  await app.close();
});

it('the version of a media type is that of the range that is wanted most', async () => {
  const app = await open({ by: 'mediaType', default: '3' });
  const fields = async (accept: string) => fieldsOf(await app.client().get('/api/posts', { headers: { accept } }));
  expect(await fields('application/json;version=2;q=0.1, application/json;version=1')).toEqual(['id', 'title']);
  expect(await fields('application/json;version=7, application/json;version="1";q=0.5')).toEqual(['id', 'title']);
  expect(await fields('*/*')).toEqual(['id', 'title', 'author']);
  await app.close();
});

it('parameters of the version are none of a QUERY', async () => {
  const app = await open({ by: 'query', default: '2' });
  const client = app.client();
  const query = (path: string, json: object) => client.request('QUERY', path, { json });
  expect(fieldsOf(await query('/api/posts?version=1', { size: 1 }))).toEqual(['id', 'title']);
  const { next } = (await query('/api/posts?version=1', { size: 1 })).json<{ next: string }>();
  expect(new URL(next).search).toBe('?version=1&size=1&page=2');
  expect(problem(await query('/api/posts', { version: '1' })).slice(0, 2)).toEqual([400, 'api.unknown_parameter']);
  await app.close();
});
