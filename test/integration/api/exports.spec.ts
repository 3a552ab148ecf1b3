import { once } from 'node:events';
import { request } from 'node:http';

import { Module } from '@nestjs/common';
import { ModelSerializer, ModelViewSet, Serializer, ViewSet } from 'bowerbird/api';
import { App } from 'bowerbird/orm';
import { type TestApp, type TestClient } from 'bowerbird/testing';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import {
  Article,
  Author,
  AuthorSerializer,
  MagazineModule,
  Note,
  openMagazine,
  Tag,
  TagSerializer,
} from './magazine.js';

/** How many documents were written since the last test began, and at which title it fails. */
const writing = { count: 0, failsAt: '' };

@Serializer(Article, {
  fields: ['title', 'author', 'tags', 'extra', 'rank', 'day', 'body', 'checked'],
  nested: { author: AuthorSerializer, tags: TagSerializer },
})
class RowSerializer extends ModelSerializer<Article> {
  checked(article: Article): boolean {
    writing.count += 1;
    if (article.title === writing.failsAt) throw new Error('This row cannot be written');
    return true;
  }
}

@ViewSet(Article, { path: 'rows', serializer: RowSerializer, filters: ['rank'], ordering: ['rank'] })
class RowViewSet extends ModelViewSet<Article> {}

@ViewSet(Article, { path: 'raw', fields: ['title'], export: { defuse: false, fileName: 'All-articles' } })
class RawViewSet extends ModelViewSet<Article> {}

@ViewSet(Article, { path: 'kept', fields: ['title'], export: false })
class KeptViewSet extends ModelViewSet<Article> {}

@App({ name: 'exports', entities: [] })
@Module({ controllers: [RowViewSet, RawViewSet, KeptViewSet] })
class ExportsModule {}

const CSV = { headers: { accept: 'text/csv' } };
const NDJSON = { headers: { accept: 'application/x-ndjson' } };

eachDatabase((database) => {
  let app: TestApp;
  let admin: TestClient;
  let ada: Author;

  beforeAll(async () => {
    app = await openMagazine(database.url, { apps: [MagazineModule, ExportsModule] });
    admin = await app.login();
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    for (const entity of [Article, Author, Tag, Note]) await app.objects<object>(entity).delete();
    ada = await app.create(Author, { name: 'Ada "A", Lovelace', email: 'ada@example.com' });
    Object.assign(writing, { count: 0, failsAt: '' });
  });

  const article = (values: Partial<Article> = {}) => app.create(Article, { title: 'One', author: ada, ...values });
  const many = (count: number, body = '') =>
    app.objects(Article).bulkCreate(
      Array.from({ length: count }, (_, index) => ({
        title: `Row ${index}`,
        author: ada,
        rank: (index % 7) + 1,
        body,
      })),
    );

  it('writes CSV that a strict parser reads, with columns for single documents inside', async () => {
    const red = await app.create(Tag, { name: 'red' });
    await article({ tags: [red], extra: { a: ['x,"y"'] }, body: 'two\r\nlines, "quoted"', day: '2026-01-02' });
    const answer = await admin.get('/api/rows', CSV);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="rows.csv"',
      'transfer-encoding': 'chunked',
    });
    expect(answer.text.endsWith('\r\n')).toBe(true);
    expect(parse(answer.text, { columns: true, record_delimiter: '\r\n' })).toEqual([
      {
        title: 'One',
        'author.id': `${ada.id}`,
        'author.name': 'Ada "A", Lovelace',
        'author.email': 'ada@example.com',
        tags: JSON.stringify([{ id: red.id, name: 'red' }]),
        extra: '{"a":["x,\\"y\\""]}',
        rank: '1',
        day: '2026-01-02',
        body: 'two\r\nlines, "quoted"',
        checked: 'true',
      },
    ]);
  });

  it('defuses what a spreadsheet would run, unless machines read it', async () => {
    await article({ title: '=HYPERLINK("http://x")' });
    expect((await admin.get('/api/rows?fields=title', CSV)).text).toBe(`title\r\n"'=HYPERLINK(""http://x"")"\r\n`);
    const raw = await admin.get('/api/raw', CSV);
    expect(raw.text).toBe('title\r\n"=HYPERLINK(""http://x"")"\r\n');
    expect(raw.header('content-disposition')).toContain('"All-articles.csv"');
  });

  it('sends the narrowed list whole, in its order, with as many statements for each chunk', async () => {
    await many(1_101);
    const statements = async (path: string) => (await app.queries(() => admin.get(path, NDJSON))).length;
    const [one, three] = [await statements('/api/rows?rank=1'), await statements('/api/rows')];
    expect(three - one).toBe(4);
    const answer = await admin.get('/api/rows?rank__gte=6&ordering=-rank&fields=title,rank', NDJSON);
    const lines = answer.text.trimEnd().split('\n');
    const ranks = lines.map((line) => (JSON.parse(line) as { rank: number }).rank);
    expect(ranks).toEqual([...Array<number>(157).fill(7), ...Array<number>(157).fill(6)]);
    expect(answer.header('content-disposition')).toBeUndefined();
  });

  it('has a parameter for people, and no pages', async () => {
    await article();
    expect((await admin.get('/api/rows?format=csv&fields=title')).text).toBe('title\r\nOne\r\n');
    expect((await admin.get('/api/rows?format=csv&rank=7&fields=title')).text).toBe('title\r\n');
    expect((await admin.get('/api/rows?format=xml')).json()).toMatchObject({
      status: 400,
      errors: { format: [/csv/] },
    });
    const paged = await admin.get('/api/rows?page=2', CSV);
    expect([paged.status, paged.json()]).toMatchObject([400, { errors: { page: [/whole/] } }]);
  });

  it('gives nothing away that the list would not show', async () => {
    await app.create(Note, { text: 'mine', owner: 1 });
    const user = await app.login(await app.createUser({ email: `user-${Date.now()}@example.com` }));
    expect((await user.get('/api/notes', CSV)).text).toBe('id,text,owner\r\n');
    expect((await user.get('/api/rows', CSV)).status).toBe(403);
    expect((await app.client().get('/api/rows', CSV)).status).toBe(401);
    expect((await admin.get('/api/kept', CSV)).status).toBe(406);
    expect((await admin.get('/api/kept?format=csv')).status).toBe(400);
    expect((await admin.get(`/api/rows/${(await article()).id}`, CSV)).status).toBe(406);
  });

  it('cuts the answer off when a row fails in the middle, and answers 500 when the first one does', async () => {
    await many(600);
    writing.failsAt = 'Row 550';
    await expect(admin.get('/api/rows', CSV)).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    writing.failsAt = 'Row 3';
    expect((await admin.get('/api/rows', CSV)).status).toBe(500);
  });

  it('reads no more than the client takes, and stops when it goes away', async () => {
    await many(6_000, 'x'.repeat(4_000));
    await app.allowRepeatedQueries(async () => {
      const outgoing = request(`${app.origin}/api/rows`, {
        headers: { accept: 'text/csv', cookie: admin.cookies.header()! },
        agent: false,
      });
      outgoing.on('error', () => undefined).end();
      const [incoming] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream & { destroy(): void }];
      await once(incoming, 'readable');
      incoming.destroy();
      for (let other = 0; other < 20; other += 1) await admin.get('/api/raw?size=1');
      expect(writing.count).toBeGreaterThan(0);
      expect(writing.count).toBeLessThan(6_000);
    });
  });
});
