import { City, Country } from '@bowerbird/atlas';
import { Author, Tag } from '@bowerbird/blog';
import { Group } from 'bowerbird/auth';
import { Database } from 'bowerbird/orm';
import { type FormFields, type TestApp, type TestClient, type TestDatabase } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS } from '../../support/databases.js';
import { bootDemo, city, country, rawRequest, RecordingLogger, sealed } from './demo-app.js';

const CITIES = '/admin/atlas/city/';
const COUNTRIES = '/admin/atlas/country/';
const HOSTILE = '<script>alert("x")</script>';

describe.each(DIALECTS)('bad input on %s', (dialect) => {
  const logger = new RecordingLogger();
  let database: TestDatabase;
  let app: TestApp;
  let db: Database;
  let root: TestClient;
  let germany: Country;
  let ulm: City;

  beforeAll(async () => {
    database = await createDatabase(dialect);
    app = await bootDemo({}, { database, logger });
    db = app.get(Database);
    germany = await db.save(country('DE', { name: 'Germany' }));
    ulm = await db.save(city('Ulm', germany));
    await db.save(city('Bonn', germany));
    root = await app.login();
    logger.lines.length = 0;
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });
  /** Nothing in this file is the fault of the application. */
  afterAll(() => expect(logger.lines.filter((line) => line.startsWith('error'))).toEqual([]));

  const post = async (path: string, form: FormFields, client = root) => sealed(await client.post(path, form));
  const cities = () => db.objects(City).count();

  describe('the address of a list', () => {
    it.each([
      ['an unknown name', 'x=1'],
      ['a lookup', 'name__contains=x'],
      ['a path to a secret', 'country__password=1'],
      ['a name of every object', '__proto__=1'],
      ['another such name', 'constructor=1'],
      ['a choice that is none', 'kind=nonsense'],
      ['no value where there is always one', 'country='],
      ['a value that is too long', `country=${'x'.repeat(300)}`],
      ['a search that is too long', `q=${'a'.repeat(201)}`],
      ['an unknown column', 'o=nothing'],
      ['a column that is not shown', 'o=id'],
      ['page 0', 'p=0'],
      ['a page before the first', 'p=-1'],
      ['a page beyond all', 'p=99999999999999999999'],
      ['a page that is no number', 'p=abc'],
      ['a cursor that is none', 'after=garbage'],
      ['a cursor of something else', 'before=WyJ4Il0'],
    ])('leads back to the list with a message for %s', async (_what, query) => {
      const answer = sealed(await root.get(`${CITIES}?${query}`));
      expect([answer.status, answer.location]).toEqual([302, `${CITIES}?e=1`]);
      const list = sealed(await root.get(answer.location!));
      expect(list.status).toBe(200);
      expect(list.text).toContain('Ulm');
    });

    it('leads to the first page from one behind the last', async () => {
      const answer = sealed(await root.get(`${CITIES}?p=500`));
      expect([answer.status, answer.location]).toEqual([302, CITIES]);
    });

    it('leads back for dates that do not exist', async () => {
      for (const query of ['joined__from=2026-02-31', 'joined__to=99999-01-01', 'joined=yesterday', 'active=maybe'])
        expect((await root.get(`/admin/blog/author/?${query}`)).location, query).toBe('/admin/blog/author/?e=1');
    });

    it.each(["' OR 1=1 --", '%_\\', '"; DROP TABLE atlas_city; --', '🦜', '\\', '${7919*7919}{{7919*7919}}'])(
      'takes the search %s for a text',
      async (text) => {
        const { status, text: html } = sealed(await root.get(`${CITIES}?q=${encodeURIComponent(text)}`));
        expect([status, html.includes('Nothing matches'), html.includes('62710561')]).toEqual([200, true, false]);
      },
    );

    it('survives broken percent signs and halves of characters', async () => {
      for (const query of ['q=%ED%A0%80', 'q=%E0%A4%A', 'q=%', 'country=%FF', '%=%', '&&=&=='])
        expect([200, 302], query).toContain(sealed(await root.get(`${CITIES}?${query}`)).status);
    });
  });

  describe('a key in an address', () => {
    it.each([
      '0',
      '-1',
      '999999',
      '99999999999999999999999',
      'abc',
      '1e3',
      '1.5',
      '0x1',
      'NaN',
      '_00',
      '_FF',
      '1~2',
      '~',
      '%27',
      '..',
      '%2e%2e',
      "1'%20OR%20'1'='1",
      'x'.repeat(500),
    ])('that no row has (%s) leads to the list', async (key) => {
      for (const page of ['change', 'delete']) {
        const { status, location } = sealed(await root.get(`${CITIES}${key}/${page}/`));
        expect([status, location], page).toEqual([303, CITIES]);
      }
    });

    it('is not mended: case, spaces and cut keys find nothing', async () => {
      for (const key of ['de', 'D', 'DE_20', '_20DE', '_44E', '_C3_28'])
        expect(sealed(await root.get(`${COUNTRIES}${key}/change/`)).location, key).toBe(COUNTRIES);
    });

    it.each(['/', '%2', '"\'', '?#', ' .', 'ü漢', '..', '\\n'])('may hold %s', async (code) => {
      await db.save(country(code, { code3: `${code}x`, name: `Named ${code}` }));
      const list = sealed(await root.get(`${COUNTRIES}?q=Named`));
      const href = /href="([^"]*\/change\/)[^"]*"/.exec(list.text.slice(list.text.indexOf('<tbody')))![1]!;
      const form = sealed(await root.get(href));
      expect(form.status).toBe(200);
      expect(form.field('name')).toBe(`Named ${code}`);
      const remove = href.replace('/change/', '/delete/');
      expect((await root.get(remove)).status).toBe(200);
      expect((await post(remove, { confirm: '1' })).location).toBe(COUNTRIES);
      expect(await db.objects(Country).filter({ code }).exists()).toBe(false);
    });
  });

  describe('a forged action', () => {
    it('with a name that the list does not offer is refused', async () => {
      for (const action of ['', 'drop', 'constructor', '__proto__', 'toString'])
        expect((await post(CITIES, { action, selected: String(ulm.id), confirmed: 1 })).status, action).toBe(400);
      expect((await post(CITIES, {})).status).toBe(400);
    });

    it.each(['abc', '0', '-1', '1.5', '99999999999999999999', '_00', '_27_20OR_201_3D1', '~', '_', "1' OR 1=1", ''])(
      'on the key %j deletes nothing',
      async (selected) => {
        const before = await cities();
        const { status } = await post(CITIES, { action: 'delete_selected', selected, confirmed: 1 });
        expect([303, 400]).toContain(status);
        expect(await cities()).toBe(before);
      },
    );

    it('on a text key with a NUL, or far too long, deletes nothing', async () => {
      const before = await db.objects(Country).count();
      for (const selected of ['_00', 'DE_00', 'x'.repeat(5000)])
        expect([303, 400]).toContain(
          (await post(COUNTRIES, { action: 'delete_selected', selected, confirmed: 1 })).status,
        );
      expect(await db.objects(Country).count()).toBe(before);
    });

    it('on everything keeps to what the address shows', async () => {
      const before = await cities();
      const form = { action: 'delete_selected', across: '1', confirmed: '1' };
      for (const query of ['q=Nowhere', 'kind=nonsense', 'x=1', 'p=abc'])
        expect([302, 303, 400], query).toContain((await post(`${CITIES}?${query}`, form)).status);
      expect(await cities()).toBe(before);
    });

    it('is asked about first, whatever was sent for the confirmation', async () => {
      const form = { action: 'delete_selected', selected: String(ulm.id) };
      for (const confirmed of ['0', 'true', '', '1 '])
        expect((await post(CITIES, { ...form, confirmed })).status, confirmed).toBe(200);
      expect(await db.objects(City).filter({ id: ulm.id }).exists()).toBe(true);
    });
  });

  describe('a forged form', () => {
    const url = () => `${CITIES}${ulm.id}/change/`;
    const form = (more: FormFields = {}): FormFields => ({
      name: 'Ulm',
      country: 'DE',
      kind: 'town',
      population: 0,
      latitude: 0,
      longitude: 0,
      _save: 1,
      ...more,
    });

    it.each([
      ['a choice that is none', { kind: 'megacity' }],
      ['a country that is none', { country: 'ZZ' }],
      ['a country by a NUL', { country: 'D_00' }],
      ['a number that is text', { population: '1; DROP TABLE' }],
      ['a number beyond its column', { population: '99999999999999999999' }],
      ['infinity', { latitude: 'Infinity' }],
      ['a place off the earth', { latitude: '91' }],
      ['a text beyond its column', { name: 'x'.repeat(101) }],
      ['no name', { name: '   ' }],
    ])('with %s is shown again', async (_what, values) => {
      const page = await root.get(url());
      const { status, text } = await post(url(), form({ ...values, _version: page.field('_version') }));
      expect(status).toBe(422);
      expect(text).toContain('aria-invalid');
      expect(await db.objects(City).get({ id: ulm.id })).toMatchObject({ name: 'Ulm', population: 0 });
    });

    it('cannot set what it does not show', async () => {
      const page = await root.get(url());
      const extra = { id: 4711, 'country.name': 'Taken', __proto__: 'x', constructor: 'x', toString: 'x' };
      const { status } = await post(url(), form({ ...extra, _version: page.field('_version') }));
      expect(status).toBe(303);
      expect(await db.objects(City).filter({ id: 4711 }).exists()).toBe(false);
      expect(await db.objects(Country).get({ code: 'DE' })).toMatchObject({ name: 'Germany' });
    });

    it('with a forged version counts as stale', async () => {
      const { field } = await root
        .get(`${CITIES}${(await db.objects(City).get({ name: 'Bonn' })).id}/change/`)
        .then((page) => ({ field: page.field('_version') }));
      for (const _version of ['', 'x', 'x'.repeat(100_000), field])
        expect((await post(url(), form({ name: 'Overwritten', _version }))).status).toBe(409);
      expect((await db.objects(City).get({ id: ulm.id })).name).toBe('Ulm');
    });
  });

  describe('stored text', () => {
    let author: Author;
    beforeAll(async () => {
      author = await db.save(
        Object.assign(new Author(), {
          name: HOSTILE,
          email: '"><img src=x onerror=alert(1)>@example.com',
          website: 'javascript:alert(document.cookie)',
          bio: '</textarea><script>alert(2)</script>{{constructor}}',
          joined: '2026-01-01',
        }),
      );
    });

    const pages = (id: number) => [
      '/admin/blog/author/',
      `/admin/blog/author/?q=${encodeURIComponent(HOSTILE)}`,
      `/admin/blog/author/${id}/change/`,
      `/admin/blog/author/${id}/delete/`,
      `/admin/blog/author/${id}/history/`,
      `/admin/blog/post/add/?title=${encodeURIComponent(HOSTILE)}`,
      `/admin/autocomplete/?field=blog.post.author`,
      '/admin/',
    ];

    it('is text on every page: list, search, form, delete, history, search field, index', async () => {
      await db.save(Object.assign(author, { bio: `${author.bio}!` }));
      for (const path of pages(author.id)) {
        const { status, text, headers } = sealed(await root.get(path));
        expect(status, path).toBe(200);
        if (headers['content-type']?.includes('json')) continue;
        expect(text, path).not.toMatch(/<script>alert|<img src=x|<\/textarea><script/);
        expect(text, path).not.toMatch(/(href|src|action|formaction)="\s*javascript:/i);
      }
    });

    it('is text in messages and breadcrumbs', async () => {
      const path = `/admin/blog/author/${author.id}/change/`;
      const page = await root.get(path);
      const { name, bio, joined } = author;
      const saved = await post(path, {
        name,
        email: 'a@example.com',
        bio,
        joined,
        website: 'https://example.com/',
        _version: page.field('_version'),
        _continue: 1,
      });
      expect(saved.status).toBe(303);
      const after = sealed(await root.get(saved.location!));
      expect(after.text).toContain('&lt;script&gt;alert(');
      expect(after.text).not.toContain('<script>alert');
    });

    it('of a link that is no link is refused by the form', async () => {
      const path = '/admin/blog/author/add/';
      const values = { name: 'Eve', email: 'eve@example.com', joined: '2026-01-01', _save: 1 };
      await root.get(path);
      for (const website of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'JaVaScRiPt:x'])
        expect((await post(path, { ...values, website })).status, website).toBe(422);
    });
  });

  describe('somebody without the permission', () => {
    let client: TestClient;
    beforeEach(async () => {
      const user = await app.createUser({ email: `staff-${Math.random()}@example.com`, isStaff: true });
      client = await app.login(user);
      await client.get('/accounts/password/');
    });

    it('is refused every page and every post of an entity', async () => {
      for (const path of ['', 'add/', `${ulm.id}/change/`, `${ulm.id}/delete/`, `${ulm.id}/history/`])
        expect([403, 404], path).toContain(sealed(await client.get(CITIES + path)).status);
      const attempts = [
        [CITIES, { action: 'delete_selected', selected: String(ulm.id), confirmed: 1 }],
        [`${CITIES}add/`, { name: 'X', country: 'DE', kind: 'town' }],
        [`${CITIES}add/?_popup=1`, { name: 'X', country: 'DE', kind: 'town' }],
        [`${CITIES}${ulm.id}/change/`, { name: 'X' }],
        [`${CITIES}${ulm.id}/delete/`, { confirm: 1 }],
      ] as const;
      for (const [path, form] of attempts) expect((await post(path, form, client)).status, path).toBe(403);
      expect(await db.objects(City).get({ id: ulm.id })).toMatchObject({ name: 'Ulm' });
    });

    it('learns nothing from the search of relation fields', async () => {
      const answers = ['atlas.city.country', 'auth.user.groups', 'atlas.city.nothing', 'no.such', ''].map((field) =>
        client.get(`/admin/autocomplete/?field=${field}&q=DE`),
      );
      const told = (await Promise.all(answers)).map(({ status, text }) => [
        status,
        text.replaceAll(/Request <code>.*?<\/code>/g, ''),
      ]);
      expect(new Set(told.map(([status]) => status))).toEqual(new Set([404]));
      expect(new Set(told.map(([, text]) => text)).size).toBe(1);
    });
  });

  describe('NUL characters', () => {
    it('are refused in every part of a request', async () => {
      const part = (name: string, value: string) => ({
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body: `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--b--\r\n`,
      });
      const json = (body: string) => ({ headers: { 'content-type': 'application/json' }, body });
      const form = (body: string) => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
      expect(sealed(await root.get(`${CITIES}%00/change/`)).status).toBe(400);
      expect(sealed(await root.get(`${CITIES}?q=%00`)).status).toBe(400);
      expect((await rawRequest(app.origin, 'GET /\0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')).split('\r\n')[0]).toContain(
        '400',
      );
      for (const body of [
        form('name=a%00b'),
        form('na%00me=a'),
        json('{"a":"\\u0000"}'),
        json('{"\\u0000":1}'),
        part('name', 'a\0b'),
      ])
        expect(sealed(await root.request('POST', `${CITIES}add/`, body)).status, String(body.body)).toBe(400);
      expect([400, 403, 422]).toContain(
        sealed(await root.request('POST', `${CITIES}add/`, part('na\0me', 'a'))).status,
      );
    });
  });

  it('several groups of one name are refused, not mixed up', async () => {
    await db.save(Object.assign(new Group(), { name: 'Editors' }));
    await root.get('/admin/auth/group/add/');
    expect((await post('/admin/auth/group/add/', { name: 'Editors', _save: 1 })).status).toBe(422);
    await root.get('/admin/blog/tag/add/');
    const tag = { name: 'News', slug: 'news', color: '#000000', _save: 1 };
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/admin/blog/tag/add/', tag)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(7);
    expect(await db.objects(Tag).count()).toBe(1);
  });
});
