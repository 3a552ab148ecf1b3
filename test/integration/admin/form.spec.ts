import { AuditEntry } from 'bowerbird/audit';
import { Database } from 'bowerbird/orm';
import { type FormFields, type TestApp, type TestClient, type TestResponse } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { Book, bootLibrary, Code, Genre, make, Publisher, Seat, Shelf } from './library.js';

const ADD = '/admin/library/book/add/';
const LIST = '/admin/library/book/';

eachDatabase((database) => {
  let app: TestApp;
  let db: Database;
  let root: TestClient;
  let publisher: Publisher;
  let genres: Genre[];

  beforeAll(async () => {
    app = await bootLibrary({ database: database.url });
    db = app.get(Database);
    root = await app.login();
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    for (const entity of [Book, Genre, Publisher, Shelf, Code, Seat, AuditEntry])
      await db.objects<object>(entity).delete();
    publisher = await db.save(make(Publisher, { name: 'Ink & <Sons>' }));
    genres = await db.save(['Crime', 'Drama', 'Essay'].map((word) => make(Genre, { word })));
  });

  const values = (more: FormFields = {}): FormFields => ({
    title: 'Ulysses',
    slug: 'ulysses',
    status: 'draft',
    pages: 700,
    price: '9.50',
    publisher: publisher.id,
    _save: 1,
    ...more,
  });
  const book = (more: Partial<Book> = {}): Promise<Book> =>
    db.save(make(Book, { title: 'Dune', slug: 'dune', publisher, genres: genres.slice(0, 1), ...more }));
  const changeUrl = ({ id }: Book): string => `/admin/library/book/${id}/change/`;
  const reload = (id: number): Promise<Book> =>
    db.objects(Book).selectRelated('publisher', 'shelf').prefetchRelated('genres').get({ id });

  /** Opens the form of a book and posts it with some other values. */
  async function edit(client: TestClient, row: Book, more: FormFields): Promise<TestResponse> {
    const page = await client.get(changeUrl(row));
    return client.post(changeUrl(row), {
      ...(await current(row)),
      _version: page.field('_version'),
      _save: 1,
      ...more,
    });
  }

  /** What a browser would send for a row as it is. */
  async function current(row: Book): Promise<FormFields> {
    const now = await reload(row.id);
    return {
      title: now.title,
      slug: now.slug,
      status: now.status,
      pages: now.pages,
      price: now.price,
      publisher: now.publisher.id,
      genres: now.genres.map(({ id }) => id),
      blurb: now.blurb,
      lent: now.lent === null ? '' : String(now.lent),
      featured: now.featured ? 'true' : undefined,
      serial: now.serial ?? '',
      released: now.released ?? '',
      extra: now.extra === null ? '' : JSON.stringify(now.extra),
    };
  }

  describe('adding', () => {
    it('saves a value of every kind and leads to the list with a linked, escaped name', async () => {
      const shelf = await db.save(make(Shelf, { name: 'East' }));
      const answer = await root.submit(
        ADD,
        values({
          title: 'A <b>bold</b> book',
          blurb: 'Lines\r\nof text',
          status: 'live',
          serial: '9007199254740993',
          weight: '1.25',
          lent: 'true',
          featured: 'true',
          released: '2024-02-29',
          readAt: '07:30',
          printedAt: '2024-02-29T23:59',
          token: '7B5F2A0E-6C1D-4A52-9A43-111213141516',
          extra: '{"a": [1, "ü"]}',
          color: '#AABBCC',
          apiKey: 'k-1',
          shelf: shelf.id,
          place: 4,
          genres: [genres[0]!.id, genres[2]!.id],
        }),
      );
      expect([answer.status, answer.location]).toEqual([303, LIST]);
      const { id } = await db.objects(Book).get();
      const saved = await reload(id);
      expect(saved).toMatchObject({
        title: 'A <b>bold</b> book',
        blurb: 'Lines\nof text',
        status: 'live',
        pages: 700,
        price: expect.stringMatching(/^9\.50?$/) as string,
        weight: 1.25,
        lent: true,
        featured: true,
        token: '7b5f2a0e-6c1d-4a52-9a43-111213141516',
        extra: { a: [1, 'ü'] },
        color: '#aabbcc',
        apiKey: 'k-1',
        owner: 'nobody',
        place: 4,
      });
      expect(String(saved.serial)).toBe('9007199254740993');
      expect(String(saved.released)).toContain('2024-02-29');
      expect(String(saved.readAt)).toMatch(/^07:30/);
      expect(saved.printedAt!.toISOString()).toBe('2024-02-29T23:59:00.000Z');
      expect(saved.shelf!.name).toBe('East');
      expect(saved.genres.map(({ word }) => word).sort()).toEqual(['Crime', 'Essay']);
      const list = await root.get(LIST);
      expect(list.text).toContain(
        `The book was added: <a href="/admin/library/book/${id}/change/">A &lt;b&gt;bold&lt;/b&gt; book</a>`,
      );
    });

    it('continues on the change page, or with another empty form', async () => {
      const more = await root.submit(ADD, values({ _save: undefined, _continue: 1 }));
      const { id } = await db.objects(Book).get();
      expect([more.status, more.location]).toEqual([303, `/admin/library/book/${id}/change/`]);
      const another = await root.submit(ADD, values({ _save: undefined, _addanother: 1, slug: 'other' }));
      expect(another.location).toBe(ADD);
    });

    it('answers 422 with every mistake, in a summary and at its field, and saves nothing', async () => {
      const answer = await root.submit(
        ADD,
        values({
          title: 'x',
          pages: '0',
          publisher: '999999',
          genres: [genres[0]!.id, 'abc'],
          extra: '{',
          released: '2023-02-30',
        }),
      );
      expect(answer.status).toBe(422);
      expect(answer.text).toMatch(/role="alert"/);
      for (const name of ['title', 'pages', 'publisher', 'genres', 'extra', 'released']) {
        expect(answer.text).toContain(`<li><a href="#id_${name}">`);
        expect(answer.text).toMatch(new RegExp(`id="id_${name}"[^>]*aria-describedby="id_${name}_error`));
      }
      expect(answer.text).toMatch(/<details class="bb-card bb-fieldset" open>/);
      expect(answer.text).toContain('value="x"');
      expect(await db.objects(Book).count()).toBe(0);
      expect(await db.objects(AuditEntry).filter({ entity: 'library.book' }).count()).toBe(0);
    });

    it('tells at the field that a unique value is taken, sets of fields included', async () => {
      const shelf = await db.save(make(Shelf, { name: 'East' }));
      await book({ shelf, place: 1 });
      const one = await root.submit(ADD, values({ slug: 'dune' }));
      expect([one.status, one.text.includes('href="#id_slug"')]).toEqual([422, true]);
      const set = await root.submit(ADD, values({ shelf: shelf.id, place: 1 }));
      expect(set.status).toBe(422);
      expect(set.text).toMatch(/shelf, place/i);
      expect(await db.objects(Book).count()).toBe(1);
    });

    // TypeORM makes no check constraints on MySQL.
    it.skipIf(database.dialect === 'mysql')('tells what only the database refuses', async () => {
      const answer = await root.submit(ADD, values({ weight: '-1' }));
      expect([answer.status, await db.objects(Book).count()]).toEqual([422, 0]);
    });

    it('fills an empty slug from the title', async () => {
      await root.submit(ADD, values({ title: 'Ærø & Señor Łukasz’ Straße', slug: '' }));
      expect(await db.objects(Book).flat('slug').all()).toEqual(['aero-senor-lukasz-strasse']);
    });

    it('takes initial values from the address and ignores what is not on the form', async () => {
      const query = `?title=${encodeURIComponent('"><script>')}&pages=12&featured=1&status=live&publisher=${publisher.id}&genres=${genres[0]!.id},${genres[1]!.id}&owner=me&id=7&nothing=1&apiKey=leak`;
      const { status, text } = await root.get(ADD + query);
      expect(status).toBe(200);
      expect(text).toContain('value="&quot;&gt;&lt;script&gt;"');
      expect(text).toMatch(/name="pages" value="12"/);
      expect(text).toMatch(/name="featured"[^>]*checked/);
      expect(text).toMatch(/value="live" selected/);
      expect(text).toContain('Ink &amp; &lt;Sons&gt;');
      expect(text).toMatch(/Crime[^]*Drama/);
      expect(text).not.toContain('leak');
    });

    it('refuses null bytes', async () => {
      const answer = await root.submit(ADD, values({ title: 'a\0b', publisher: '1\0' }));
      expect([answer.status, await db.objects(Book).count()]).toEqual([400, 0]);
    });
  });

  describe('changing', () => {
    it('shows the row and saves what was changed, with its diff in the audit', async () => {
      const row = await book({ blurb: 'x < y', extra: { a: 1 } });
      const page = await root.get(changeUrl(row));
      expect(page.status).toBe(200);
      expect(page.text).toContain('<h1>Dune</h1>');
      expect(page.text).toContain('x &lt; y</textarea>');
      expect(page.text).toContain('Dune!');
      expect(page.text).toContain('Long &lt;b&gt;texts&lt;/b&gt;');
      const answer = await edit(root, row, { title: 'Dune Messiah', genres: [genres[1]!.id] });
      expect([answer.status, answer.location]).toEqual([303, LIST]);
      const saved = await reload(row.id);
      expect([saved.title, saved.slug, saved.genres.map(({ word }) => word)]).toEqual([
        'Dune Messiah',
        'dune',
        ['Drama'],
      ]);
      const [link, change] = await db.objects(AuditEntry).orderBy('-id').slice(0, 2).all();
      expect(change!.changes).toEqual({ title: { before: 'Dune', after: 'Dune Messiah' } });
      expect(link!.action).toBe('link');
    });

    it('keeps the list as it was left', async () => {
      const row = await book();
      const list = encodeURIComponent('q=du&status=live&p=1');
      const url = `${changeUrl(row)}?_list=${list}`;
      const page = await root.get(url);
      expect(page.text).toContain('href="/admin/library/book/?q=du&amp;status=live&amp;p=1"');
      const answer = await root.post(url, { ...(await current(row)), _version: page.field('_version'), title: 'New' });
      expect(answer.location).toBe('/admin/library/book/?q=du&status=live&p=1');
      const away = await root.post(`${changeUrl(row)}?_list=${encodeURIComponent('//evil.example/')}`, {
        ...(await current(row)),
        _version: (await root.get(changeUrl(row))).field('_version'),
      });
      expect(away.location).toBe('/admin/library/book/?//evil.example/');
    });

    it('leaves everything as it was when the database or a hook refuses', async () => {
      const row = await book();
      for (const title of ['Forbidden', 'Explode']) {
        const answer = await edit(root, row, { title, genres: [genres[2]!.id] });
        expect(answer.status).toBe(title === 'Forbidden' ? 422 : 500);
        if (title === 'Forbidden') expect(answer.text).toContain('This title is not allowed here.');
      }
      const saved = await reload(row.id);
      expect([saved.title, saved.genres.map(({ word }) => word)]).toEqual(['Dune', ['Crime']]);
      expect(await db.objects(AuditEntry).filter({ action: 'change' }).count()).toBe(0);
    });

    it('ignores forged fields, ids and read-only parts', async () => {
      const row = await book();
      const answer = await edit(root, row, {
        title: 'Own',
        owner: 'me',
        id: 999,
        createdAt: '2001-01-01',
        shout: 'x',
        __proto__: 'x',
      });
      expect(answer.status).toBe(303);
      const saved = await reload(row.id);
      expect([saved.id, saved.owner, saved.title]).toEqual([row.id, 'nobody', 'Own']);
      expect(saved.createdAt.getUTCFullYear()).toBeGreaterThan(2001);
      expect(await db.objects(Book).count()).toBe(1);
    });

    it('never shows a secret, and keeps it while nothing is entered', async () => {
      const row = await book({ apiKey: 'top-secret' });
      expect((await root.get(changeUrl(row))).text).not.toContain('top-secret');
      await edit(root, row, { title: 'One', apiKey: '' });
      expect((await reload(row.id)).apiKey).toBe('top-secret');
      await edit(root, row, { title: 'Two', apiKey: 'other' });
      expect((await reload(row.id)).apiKey).toBe('other');
    });

    it('saves a copy as a new row', async () => {
      const row = await book();
      const answer = await edit(root, row, { _save: undefined, _saveasnew: 1, slug: 'copy', title: 'Copy' });
      expect(answer.status).toBe(303);
      expect(await db.objects(Book).orderBy('id').flat('title').all()).toEqual(['Dune', 'Copy']);
    });

    it('says that a row is missing and goes on to the list', async () => {
      for (const key of ['987654', 'abc', '%E0%A4%A', '_ZZ', '1~2']) {
        const answer = await root.get(`/admin/library/book/${key}/change/`);
        if (answer.status === 400) continue;
        expect([key, answer.status, answer.location]).toEqual([key, 303, LIST]);
        expect((await root.get(LIST)).text).toContain('There is no book');
      }
      await book({ title: 'Hidden', slug: 'hidden' });
      const hidden = await db.objects(Book).get({ slug: 'hidden' });
      expect((await root.get(changeUrl(hidden))).status).toBe(303);
    });

    it('redirects the short address', async () => {
      const row = await book();
      expect((await root.get(`/admin/library/book/${row.id}/`)).location).toBe(changeUrl(row));
    });
  });

  describe('odd keys', () => {
    it.each(['a/b', '"quoted"', '100%', 'two words', 'ümläut 日本', 'add', '..', '~', "o'clock?#&"])(
      'are found, changed and linked again: %s',
      async (code) => {
        await root.submit('/admin/library/code/add/', { code, note: 'one' });
        const list = await root.get('/admin/library/code/');
        const href = /href="(\/admin\/library\/code\/[^"]+\/change\/)"/.exec(list.text)![1]!;
        const page = await root.get(href);
        expect(page.status).toBe(200);
        const answer = await root.post(href, { note: 'two', code: 'forged', _version: page.field('_version') });
        expect(answer.status).toBe(303);
        expect(await db.objects(Code).values('code', 'note').all()).toEqual([{ code, note: 'two' }]);
      },
    );

    it('may have several parts', async () => {
      await root.submit('/admin/library/seat/add/', { row: 'A~_/', number: 7, note: 'window' });
      const href = /href="(\/admin\/library\/seat\/[^"]+\/change\/)"/.exec(
        (await root.get('/admin/library/seat/')).text,
      )![1]!;
      const answer = await root.post(href, { note: 'aisle', _version: (await root.get(href)).field('_version') });
      expect(answer.status).toBe(303);
      expect(await db.objects(Seat).values('row', 'number', 'note').all()).toEqual([
        { row: 'A~_/', number: 7, note: 'aisle' },
      ]);
    });
  });
});
