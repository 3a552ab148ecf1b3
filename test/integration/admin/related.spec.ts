import { Database } from 'bowerbird/orm';
import { type FormFields, type TestApp, type TestClient, type TestResponse } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { Book, bootLibrary, Genre, make, Publisher, Shelf, staff } from './library.js';

const ADD = '/admin/library/book/add/';
const FIELD = '/admin/autocomplete/?field=library.book.publisher';

interface Found {
  readonly results: readonly { readonly value: string; readonly label: string }[];
  readonly more: boolean;
}

eachDatabase((on) => {
  let app: TestApp;
  let db: Database;
  let root: TestClient;
  let publishers: Publisher[];
  let genres: Genre[];

  beforeAll(async () => {
    app = await bootLibrary({ database: on.url });
    db = app.get(Database);
    root = await app.login();
    const names = Array.from({ length: 45 }, (_, index) => `Publisher ${String(index).padStart(2, '0')}`);
    publishers = await db.save([...names, 'Ängström & <Söhne>'].map((name) => make(Publisher, { name })));
    await db.save(make(Publisher, { name: 'Publisher of secrets', secret: true }));
    genres = await db.save(['Crime', 'Drama', 'Essay'].map((word) => make(Genre, { word })));
  });
  afterAll(() => app?.close());

  const find = async (query: string, client = root): Promise<Found> =>
    (await client.get(`${FIELD}${query}`)).json<Found>();
  const labels = ({ results }: Found): readonly string[] => results.map(({ label }) => label);

  describe('the search for related rows', () => {
    it('answers 20 rows per page in the order of their admin, and whether there are more', async () => {
      const first = await find('&q=publisher');
      expect([first.results.length, first.more, first.results[0]!.label]).toEqual([20, true, 'Publisher 00']);
      const third = await find('&q=publisher&page=3');
      expect([third.results.length, third.more]).toEqual([6, false]);
      expect(await find('&q=publisher&page=4')).toEqual({ results: [], more: false });
    });

    it('finds by the search fields, words in any order and with accents', async () => {
      expect(labels(await find(`&q=${encodeURIComponent('07 publ')}`))).toEqual(['Publisher 07']);
      expect(labels(await find(`&q=${encodeURIComponent('ängström')}`))).toEqual(['Ängström & <Söhne>']);
      expect(labels(await find('&q=&page=x'))).toHaveLength(20);
      expect((await root.get(`${FIELD}&q=%00`)).status).toBe(400);
      expect(labels(await find(`&q=${'x'.repeat(5000)}`))).toEqual([]);
      expect(labels(await find(`&q=${encodeURIComponent(`' or 1=1 --`)}`))).toEqual([]);
    });

    it('shows only rows that the user may choose', async () => {
      const editor = await staff(app, 'editor@example.com', ['library.add_book', 'library.view_publisher']);
      expect(labels(await find('&q=secrets', editor))).toEqual([]);
      expect(labels(await find('&q=secrets'))).toEqual(['Publisher of secrets']);
    });

    it.each([
      ['an unknown app', 'nothing.book.publisher'],
      ['an unknown entity', 'library.nothing.publisher'],
      ['an unknown relation', 'library.book.nothing'],
      ['a plain field', 'library.book.title'],
      ['a relation to what is not in the admin', 'library.book.shelf'],
      ['a path through a relation', 'library.book.publisher.name'],
      ['nothing', ''],
    ])('answers 404 for %s', async (_, field) => {
      expect((await root.get(`/admin/autocomplete/?field=${field}&q=a`)).status).toBe(404);
    });

    it('answers 404 to people who may not edit the one or see the other', async () => {
      const blind = await staff(app, 'blind@example.com', ['library.change_book']);
      const viewer = await staff(app, 'viewer@example.com', ['library.view_book', 'library.view_publisher']);
      for (const client of [blind, viewer]) expect((await client.get(FIELD)).status).toBe(404);
    });

    it('is not kept by caches and takes four statements', async () => {
      expect((await root.get(FIELD)).header('cache-control')).toContain('no-store');
      await app.expectQueries(4, () => root.get(FIELD));
    });
  });

  describe('without scripts', () => {
    const values: FormFields = { title: 'Typed <so far>', pages: 'nonsense', publisher: '', genres: [] };
    const find = (more: FormFields): Promise<TestResponse> => root.submit(ADD, { ...values, ...more });

    it('a button searches, and brings the form back with what was found and typed', async () => {
      const page = await find({ _find: 'publisher', '_search.publisher': '07' });
      expect(page.status).toBe(200);
      expect(page.text).toContain('Typed &lt;so far&gt;');
      expect(page.text).toContain('value="nonsense"');
      expect(page.text).not.toContain('role="alert"');
      const seventh = publishers[7]!.id;
      expect(page.text).toMatch(new RegExp(`type="radio"[^>]*name="publisher" value="${seventh}"> <span>Publisher 07`));
      expect(await db.objects(Book).count()).toBe(0);
    });

    it('Enter in the search box searches as well, and elsewhere saves', async () => {
      const page = await find({ _enter: 1, '_search.genres': 'dra' });
      expect([page.status, page.text.includes('Drama')]).toEqual([200, true]);
      expect((await find({ _enter: 1 })).status).toBe(422);
    });

    it('keeps what was chosen before and says when nothing is found or more is', async () => {
      const page = await find({ genres: [genres[0]!.id], _find: 'genres', '_search.genres': 'zzz' });
      expect(page.text).toMatch(new RegExp(`name="genres" value="${genres[0]!.id}" checked`));
      expect(page.text).toContain('Nothing matches “zzz”.');
      expect((await find({ _find: 'publisher', '_search.publisher': 'publisher' })).text).toContain('More rows match');
    });

    it('refuses to search what is not searched', async () => {
      expect((await find({ _find: 'shelf' })).status).toBe(422);
      expect((await find({ _find: '__proto__' })).status).toBe(422);
    });

    it('a change form keeps its version while searching', async () => {
      const row = await db.save(make(Book, { title: 'Kept', slug: 'kept', publisher: publishers[0]! }));
      const url = `/admin/library/book/${row.id}/change/`;
      const version = (await root.get(url)).field('_version')!;
      const page = await root.post(url, {
        ...values,
        title: 'Typed',
        _version: version,
        _find: 'publisher',
        '_search.publisher': '03',
      });
      expect([page.status, page.field('_version')]).toEqual([200, version]);
      expect((await db.objects(Book).get({ id: row.id })).title).toBe('Kept');
      await db.remove(row);
    });

    it('relations to what is not in the admin are plain lists', async () => {
      const shelf = await db.save(make(Shelf, { name: 'North' }));
      expect((await root.get(ADD)).text).toMatch(new RegExp(`<select name="shelf"[^]*<option value="${shelf.id}">`));
    });
  });

  describe('small windows', () => {
    const popup = '/admin/library/publisher/add/?_popup=1';

    it('have neither navigation nor buttons that lead elsewhere', async () => {
      const { text } = await root.get(popup);
      expect(text).not.toContain('bb-sidebar');
      expect(text).not.toMatch(/_continue|_addanother|Cancel/);
      expect(text).toContain(`action="${popup}"`);
    });

    it('give the new row to the page that opened them', async () => {
      const answer = await root.submit(popup, { name: 'Fresh "&" <New>', secret: '' });
      const { id } = await db.objects(Publisher).get({ name: 'Fresh "&" <New>' });
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(
        `data-action="add" data-entity="library.publisher" data-value="${id}" data-label="Fresh &quot;&amp;&quot; &lt;New&gt;"`,
      );
      expect(answer.text).toMatch(/src="[^"]*saved[^"]*\.js"/);
    });

    it('say so when a row was changed, and show mistakes like any form', async () => {
      const url = `/admin/library/publisher/${publishers[1]!.id}/change/?_popup=1`;
      const version = (await root.get(url)).field('_version');
      expect((await root.post(url, { name: '', _version: version })).status).toBe(422);
      expect((await root.post(url, { name: 'Renamed', _version: version })).text).toContain('data-action="change"');
    });
  });
});
