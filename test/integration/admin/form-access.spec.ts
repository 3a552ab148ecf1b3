import { Database } from 'bowerbird/orm';
import { type FormFields, type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { Book, bootLibrary, Genre, make, Publisher, Shelf, staff } from './library.js';

const ADD = '/admin/library/book/add/';
const RELATED = ['library.view_publisher', 'library.view_genre'];

let app: TestApp;
let db: Database;
let root: TestClient;
let publisher: Publisher;
let covert: Publisher;
let row: Book;
let url: string;

beforeAll(async () => {
  app = await bootLibrary();
  db = app.get(Database);
  root = await app.login();
});
afterAll(() => app?.close());
beforeEach(async () => {
  for (const entity of [Book, Genre, Publisher, Shelf]) await db.objects<object>(entity).delete();
  publisher = await db.save(make(Publisher, { name: 'Ink' }));
  covert = await db.save(make(Publisher, { name: 'Covert Press', secret: true }));
  row = await db.save(make(Book, { title: 'Dune', slug: 'dune', publisher, genres: [] }));
  url = `/admin/library/book/${row.id}/change/`;
});

let accounts = 0;
const member = (...codenames: string[]): Promise<TestClient> =>
  staff(
    app,
    `member-${(accounts += 1)}@example.com`,
    codenames.map((name) => (name.includes('.') ? name : `library.${name}`)),
  );
const values = (more: FormFields = {}): FormFields => ({
  title: 'New',
  slug: 'new',
  status: 'draft',
  pages: 1,
  price: '1',
  publisher: publisher.id,
  ...more,
});
const buttons = (text: string): readonly string[] =>
  ['_save', '_saveasnew', '_continue', '_addanother'].filter((name) => text.includes(`name="${name}"`));

async function edit(client: TestClient, more: FormFields): Promise<number> {
  const page = await client.get(url);
  const answer = await client.post(url, {
    ...values({ title: 'Dune', slug: 'dune', price: '0' }),
    _version: page.field('_version'),
    ...more,
  });
  return answer.status;
}

describe('permissions', () => {
  it('show a page without a form to people who may only view', async () => {
    const viewer = await member('view_book', ...RELATED);
    const page = await viewer.get(url);
    expect(page.status).toBe(200);
    expect(page.text).toContain('View only');
    expect(page.text).toContain('Dune');
    expect(page.text).not.toContain('<form class="bb-form"');
    expect(page.text).not.toMatch(/name="(title|_save|_version)"/);
    expect(page.text).not.toContain('/delete/');
    expect((await viewer.post(url, values())).status).toBe(403);
    expect((await viewer.get(ADD)).status).toBe(403);
    expect((await viewer.post(ADD, values())).status).toBe(403);
    expect(await db.objects(Book).flat('title').all()).toEqual(['Dune']);
  });

  it.each([
    [['view_book'], []],
    [['change_book'], ['_save', '_continue']],
    [
      ['change_book', 'add_book'],
      ['_save', '_saveasnew', '_continue', '_addanother'],
    ],
    [
      ['change_book', 'delete_book'],
      ['_save', '_continue'],
    ],
  ])('decide which buttons the change page has: %s', async (codenames, expected) => {
    const client = await member(...codenames, ...RELATED);
    const { text } = await client.get(url);
    expect(buttons(text)).toEqual(expected);
    expect(text.includes(`/admin/library/book/${row.id}/delete/`)).toBe(codenames.includes('delete_book'));
  });

  it('decide which buttons the add page has, and where saving leads', async () => {
    const adder = await member('add_book', ...RELATED);
    expect(buttons((await adder.get(ADD)).text)).toEqual(['_save', '_addanother']);
    const answer = await adder.submit(ADD, values({ _continue: 1 }));
    expect([answer.status, answer.location]).toEqual([303, '/admin/']);
    expect((await adder.get('/admin/')).text).toContain('The book “New” was added.');
  });

  it('are asked about the single row', async () => {
    const locked = await db.save(make(Book, { title: 'Locked', slug: 'locked', publisher }));
    const editor = await member('change_book', 'view_book', ...RELATED);
    const address = `/admin/library/book/${locked.id}/change/`;
    expect((await editor.get(address)).text).toContain('View only');
    expect((await editor.post(address, values())).status).toBe(403);
  });

  it('refuse "save as new" to people who may not add', async () => {
    const editor = await member('change_book', ...RELATED);
    expect(await edit(editor, { _saveasnew: 1, slug: 'copy' })).toBe(403);
    expect(await db.objects(Book).count()).toBe(1);
  });

  it('send visitors to the login', async () => {
    for (const path of [url, ADD, '/admin/autocomplete/?field=library.book.publisher'])
      expect((await app.client().get(path)).location).toContain('/accounts/login/');
  });

  it('keep fields that are read-only for some from being forged', async () => {
    const user = await staff(app, `editor-${(accounts += 1)}@example.com`, ['library.change_book', ...RELATED]);
    expect((await user.get(url)).text).not.toContain('name="price"');
    expect(await edit(user, { price: '99', title: 'Kept' })).toBe(303);
    const saved = await db.objects(Book).get({ id: row.id });
    expect([Number(saved.price), saved.title]).toEqual([0, 'Kept']);
  });
});

describe('related rows', () => {
  it('outside of the scope cannot be chosen', async () => {
    const editor = await member('change_book', 'add_book', ...RELATED);
    expect((await editor.submit(ADD, values({ publisher: covert.id }))).status).toBe(422);
    expect(await edit(editor, { publisher: covert.id })).toBe(422);
    const page = await editor.get(`${ADD}?publisher=${covert.id}`);
    expect(page.text).not.toContain('Covert Press');
    expect((await db.objects(Book).selectRelated('publisher').get()).publisher.name).toBe('Ink');
  });

  it('outside of the scope stay where they are, without a name', async () => {
    const [open, hidden] = await db.save([
      make(Genre, { word: 'Open' }),
      make(Genre, { word: 'Covert', secret: true }),
    ]);
    row.publisher = covert;
    await db.save(row);
    await db.related(row, 'genres').set([open, hidden]);
    const editor = await member('change_book', ...RELATED);
    const page = await editor.get(url);
    expect(page.text).not.toContain('Covert');
    expect(page.text).toContain('A row that you may not see');
    expect(await edit(editor, { title: 'Other', publisher: covert.id, genres: [] })).toBe(303);
    const saved = await db.objects(Book).selectRelated('publisher').prefetchRelated('genres').get({ id: row.id });
    expect([saved.title, saved.publisher.name, saved.genres.map(({ word }) => word)]).toEqual([
      'Other',
      'Covert Press',
      ['Covert'],
    ]);
  });

  it('cannot be changed by people who may not see their kind', async () => {
    const editor = await member('change_book');
    const other = await db.save(make(Publisher, { name: 'Other' }));
    const page = await editor.get(url);
    expect(page.text).not.toContain('name="publisher"');
    expect(await edit(editor, { publisher: other.id, title: 'Edited' })).toBe(303);
    const saved = await db.objects(Book).selectRelated('publisher').get({ id: row.id });
    expect([saved.title, saved.publisher.name]).toEqual(['Edited', 'Ink']);
  });

  it('have links beside them by permission', async () => {
    const links = async (...codenames: string[]) => {
      const { text } = await (await member('change_book', 'view_genre', ...codenames)).get(url);
      return [...text.matchAll(/<a href="([^"]+)"[^>]*data-bb-related="(\w+)"[^>]*data-field="publisher"/g)].map(
        ([, href]) => href,
      );
    };
    const open = `/admin/library/publisher/${publisher.id}/change/?_popup=1`;
    expect(await links('view_publisher')).toEqual([open]);
    expect(await links('view_publisher', 'add_publisher')).toEqual(['/admin/library/publisher/add/?_popup=1', open]);
  });
});

describe('the page', () => {
  it('has no scripts or styles inline, whatever it shows', async () => {
    const evil = '<script>alert(1)</script>"\'';
    await db.save(Object.assign(row, { title: evil, blurb: evil, extra: { evil } }));
    for (const path of [url, ADD, `${url}?_popup=1`, `${ADD}?title=${encodeURIComponent(evil)}`]) {
      const { text } = await root.get(path);
      expect(text).not.toMatch(/<script(?![^>]*\ssrc=)/);
      expect(text).not.toMatch(/<style|\sstyle=|\son\w+=/);
    }
  });

  it('needs at most eight statements, however many rows there are', async () => {
    const genres = await db.save(Array.from({ length: 60 }, (_, index) => make(Genre, { word: `Genre ${index}` })));
    await db.save(Array.from({ length: 60 }, (_, index) => make(Publisher, { name: `Publisher ${index}` })));
    await db.related(row, 'genres').set(genres.slice(0, 5));
    const few = await app.queries(() => root.get(url));
    await db.related(row, 'genres').set(genres);
    await app.expectQueries(8, () => root.get(url));
    expect((await app.queries(() => root.get(url))).length).toBe(few.length);
    const editor = await member('change_book', ...RELATED);
    await app.expectQueries(8, () => editor.get(url));
    await app.expectQueries(8, () => root.get(ADD));
  });

  it('never loads the rows of a relation that is searched', async () => {
    await db.save(Array.from({ length: 30 }, (_, index) => make(Publisher, { name: `Publisher ${index}` })));
    expect((await root.get(url)).text).not.toContain('Publisher 7');
  });

  it('links to the page of the row on the site', async () => {
    expect((await root.get(url)).text).toContain('href="/books/dune"');
  });
});
