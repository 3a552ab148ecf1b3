import { Permission, type User } from 'bowerbird/auth';
import { Database } from 'bowerbird/orm';
import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { Article, Author, Note, openMagazine, Remark, Tag } from './magazine.js';

interface Page<T = Record<string, unknown>> {
  readonly count: number;
  readonly results: readonly T[];
}

interface ProblemBody {
  readonly code: string;
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

eachDatabase((database) => {
  let app: TestApp;
  let admin: TestClient;
  let ada: Author;
  let ben: Author;
  let red: Tag;
  let blue: Tag;

  beforeAll(async () => {
    app = await openMagazine(database.url);
    admin = await app.login();
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    for (const entity of [Remark, Article, Author, Tag, Note]) await app.objects<object>(entity).delete();
    ada = await app.create(Author, { name: 'Ada', email: 'ada@example.com', pin: '1234' });
    ben = await app.create(Author, { name: 'Ben', email: 'ben@example.com' });
    red = await app.create(Tag, { name: 'red' });
    blue = await app.create(Tag, { name: 'blue' });
  });

  const article = (values: Partial<Article> = {}) => app.create(Article, { title: 'One', author: ada, ...values });
  const count = () => app.objects(Article).count();

  describe('reading', () => {
    it('shows what the serializer names, and nothing else', async () => {
      const row = await article({ price: '2.50', views: '9007199254740993', body: 'two words', tags: [red, blue] });
      const page = (await admin.get('/api/articles')).json<Page>();
      expect(page).toMatchObject({ count: 1, next: null, previous: null });
      const [shown] = page.results;
      expect(shown).toEqual({
        id: row.id,
        title: 'One',
        author: ada.id,
        authorName: 'Ada',
        tags: expect.arrayContaining([red.id, blue.id]) as unknown,
        status: 'draft',
        rank: 1,
        price: '2.50',
        views: '9007199254740993',
        publishedAt: null,
        day: null,
        featured: false,
        extra: null,
        text: 'two words',
        words: 2,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
      });
      expect((await admin.get(`/api/articles/${row.id}`)).json()).toEqual(shown);
    });

    it('takes as many statements for three rows as for one', async () => {
      const statements = async () => (await app.queries(() => admin.get('/api/articles?expand=author,tags'))).length;
      await article({ tags: [red] });
      const one = await statements();
      await article({ title: 'Two', author: ben, tags: [red, blue] });
      await article({ title: 'Three', author: ben });
      expect(await statements()).toBe(one);
    });

    it('expands what is declared, and shows single fields', async () => {
      await article({ tags: [red] });
      const path = '/api/articles?expand=author,tags&fields=title,author.name,tags';
      expect((await admin.get(path)).json<Page>().results).toEqual([
        { title: 'One', author: { name: 'Ada' }, tags: [{ id: red.id, name: 'red' }] },
      ]);
      const refused = await admin.get('/api/articles?expand=remarks');
      expect([refused.status, refused.json<ProblemBody>().code]).toEqual([400, 'api.bad_parameters']);
    });

    it('filters, searches and orders by what is declared', async () => {
      await article({ rank: 3 });
      await article({ title: 'Two', author: ben, rank: 2, status: 'published', tags: [red, blue] });
      const titles = async (query: string) =>
        (await admin.get(`/api/articles?${query}`)).json<Page>().results.map(({ title }) => title);
      expect(await titles('rank__gte=3')).toEqual(['One']);
      expect(await titles('author.name=Ben&status__in=draft,published')).toEqual(['Two']);
      expect(await titles(`tags=${blue.id}`)).toEqual(['Two']);
      expect(await titles('search=tw')).toEqual(['Two']);
      expect(await titles('ordering=rank')).toEqual(['Two', 'One']);
      const unknown = await admin.get('/api/articles?ranks=1');
      expect([unknown.status, unknown.json<ProblemBody>().errors]).toMatchObject([400, { ranks: [/"rank"/] }]);
    });

    it('knows no row of a key that does not fit', async () => {
      for (const key of ['0', 'abc', '9'.repeat(40), '1%2F2', '%F0%9F%A6%81'])
        expect((await admin.get(`/api/articles/${key}`)).status).toBe(404);
    });

    it('names rows by another field where that is declared', async () => {
      expect((await admin.get('/api/tags/red')).json()).toEqual({ id: red.id, name: 'red' });
    });

    it('says that nothing has changed', async () => {
      const row = await article();
      const etag = (await admin.get(`/api/articles/${row.id}`)).header('etag')!;
      const again = await admin.get(`/api/articles/${row.id}`, { headers: { 'if-none-match': etag } });
      expect([again.status, again.text]).toEqual([304, '']);
    });

    it('has JSON alone', async () => {
      const refused = await admin.get('/api/articles', { headers: { accept: 'image/png' } });
      expect([refused.status, refused.json<ProblemBody>().code]).toEqual([406, 'api.not_acceptable']);
      expect(
        (await admin.get('/api/articles', { headers: { accept: 'text/html;q=.5, application/json' } })).status,
      ).toBe(200);
    });
  });

  describe('writing', () => {
    const whole = () => ({
      title: ' Made ',
      author: ada.id,
      tags: [red.id],
      price: '10.5',
      views: '9007199254740993',
      publishedAt: '2026-01-02T03:04:05Z',
      day: '2026-01-02',
      featured: true,
      extra: { a: [1, null, 'x'], b: [] },
      text: 'body',
    });

    it('makes a row and says where it is', async () => {
      const answer = await admin.post('/api/articles', undefined, { json: whole() });
      expect(answer.status).toBe(201);
      const made = answer.json<Record<string, unknown>>();
      expect(made).toMatchObject({
        ...whole(),
        title: 'Made',
        price: '10.50',
        publishedAt: '2026-01-02T03:04:05.000Z',
      });
      expect(answer.header('location')).toBe(`/api/articles/${String(made.id)}`);
      expect((await admin.get(answer.header('location')!)).json()).toEqual(made);
    });

    it.each([
      ['author', undefined, 'required'],
      ['author', 999_999, 'available'],
      ['author', { id: 1 }, 'available'],
      ['author', null, 'required'],
      ['title', 5, 'text'],
      ['title', null, 'null'],
      ['title', 'x'.repeat(61), 'at most 60'],
      ['title', 'forbidden', 'another title'],
      ['title', '\u0000', undefined],
      ['rank', '5', 'whole number'],
      ['rank', 0, 'at least 1'],
      ['rank', 1e300, 'at most'],
      ['rank', 1.5, 'whole number'],
      ['price', 'many', 'number'],
      ['price', '1234567.00', 'digits'],
      ['views', '99999999999999999999', 'at most'],
      ['featured', 'true', 'yes or no'],
      ['publishedAt', '2026-13-01T00:00:00Z', 'date'],
      ['publishedAt', 20260101, 'text'],
      ['day', '2026-02-30', 'date'],
      ['status', 'gone', 'available'],
      ['tags', 5, 'list'],
      ['tags', [999_999], 'available'],
      ['unknown', 1, 'no field'],
      ['titel', 1, '"title"'],
    ])('refuses %s: %j', async (name, value, message) => {
      const answer = await admin.post('/api/articles', undefined, { json: { ...whole(), [name]: value } });
      expect(answer.status).toBe(400);
      if (message !== undefined) expect(answer.json<ProblemBody>().errors[name]?.join(' ')).toContain(message);
      expect(await count()).toBe(0);
    });

    it('tells all that is wrong at once', async () => {
      const answer = await admin.post('/api/articles', undefined, {
        json: { title: '', rank: 'x', status: 'published', day: null },
      });
      expect(Object.keys(answer.json<ProblemBody>().errors).toSorted()).toEqual(['author', 'rank', 'title']);
      const later = await admin.post('/api/articles', undefined, {
        json: { ...whole(), status: 'published', day: null },
      });
      expect(later.json<ProblemBody>().errors).toEqual({ day: ['Say when'] });
    });

    it('ignores what is only shown', async () => {
      const answer = await admin.post('/api/articles', undefined, {
        json: { ...whole(), id: 5, words: 9, authorName: 'X' },
      });
      expect([answer.status, answer.json<{ words: number }>().words]).toEqual([201, 1]);
    });

    it('refuses bodies of other kinds', async () => {
      const send = async (body: string, type: string) =>
        (await admin.post('/api/articles', undefined, { body, headers: { 'content-type': type } })).status;
      expect(await send('<a/>', 'application/xml')).toBe(415);
      expect(await send('5', 'application/json')).toBe(400);
      expect(await send('{"title":"a","title":"b"}', 'application/json')).toBe(400);
      expect(await send('', 'application/json')).toBe(400);
    });

    it('takes forms by the same rules', async () => {
      const form = { title: 'Form', author: String(ada.id), tags: [String(red.id)], featured: 'on', rank: '2' };
      const answer = await admin.post('/api/articles', form);
      expect(answer.json()).toMatchObject({ title: 'Form', author: ada.id, tags: [red.id], featured: true, rank: 2 });
      const refused = await admin.post('/api/articles', {
        title: 'forbidden',
        author: String(ada.id),
        rank: 'x',
        other: '1',
      });
      expect(Object.keys(refused.json<ProblemBody>().errors).toSorted()).toEqual(['other', 'rank', 'title']);
    });

    it('makes several rows or none', async () => {
      const two = [whole(), { ...whole(), title: 'Second' }];
      const made = await admin.post('/api/articles', undefined, { json: two });
      expect([made.status, made.json<unknown[]>().length]).toEqual([201, 2]);
      const refused = await admin.post('/api/articles', undefined, {
        json: [{ ...whole(), title: 'Third' }, { ...whole(), title: 'Fourth', rank: 0 }, 7],
      });
      expect([refused.status, Object.keys(refused.json<ProblemBody>().errors).toSorted()]).toEqual([
        400,
        ['1.rank', '2'],
      ]);
      const twice = await admin.post('/api/articles', undefined, {
        json: [
          { ...whole(), title: 'Fifth' },
          { ...whole(), title: 'Fifth' },
        ],
      });
      expect([twice.status, Object.keys(twice.json<ProblemBody>().errors)]).toEqual([400, ['1']]);
      expect(await count()).toBe(2);
      const many = Array.from({ length: 101 }, () => whole());
      expect((await admin.post('/api/articles', undefined, { json: many })).status).toBe(413);
    });

    it('tells a unique set at its field, also when two requests race', async () => {
      const make = () => admin.post('/api/tags', undefined, { json: { name: 'green' } });
      const answers = await Promise.all([make(), make(), make()]);
      expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 400, 400]);
      const refused = answers.find(({ status }) => status === 400)!;
      expect(Object.keys(refused.json<ProblemBody>().errors)).toEqual(['name']);
    });

    it('changes what is sent, or all of it', async () => {
      const row = await article({ featured: true, rank: 5, tags: [red], price: '1.00' });
      const path = `/api/articles/${row.id}`;
      const patched = await admin.patch(path, { json: { title: 'Changed', tags: [blue.id] } });
      expect(patched.json()).toMatchObject({
        title: 'Changed',
        featured: true,
        rank: 5,
        tags: [blue.id],
        price: '1.00',
      });
      const incomplete = await admin.put(path, { json: { title: 'Put' } });
      expect([incomplete.status, Object.keys(incomplete.json<ProblemBody>().errors)]).toEqual([400, ['author']]);
      const replaced = await admin.put(path, { json: { title: 'Put', author: ben.id, price: null } });
      expect(replaced.json()).toMatchObject({ title: 'Put', author: ben.id, price: null });
      expect((await admin.patch(path, { form: { rank: '7' } })).json()).toMatchObject({ rank: 7, featured: true });
    });

    it('does not overwrite what the client has not seen', async () => {
      const row = await article();
      const path = `/api/articles/${row.id}`;
      const etag = (await admin.get(path)).header('etag')!;
      const change = (title: string) => admin.patch(path, { json: { title }, headers: { 'if-match': etag } });
      const statuses = (await Promise.all([change('A'), change('B')])).map(({ status }) => status);
      expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 412]);
      expect((await admin.delete(path, { headers: { 'if-match': etag } })).status).toBe(412);
      expect((await admin.delete(path, { headers: { 'if-match': '*' } })).status).toBe(204);
    });

    it('sends no body back when none is wanted', async () => {
      const answer = await admin.post('/api/articles', undefined, {
        json: whole(),
        headers: { prefer: 'return=minimal' },
      });
      expect([answer.status, answer.text, answer.header('location')]).toEqual([
        204,
        '',
        expect.stringContaining('/api/articles/'),
      ]);
    });

    it('deletes a row, unless others refer to it', async () => {
      const row = await article();
      expect((await admin.delete(`/api/articles/${row.id}`)).status).toBe(204);
      expect(await count()).toBe(0);
      expect((await admin.delete(`/api/articles/${row.id}`)).status).toBe(404);
    });

    it('calls extra actions with their row', async () => {
      const row = await article();
      const answer = await admin.post(`/api/articles/${row.id}/publish`);
      expect([answer.status, answer.json()]).toMatchObject([200, { id: row.id, status: 'published' }]);
      expect((await admin.post('/api/articles/0/publish')).status).toBe(404);
      expect((await admin.get('/api/articles/newest')).json()).toMatchObject([{ id: row.id }]);
    });
  });

  describe('nested rows', () => {
    const path = '/api/whole-articles';
    const nested = () => ({
      title: 'Whole',
      author: { name: 'Cid', email: 'cid@example.com', pin: '9' },
      remarks: [{ text: 'good', stars: 5 }, { text: 'bad' }],
      tags: [red.id],
    });

    it('are made with their row', async () => {
      const answer = await admin.post(path, undefined, { json: nested() });
      expect(answer.json()).toMatchObject({
        title: 'Whole',
        author: { name: 'Cid', email: 'cid@example.com' },
        remarks: [
          { text: 'good', stars: 5 },
          { text: 'bad', stars: 0 },
        ],
        tags: [{ id: red.id, name: 'red' }],
      });
      expect(answer.text).not.toContain('pin');
    });

    it('are changed, added and taken away', async () => {
      const made = (await admin.post(path, undefined, { json: nested() })).json<{
        id: number;
        author: { id: number };
        remarks: { id: number }[];
      }>();
      const [first, second] = made.remarks;
      const changed = await admin.patch(`${path}/${made.id}`, {
        json: { author: { name: 'Cyd' }, remarks: [{ id: second!.id, stars: 1 }, { text: 'new' }] },
      });
      expect(changed.json()).toMatchObject({
        author: { id: made.author.id, name: 'Cyd', email: 'cid@example.com' },
        remarks: [{ id: second!.id, text: 'bad', stars: 1 }, { text: 'new' }],
      });
      expect(await app.objects(Remark).filter({ id: first!.id }).exists()).toBe(false);
    });

    it('are refused where they are wrong, with nothing written', async () => {
      const json = {
        ...nested(),
        author: { name: 'Cid', email: 'ada@example.com' },
        remarks: [{ text: 'x' }, { stars: -1, other: 1 }],
      };
      const refused = await admin.post(path, undefined, { json });
      expect([refused.status, Object.keys(refused.json<ProblemBody>().errors).toSorted()]).toEqual([
        400,
        ['author.email', 'remarks.1.other', 'remarks.1.stars', 'remarks.1.text'],
      ]);
      expect([await count(), await app.objects(Author).count()]).toEqual([0, 2]);
    });

    it('of other rows cannot be named', async () => {
      const other = await article({ title: 'Other' });
      const foreign = await app.create(Remark, { article: other, text: 'theirs' });
      const row = await article();
      const refused = await admin.patch(`${path}/${row.id}`, { json: { remarks: [{ id: foreign.id, text: 'mine' }] } });
      expect([refused.status, Object.keys(refused.json<ProblemBody>().errors)]).toEqual([400, ['remarks.0']]);
      expect(await app.objects(Remark).filter({ text: 'theirs' }).exists()).toBe(true);
    });
  });

  describe('access', () => {
    let number = 0;
    const userWith = async (...codenames: string[]): Promise<[TestClient, User]> => {
      number += 1;
      const user = (await app.createUser({ email: `user${number}@example.com` })) as User;
      const permissions = await app.objects(Permission).filter({ codename__in: codenames }).all();
      await app.run(() =>
        app
          .get(Database)
          .related(user, 'permissions')
          .add(...permissions),
      );
      return [await app.login(user), user];
    };

    it('is closed to visitors, and tells them nothing', async () => {
      const row = await article();
      const visitor = app.client();
      const attempts = [
        ['GET', '/api/articles'],
        ['POST', '/api/articles'],
        ['GET', `/api/articles/${row.id}`],
        ['GET', '/api/articles/0'],
        ['PUT', `/api/articles/${row.id}`],
        ['PATCH', '/api/articles/0'],
        ['DELETE', `/api/articles/${row.id}`],
        ['POST', `/api/articles/${row.id}/publish`],
      ] as const;
      for (const [method, path] of attempts) {
        const answer = await visitor.request(method, path, { json: method === 'GET' ? undefined : {} });
        expect([method, path, answer.status, answer.header('content-type')]).toEqual([
          method,
          path,
          401,
          'application/problem+json; charset=utf-8',
        ]);
      }
    });

    it('follows the permissions of the entity', async () => {
      const row = await article();
      const [reader] = await userWith('mag.view_article');
      expect((await reader.get(`/api/articles/${row.id}`)).status).toBe(200);
      for (const [method, path] of [
        ['POST', '/api/articles'],
        ['PATCH', `/api/articles/${row.id}`],
        ['DELETE', `/api/articles/${row.id}`],
        ['POST', `/api/articles/${row.id}/publish`],
      ] as const)
        expect((await reader.request(method, path, { json: {} })).status).toBe(403);
      expect((await app.objects(Article).get({ id: row.id })).status).toBe('draft');
    });

    it('may be public for reading alone', async () => {
      const visitor = app.client();
      expect((await visitor.get('/api/tags')).json<Page>().count).toBe(2);
      expect((await visitor.post('/api/tags', undefined, { json: { name: 'x' } })).status).toBe(401);
    });

    it('hides rows out of the scope of a policy from everything', async () => {
      const [one, user] = await userWith();
      const [other, second] = await userWith();
      const note = await app.create(Note, { text: 'mine', owner: user.id });
      const path = `/api/notes/${note.id}`;
      expect((await one.get('/api/notes')).json<Page>().count).toBe(1);
      expect((await other.get('/api/notes')).json<Page>().count).toBe(0);
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'])
        expect(
          (await other.request(method, path, { json: method === 'GET' ? undefined : { text: 'x', owner: second.id } }))
            .status,
        ).toBe(404);
      const moved = await one.patch(path, { json: { owner: second.id } });
      expect([moved.status, moved.json<ProblemBody>().code]).toEqual([403, 'api.out_of_scope']);
      expect((await one.post('/api/notes', undefined, { json: { text: 'x', owner: second.id } })).status).toBe(403);
      expect(await app.objects(Note).filter({ owner: second.id }).exists()).toBe(false);
    });

    it('hides rows out of the scope of a viewset', async () => {
      const [client, user] = await userWith('mag.view_author');
      const mine = await article({ ownerId: user.id });
      const theirs = await article({ title: 'Theirs', ownerId: user.id + 1 });
      expect((await client.get('/api/mine')).json<Page>().results.map(({ id }) => id)).toEqual([mine.id]);
      expect((await client.get(`/api/mine/${theirs.id}`)).status).toBe(404);
      expect((await client.delete(`/api/mine/${theirs.id}`)).status).toBe(404);
      expect((await client.patch(`/api/mine/${mine.id}`, { json: { ownerId: user.id + 1 } })).status).toBe(403);
    });
  });
});
