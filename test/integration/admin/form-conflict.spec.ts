import { AuditEntry } from 'bowerbird/audit';
import { Database } from 'bowerbird/orm';
import { type FormFields, type TestApp, type TestClient, type TestResponse } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { Book, bootLibrary, Genre, make, Publisher, staff } from './library.js';

/** A form as a browser has loaded it. */
interface LoadedForm {
  readonly client: TestClient;
  readonly fields: FormFields;
}

eachDatabase((database) => {
  let app: TestApp;
  let db: Database;
  let ann: TestClient;
  let bob: TestClient;
  let publisher: Publisher;
  let genres: Genre[];
  let row: Book;
  let url: string;

  beforeAll(async () => {
    app = await bootLibrary({ database: database.url });
    db = app.get(Database);
    const permissions = ['library.change_book', 'library.view_publisher', 'library.view_genre'];
    ann = await staff(app, 'ann@example.com', permissions);
    bob = await staff(app, 'bob@example.com', permissions);
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    for (const entity of [Book, Genre, Publisher, AuditEntry]) await db.objects<object>(entity).delete();
    publisher = await db.save(make(Publisher, { name: 'Ink' }));
    genres = await db.save(['Crime', 'Drama', 'Essay'].map((word) => make(Genre, { word })));
    row = await db.save(
      make(Book, { title: 'Dune', slug: 'dune', publisher, genres: [genres[0]!], extra: { a: 1, b: 2 } }),
    );
    url = `/admin/library/book/${row.id}/change/`;
  });

  async function load(client: TestClient): Promise<LoadedForm> {
    const page = await client.get(url);
    expect(page.status).toBe(200);
    return { client, fields: fieldsOf(page) };
  }

  /** The fields that these tests send, as the page has them. */
  function fieldsOf(page: TestResponse): FormFields {
    const rows = (name: string) =>
      [...page.text.matchAll(new RegExp(`name="${name}" value="([^"]*)" checked`, 'g'))].map(([, value]) => value!);
    return {
      _version: page.field('_version'),
      title: page.field('title'),
      slug: page.field('slug'),
      pages: page.field('pages'),
      price: page.field('price'),
      status: 'draft',
      publisher: rows('publisher'),
      genres: rows('genres'),
      extra: '{"a":1,"b":2}',
    };
  }

  const send = ({ client, fields }: LoadedForm, more: FormFields): Promise<TestResponse> =>
    client.post(url, { ...fields, _save: 1, ...more });
  const now = (): Promise<Book> => db.objects(Book).prefetchRelated('genres').get({ id: row.id });
  const words = (book: Book): readonly string[] => book.genres.map(({ word }) => word).sort();

  it('refuses a form that was overtaken, and shows what changed and by whom', async () => {
    const [first, second] = [await load(ann), await load(bob)];
    expect((await send(first, { title: 'Dune <1>' })).status).toBe(303);
    const answer = await send(second, { title: 'Dune 2', pages: 300 });
    expect(answer.status).toBe(409);
    expect((await now()).title).toBe('Dune <1>');
    const table = /<table class="bb-conflict-table">[^]*<\/table>/.exec(answer.text)![0];
    expect(table).toMatch(/Title[^]*Dune 2[^]*Dune &lt;1&gt;[^]*ann@example\.com, /);
    expect(table).not.toContain('Pages');
    expect(answer.text).toContain('your entries in Pages');
  });

  it('goes on from the current data, with the entries that collide with nothing', async () => {
    const [first, second] = [await load(ann), await load(bob)];
    await send(first, { title: 'Dune 1' });
    const conflict = await send(second, { title: 'Dune 2', pages: 300, genres: [genres[1]!.id] });
    const again = fieldsOf(conflict);
    expect(again).toMatchObject({ title: 'Dune 1', pages: '300', genres: [String(genres[1]!.id)] });
    expect((await send({ client: bob, fields: again }, {})).status).toBe(303);
    const saved = await now();
    expect([saved.title, saved.pages, words(saved)]).toEqual(['Dune 1', 300, ['Drama']]);
  });

  it('does not undo what others changed in fields that were left alone', async () => {
    const [first, second] = [await load(ann), await load(bob)];
    await send(first, { title: 'Dune 1' });
    const answer = await send(second, { pages: 300 });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('(not changed by you)');
    expect((await now()).title).toBe('Dune 1');
  });

  it('guards many-to-many links as well', async () => {
    const [first, second] = [await load(ann), await load(bob)];
    await send(first, { genres: [genres[0]!.id, genres[1]!.id] });
    const answer = await send(second, { genres: [genres[2]!.id] });
    expect(answer.status).toBe(409);
    expect(answer.text).toMatch(/Genres[^]*Essay[^]*Crime[^]*Drama/);
    expect(words(await now())).toEqual(['Crime', 'Drama']);
  });

  it('guards against changes that no form made', async () => {
    const form = await load(ann);
    await db.objects(Book).filter({ id: row.id }).update({ price: '12.00' });
    expect((await send(form, { title: 'New', price: '0.50' })).status).toBe(409);
    await db.objects(Book).filter({ id: row.id }).update({ owner: 'somebody' });
    expect((await send(await load(ann), { title: 'New' })).status).toBe(303);
  });

  it('takes the same form twice without complaint and without a second change', async () => {
    const form = await load(ann);
    expect((await send(form, { title: 'Once' })).status).toBe(303);
    const entries = await db.objects(AuditEntry).count();
    expect((await send(form, { title: 'Once' })).status).toBe(303);
    expect(await db.objects(AuditEntry).count()).toBe(entries);
  });

  it('lets exactly one of several people win who save at the same moment', async () => {
    const forms = await Promise.all(Array.from({ length: 6 }, (_, index) => load(index % 2 ? ann : bob)));
    const answers = await Promise.all(
      forms.map((form, index) => send(form, { title: `Title ${index}`, genres: [genres[index % 3]!.id] })),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(303), count(409)]).toEqual([1, 5]);
    const winner = answers.findIndex(({ status }) => status === 303);
    const saved = await now();
    expect([saved.title, words(saved)]).toEqual([`Title ${winner}`, [genres[winner % 3]!.word]]);
  });

  it('treats a missing, forged or foreign version as overtaken', async () => {
    const other = await db.save(make(Book, { title: 'Other', slug: 'other', publisher }));
    const foreign = (await ann.get(`/admin/library/book/${other.id}/change/`)).field('_version')!;
    const form = await load(ann);
    for (const version of [undefined, '', 'x.y.z', `${String(form.fields['_version'])}x`, foreign]) {
      const answer = await send(form, { title: 'Forged', _version: version });
      expect([version, answer.status]).toEqual([version, 409]);
    }
    expect((await now()).title).toBe('Dune');
  });

  it('keeps the version over a mistake, so that it is still guarded', async () => {
    const [first, second] = [await load(ann), await load(bob)];
    const mistake = await send(second, { title: 'x' });
    expect([mistake.status, mistake.field('_version')]).toEqual([422, second.fields['_version']]);
    await send(first, { title: 'Dune 1' });
    expect((await send({ client: bob, fields: fieldsOf(mistake) }, { title: 'Dune 2' })).status).toBe(409);
  });

  it('says that a row was deleted meanwhile', async () => {
    const form = await load(ann);
    await db.remove(await now());
    const answer = await send(form, { title: 'Late' });
    expect([answer.status, answer.location]).toEqual([303, '/admin/library/book/']);
    expect((await ann.get('/admin/library/book/')).text).toContain(
      'Nothing was saved: this book was deleted in the meantime.',
    );
    expect(await db.objects(Book).count()).toBe(0);
  });

  it('saves both when two people change different rows at once', async () => {
    const rows = await db.save(
      Array.from({ length: 10 }, (_, index) => make(Book, { title: `Row ${index}`, slug: `row-${index}`, publisher })),
    );
    const answers = await Promise.all(
      rows.map(async ({ id }, index) => {
        const page = await ann.get(`/admin/library/book/${id}/change/`);
        return ann.post(`/admin/library/book/${id}/change/`, { ...fieldsOf(page), extra: '', title: `Done ${index}` });
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 303));
    expect(await db.objects(Book).filter({ title__startswith: 'Done' }).count()).toBe(10);
  });
});
