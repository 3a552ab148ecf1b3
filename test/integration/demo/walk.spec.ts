import { AtlasModule, City, Country, Currency, Language } from '@bowerbird/atlas';
import { Author, BlogModule, Comment, Post, Tag } from '@bowerbird/blog';
import { ViewSets, type OpenApiDocument, type ViewSetDescription } from 'bowerbird/api';
import { Permission } from 'bowerbird/auth';
import { type Class } from 'bowerbird/core';
import { RouteTable } from 'bowerbird/framework';
import { Database } from 'bowerbird/orm';
import { createTestApp, RecordingIo, type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The key of what nobody but staff may see, and of what is not there; answers to both must not differ. */
const [HIDDEN, ABSENT] = [700_001, 700_009];
/** A word of what nobody but staff may see, and one that nothing has. */
const [SECRET, NOTHING] = ['hiddenword', 'absentword'];

const OWN = { email: `${SECRET}@example.com` };
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'QUERY']);

/** What everybody may read; a new route that is open belongs here with intent. */
const OPEN = ['authors', 'cities', 'comments', 'countries', 'currencies', 'languages', 'posts', 'tags'].flatMap(
  (name) => [
    `GET /api/${name}`,
    `GET /api/${name}/:key`,
    `HEAD /api/${name}`,
    `HEAD /api/${name}/:key`,
    `QUERY /api/${name}`,
  ],
);

/** One route of the API, as the router knows it. */
interface Route {
  readonly method: string;
  /** With `:key` for a key. */
  readonly path: string;
  readonly viewset: ViewSetDescription;
}

/** What an answer tells, without what was asked for. */
interface Told {
  readonly status: number;
  readonly type: string | undefined;
  readonly length: string | undefined;
  readonly body: string;
}

describe('every route of the API of the demo', () => {
  let app: TestApp;
  let document: OpenApiDocument;
  let routes: readonly Route[];
  let callers: Readonly<Record<'visitor' | 'user' | 'moderator', TestClient>>;

  beforeAll(async () => {
    app = await createTestApp({ apps: [AtlasModule, BlogModule] });
    await fillAtlas(app);
    await fillBlog(app);
    document = (await (await app.login()).get('/api/openapi.json')).json<OpenApiDocument>();
    routes = await routesOf(app);
    callers = { visitor: app.client(), user: await userWith(app, false), moderator: await userWith(app, true) };
  });
  afterAll(() => app?.close());

  it('is in the description, but for lists that are asked for by QUERY', () => {
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const walked = routes.filter(({ method }) => method !== 'QUERY' && method !== 'HEAD').map(nameOf);
    expect(walked.toSorted()).toEqual(described.filter((name) => name.includes(' /api/')).toSorted());
    expect(walked.length).toBeGreaterThan(40);
  });

  it('is listed with the access that it has', () => {
    const listed = app.get(RouteTable).all();
    const accessTo = (method: string, path: string): boolean | undefined =>
      listed.find((route) => route.method === method && route.path === path)?.isPublic;
    expect(accessTo('GET', '/api/posts')).toBe(true);
    expect(accessTo('POST', '/api/posts')).toBe(false);
    expect(accessTo('POST', '/api/posts/:key/publish')).toBe(false);
    expect(accessTo('QUERY', '/api/posts')).toBe(true);
  });

  it.each([
    ['visitor', 401],
    ['user', 403],
  ] as const)('lets a %s without permissions do nothing but read what is open', async (caller, refusal) => {
    const before = await contents(app);
    const opened: string[] = [];
    for (const route of routes) {
      const [there, absent] = await both(callers[caller], route, await keyOf(app, route));
      if (there.status === refusal) expect([nameOf(route), there]).toEqual([nameOf(route), absent]);
      else opened.push(nameOf(route));
    }
    expect(opened.toSorted()).toEqual(OPEN.toSorted());
    expect(await contents(app)).toEqual(before);
  });

  it.each(['visitor', 'user', 'moderator'] as const)('tells a %s of no row that is out of scope', async (caller) => {
    const before = await contents(app);
    const scoped = routes.filter(({ path, viewset }) => path.includes(':key') && HIDING.has(viewset.entity.target));
    expect(scoped.length).toBeGreaterThan(8);
    for (const route of scoped) {
      const [there, absent] = await both(callers[caller], route, String(HIDDEN));
      expect([nameOf(route), there]).toEqual([nameOf(route), absent]);
      expect([401, 403, 404]).toContain(there.status);
    }
    expect(await contents(app)).toEqual(before);
  });

  it.each(['visitor', 'moderator'] as const)('shows a %s nothing hidden in any form', async (caller) => {
    for (const { method, path, viewset } of routes.filter(isList)) {
      const names = viewset.action('list')!.serializer.members.map(({ name }) => name);
      const types = Object.keys((document.paths[path]!.get as unknown as Described).responses['200'].content);
      const parts = names.flatMap((name) => [`?expand=${name}`, `?fields=${name}`]);
      const asked = [...types.map((accept) => ['', accept]), ...parts.map((query) => [query, 'application/json'])];
      for (const [query, accept] of asked as [string, string][]) {
        const body = method === 'QUERY' ? { json: {} } : {};
        const answer = await callers[caller].request(method, path + query, { headers: { accept }, ...body });
        expect([200, 400]).toContain(answer.status);
        expect(answer.text).not.toMatch(new RegExp(`${SECRET}|${HIDDEN}`));
      }
    }
  });

  it('lets a moderator find out nothing by parameters', async () => {
    let asked = 0;
    for (const { path } of routes.filter((route) => isList(route) && route.method === 'GET'))
      for (const { name } of (document.paths[path]!.get as unknown as Described).parameters.filter(isQuery)) {
        const ask = (value: string | number): Promise<Told> =>
          tell(callers.moderator, 'GET', `${path}?${encodeURIComponent(name)}=${value}`);
        const [word, noWord, key, noKey] = await Promise.all([SECRET, NOTHING, HIDDEN, ABSENT].map(ask));
        expect([path, name, word, key]).toEqual([path, name, noWord, noKey]);
        asked += 1;
      }
    expect(asked).toBeGreaterThan(150);
  });

  it('lets a moderator find out nothing by references', async () => {
    const before = await contents(app);
    let asked = 0;
    for (const route of routes.filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method)))
      for (const member of route.viewset.actions.flatMap(({ serializer }) => serializer.members)) {
        if (member.kind !== 'reference' || !HIDING.has(member.target.target)) continue;
        const path = route.path.replace(':key', await keyOf(app, route));
        const ask = (key: number): Promise<Told> =>
          tell(callers.moderator, route.method, path, { [member.name]: member.many ? [key] : key });
        expect([nameOf(route), member.name, await ask(HIDDEN)]).toEqual([
          nameOf(route),
          member.name,
          await ask(ABSENT),
        ]);
        asked += 1;
      }
    expect(asked).toBeGreaterThan(0);
    expect(await contents(app)).toEqual(before);
  });
});

interface Described {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: { readonly 200: { readonly content: object } };
}

/** Entities of which some rows are out of scope for all but staff. */
const HIDING: ReadonlySet<Class> = new Set<Class>([Post, Comment]);

const isList = ({ method, path }: Route): boolean => READING.has(method) && method !== 'HEAD' && !path.includes(':');
const isQuery = ({ in: place }: { readonly in: string }): boolean => place === 'query';
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** Every route of a viewset that the router knows, and HEAD, which goes with GET. */
async function routesOf(app: TestApp): Promise<readonly Route[]> {
  const io = new RecordingIo();
  await app.command('routes', { args: { prefix: '/api' }, options: { json: true } }, io);
  const known = JSON.parse(io.output.join('\n')) as { readonly method: string; readonly path: string }[];
  const viewsets = app.get(ViewSets).all();
  const routes = known.flatMap(({ method, path }) => {
    const viewset = viewsets.find((each) => path === each.path || path.startsWith(`${each.path}/`));
    return viewset ? [{ method, path, viewset }] : [];
  });
  return [...routes, ...routes.filter(({ method }) => method === 'GET').map((route) => ({ ...route, method: 'HEAD' }))];
}

/** The answers for a row and for one that is not there. */
async function both(client: TestClient, { method, path }: Route, key: string): Promise<readonly [Told, Told]> {
  const body = method === 'GET' || method === 'HEAD' ? undefined : {};
  const absent = /^\d+$/.test(key) ? String(ABSENT) : NOTHING.slice(0, key.length);
  return [
    await tell(client, method, path.replace(':key', key), body),
    await tell(client, method, path.replace(':key', absent), body),
  ];
}

async function tell(client: TestClient, method: string, path: string, json?: object): Promise<Told> {
  const answer = await client.request(method, path, {
    headers: { accept: 'application/json' },
    ...(json && { json }),
  });
  const { instance: _instance, ...body } =
    answer.text === '' ? { instance: '' } : answer.json<{ readonly instance?: string }>();
  return {
    status: answer.status,
    type: answer.header('content-type'),
    length: answer.header('content-length'),
    body: JSON.stringify(body)
      .replaceAll(new RegExp(`${HIDDEN}|${ABSENT}`, 'g'), '#')
      .replaceAll(NOTHING, SECRET),
  };
}

/** The key of a row, which is out of scope where there are such rows. */
async function keyOf(app: TestApp, { viewset }: Route): Promise<string> {
  const { entity, lookup } = viewset;
  if (HIDING.has(entity.target)) return String(HIDDEN);
  const row = await app.objects(entity.target).first();
  if (!row) throw new Error(`The walk has no row of ${entity.name}: make one beside the others`);
  return String((row as Record<string, unknown>)[lookup ?? entity.primaryKey[0]!]);
}

/** All rows of the demo, by their tables. */
async function contents(app: TestApp): Promise<readonly unknown[]> {
  const entities = new Set(
    app
      .get(ViewSets)
      .all()
      .map(({ entity }) => entity.target),
  );
  return Promise.all(
    [...entities].map((entity) =>
      app
        .objects(entity)
        .orderBy('pk' as never)
        .all(),
    ),
  );
}

async function userWith(app: TestApp, permissions: boolean): Promise<TestClient> {
  const user = await app.createUser({ email: `${permissions ? 'moderator' : 'user'}@example.com` });
  if (permissions)
    await app.run(async () => {
      const database = app.get(Database);
      const all = await database.objects(Permission).filter({ codename__startswith: 'blog.' }).all();
      await database.related(user, 'permissions' as never).add(...(all as never[]));
    });
  return app.login(user);
}

async function fillAtlas(app: TestApp): Promise<void> {
  const country = await app.create(Country, {
    code: 'CH',
    code3: 'CHE',
    name: 'Switzerland',
    officialName: 'Swiss Confederation',
    region: 'Europe' as never,
    area: '41284.00',
    latitude: 47,
    longitude: 8,
  });
  await app.create(City, { name: 'Bern', country, latitude: 47, longitude: 7 });
  await app.create(Language, { code: 'roh', name: 'Romansh' });
  await app.create(Currency, { code: 'CHF', name: 'Swiss franc' });
}

async function fillBlog(app: TestApp): Promise<void> {
  const author = await app.create(Author, { name: 'Ada', joined: '2020-01-01', ...OWN });
  const tag = await app.create(Tag, { name: 'Birds', slug: 'birds' });
  const words = { title: SECRET, slug: SECRET, summary: SECRET, body: SECRET };
  const shared = { author, tags: [tag], publishedAt: new Date('2026-01-01') };
  const post = await app.create(Post, { ...shared, title: 'Seen', slug: 'seen', status: 'published' as never });
  const draft = await app.create(Post, { ...shared, ...words, id: HIDDEN, status: 'draft' as never });
  const comment = { ...OWN, name: 'Bo', body: 'Seen', approved: true };
  await app.create(Comment, { ...comment, post });
  await app.create(Comment, { ...comment, post: draft, body: SECRET });
  await app.create(Comment, { ...comment, post, id: HIDDEN, name: SECRET, body: SECRET, approved: false });
}
