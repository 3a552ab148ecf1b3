import { Module } from '@nestjs/common';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Admin, type AdminSiteOptions } from 'bowerbird/admin';
import { ModelViewSet, OpenApi, ViewSet, ViewSets, type OpenApiDocument } from 'bowerbird/api';
import { AuditEntry } from 'bowerbird/audit';
import { Group, Permission, User } from 'bowerbird/auth';
import { CheckFailedError } from 'bowerbird/framework';
import { App, Database } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestClient } from 'bowerbird/testing';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import {
  Book,
  bootLibrary,
  Code,
  Genre,
  LibraryModule,
  make,
  Publisher,
  Seat,
  Shelf,
  staff,
} from '../admin/library.js';

const BOOKS = '/api/library/book';

interface Problem {
  readonly code: string;
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

interface Page {
  readonly count: number;
  readonly results: readonly Record<string, unknown>[];
}

eachDatabase((on) => {
  let app: TestApp;
  let db: Database;
  let root: TestClient;
  let editor: TestClient;
  let viewer: TestClient;
  let bare: TestClient;
  let plain: TestClient;
  let publisher: Publisher;
  let open: Genre;
  let secret: Genre;

  beforeAll(async () => {
    app = await bootLibrary({ database: on.url, admin: { api: true } });
    db = app.get(Database);
    root = await app.login();
    const all = ['add', 'change', 'delete', 'view'].map((does) => `library.${does}_book`);
    editor = await staff(app, 'editor@example.com', [...all, 'library.view_genre', 'library.view_publisher']);
    viewer = await staff(app, 'viewer@example.com', ['library.view_book']);
    bare = await staff(app, 'bare@example.com', []);
    await app.createUser({ email: 'plain@example.com' });
    plain = await app.login({ email: 'plain@example.com' });
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    for (const entity of [Book, Genre, Publisher, Shelf, Code, Seat, AuditEntry])
      await db.objects<object>(entity).delete();
    publisher = await db.save(make(Publisher, { name: 'North' }));
    open = await db.save(make(Genre, { word: 'Crime' }));
    secret = await db.save(make(Genre, { word: 'Hidden', secret: true }));
  });

  const book = (values: Partial<Book> = {}) =>
    db.save(make(Book, { title: 'One', slug: 'one', apiKey: 'sesame', publisher, ...values }));
  const stored = (id: number) => db.objects(Book).get({ id });
  const status = async (answer: Promise<{ readonly status: number }>) => (await answer).status;

  describe('the API of an admin', () => {
    it('shows the key, the form and the list, and no secret', async () => {
      const { id } = await book({ genres: [open] });
      const shown = (await root.get(`${BOOKS}/${id}`)).json<Record<string, unknown>>();
      expect(shown).toMatchObject({ id, title: 'One', publisher: publisher.id, genres: [open.id], owner: 'nobody' });
      expect(Object.keys(shown)).not.toContain('apiKey');
      const page = await root.get(`${BOOKS}?search=on&status=draft&ordering=-title`);
      expect([page.json<Page>().count, page.text.includes('sesame')]).toEqual([1, false]);
      const refused = await root.get(`${BOOKS}?apiKey=sesame&pages__gt=1&owner=nobody`);
      expect(Object.keys(refused.json<Problem>().errors)).toEqual(['apiKey', 'pages__gt', 'owner']);
    });

    it('is closed for visitors, for others than staff, and without the permission', async () => {
      const { id } = await book();
      const walk = async (client: TestClient) =>
        Promise.all([
          status(client.get(BOOKS)),
          status(client.get(`${BOOKS}/${id}`)),
          status(client.get(`${BOOKS}/999999`)),
          status(client.post(BOOKS, undefined, { json: { title: 'Two' } })),
          status(client.put(`${BOOKS}/${id}`, { json: { title: 'Two' } })),
          status(client.patch(`${BOOKS}/${id}`, { json: { title: 'Two' } })),
          status(client.delete(`${BOOKS}/${id}`)),
        ]);
      expect(new Set(await walk(app.client()))).toEqual(new Set([401]));
      for (const client of [plain, bare]) expect(new Set(await walk(client))).toEqual(new Set([403]));
      expect(await walk(viewer)).toEqual([200, 200, 404, 403, 403, 403, 403]);
      expect(await stored(id)).toMatchObject({ title: 'One' });
    });

    it('lets who may change rows view them, as the admin does', async () => {
      const { id } = await book();
      const changer = await staff(app, 'changer@example.com', ['library.change_book']);
      expect(await status(changer.get(`${BOOKS}/${id}`))).toBe(200);
      expect(await status(changer.delete(`${BOOKS}/${id}`))).toBe(403);
    });

    it('knows no row that the admin hides', async () => {
      const { id } = await book({ title: 'Hidden' });
      for (const client of [root, editor]) {
        expect((await client.get(BOOKS)).json<Page>().count).toBe(0);
        expect(await status(client.get(`${BOOKS}/${id}`))).toBe(404);
        expect(await status(client.patch(`${BOOKS}/${id}`, { json: { title: 'Seen' } }))).toBe(404);
        expect(await status(client.delete(`${BOOKS}/${id}`))).toBe(404);
      }
      const visible = await book({ slug: 'two' });
      expect(await status(editor.patch(`${BOOKS}/${visible.id}`, { json: { title: 'Hidden' } }))).toBe(403);
      expect((await stored(visible.id)).title).toBe('One');
    });

    it('asks policies about single rows', async () => {
      const { id } = await book({ title: 'Locked' });
      expect(await status(editor.get(`${BOOKS}/${id}`))).toBe(200);
      expect(await status(editor.patch(`${BOOKS}/${id}`, { json: { pages: 2 } }))).toBe(403);
      expect(await status(root.patch(`${BOOKS}/${id}`, { json: { pages: 2 } }))).toBe(200);
    });

    it('makes, replaces, changes and deletes, with entries in the audit', async () => {
      const values = { title: 'Made', slug: 'made', publisher: publisher.id, genres: [open.id], apiKey: 'key' };
      const made = await editor.post(BOOKS, undefined, { json: values });
      expect(made.status).toBe(201);
      const { id } = made.json<{ readonly id: number }>();
      expect(made.text).not.toContain('"key"');
      expect(await status(editor.patch(`${BOOKS}/${id}`, { json: { title: 'Changed' } }))).toBe(200);
      const replaced = await editor.put(`${BOOKS}/${id}`, { json: { ...values, title: 'Replaced' } });
      expect([replaced.status, replaced.json()]).toMatchObject([200, { title: 'Replaced', genres: [open.id] }]);
      expect(await status(editor.delete(`${BOOKS}/${id}`))).toBe(204);
      const entries = await db.objects(AuditEntry).filter({ entity: 'library.book' }).orderBy('id').all();
      expect(entries.map(({ action }) => action).filter((action) => action !== 'link')).toEqual([
        'add',
        'change',
        'change',
        'delete',
      ]);
      expect(new Set(entries.map(({ actorLabel }) => actorLabel))).toEqual(new Set(['editor@example.com']));
      expect(JSON.stringify(entries)).not.toContain('"key"');
    });

    it('leaves alone what is read only, for everybody or for this user', async () => {
      const { id } = await book({ price: '2.50' });
      const json = { id: 77, owner: 'me', createdAt: '2001-01-01T00:00:00Z', price: '9.00', title: 'New' };
      expect((await editor.patch(`${BOOKS}/${id}`, { json })).json()).toMatchObject({
        id,
        owner: 'nobody',
        price: '2.50',
        title: 'New',
      });
      expect((await root.patch(`${BOOKS}/${id}`, { json })).json()).toMatchObject({ owner: 'nobody', price: '9.00' });
    });

    it('takes secrets, and keeps them where nothing is sent', async () => {
      const { id } = await book();
      const key = async () => (await db.objects(Book).values('apiKey').get({ id })).apiKey;
      await editor.patch(`${BOOKS}/${id}`, { json: { title: 'Two' } });
      expect(await key()).toBe('sesame');
      expect((await editor.patch(`${BOOKS}/${id}`, { json: { apiKey: 'other' } })).text).not.toContain('other');
      expect(await key()).toBe('other');
    });

    it('runs the hooks of the admin class in the transaction', async () => {
      const values = { slug: 'made', publisher: publisher.id };
      const refused = await root.post(BOOKS, undefined, { json: { ...values, title: 'Forbidden' } });
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('not allowed here') as unknown]);
      expect(await status(root.post(BOOKS, undefined, { json: { ...values, title: 'Explode' } }))).toBe(500);
      expect(await db.objects(Book).count()).toBe(0);
    });

    it('names what is wrong with input', async () => {
      await book();
      const json = { title: 'x', slug: 'one', pages: 0, publisher: 999999, nothing: 1 };
      const refused = await editor.post(BOOKS, undefined, { json });
      expect(refused.status).toBe(400);
      expect(Object.keys(refused.json<Problem>().errors).sort()).toEqual([
        'nothing',
        'pages',
        'publisher',
        'slug',
        'title',
      ]);
    });

    it('links only rows that the user may choose, and keeps links to others', async () => {
      const { id } = await book({ genres: [open, secret] });
      const other = await db.save(make(Genre, { word: 'Essay' }));
      const genres = async () =>
        (await db.related(await stored(id), 'genres').keys()).map(Number).sort((a, b) => a - b);
      expect((await editor.get(`${BOOKS}/${id}`)).json()).toMatchObject({ genres: [open.id] });
      expect(await status(editor.patch(`${BOOKS}/${id}`, { json: { genres: [other.id] } }))).toBe(200);
      expect(await genres()).toEqual([secret.id, other.id]);
      const forged = await editor.patch(`${BOOKS}/${id}`, { json: { genres: [secret.id] } });
      expect([forged.status, Object.keys(forged.json<Problem>().errors)]).toEqual([400, ['genres']]);
      // Who may not see genres cannot change the links to them, and is shown none.
      const blind = await staff(app, `blind-${on.dialect}@example.com`, ['library.change_book', 'library.view_book']);
      const answer = await blind.patch(`${BOOKS}/${id}`, { json: { genres: [], pages: 7 } });
      expect([answer.status, answer.json()]).toMatchObject([200, { genres: [], pages: 7 }]);
      expect(await genres()).toEqual([secret.id, other.id]);
    });

    it('refuses to delete what others refer to', async () => {
      await book();
      const refused = await root.delete(`/api/library/publisher/${publisher.id}`);
      expect([refused.status, await db.objects(Publisher).count()]).toEqual([409, 1]);
    });

    it('names rows by keys of text and of several columns', async () => {
      await db.save(make(Code, { code: 'a/b c', note: 'x' }));
      expect((await root.get(`/api/library/code/${encodeURIComponent('a/b c')}`)).json()).toMatchObject({ note: 'x' });
      expect((await root.post('/api/library/seat', undefined, { json: [] })).json()).toEqual([]);
      const made = await root.post('/api/library/seat', undefined, { json: { row: 'A', number: 3, note: 'n' } });
      expect(made.status).toBe(201);
      const key = encodeURIComponent(JSON.stringify({ row: 'A', number: '3' }));
      const changed = await root.patch(`/api/library/seat/${key}`, { json: { row: 'B', note: 'm' } });
      expect(changed.json()).toEqual({ row: 'A', number: 3, note: 'm' });
    });

    it('takes as many statements for many rows as for one', async () => {
      const statements = async () => (await app.queries(() => editor.get(BOOKS))).length;
      await book({ genres: [open] });
      const one = await statements();
      await book({ slug: 'two', genres: [open] });
      await book({ slug: 'three' });
      expect(await statements()).toBe(one);
    });
  });

  describe('accounts in the API', () => {
    const USERS = '/api/auth/user';

    it('are changed and not made, without their passwords', async () => {
      const user = await app.createUser({ email: `someone-${on.dialect}@example.com` });
      expect(await status(root.post(USERS, undefined, { json: { email: 'new@example.com' } }))).toBe(405);
      const shown = await root.get(`${USERS}/${user.id}`);
      expect(shown.json()).toMatchObject({ email: user.email, isStaff: false });
      expect(shown.text).not.toMatch(/password|argon|scrypt/i);
      expect((await root.patch(`${USERS}/${user.id}`, { json: { password: 'x' } })).status).toBe(400);
    });

    it('give nobody more power than they have', async () => {
      const rights = ['auth.view_user', 'auth.change_user', 'auth.view_permission', 'auth.view_group'];
      const clerk = await staff(app, `clerk-${on.dialect}@example.com`, rights);
      const own = await db.objects(User).get({ email: `clerk-${on.dialect}@example.com` });
      const delete_ = await db.objects(Permission).filter({ codename: 'library.delete_book' }).first();
      const group = await db.save(make(Group, { name: `Power ${on.dialect}`, permissions: [delete_!] }));
      const answer = await clerk.patch(`${USERS}/${own.id}`, { json: { isSuperuser: true, firstName: 'Clerk' } });
      expect([answer.status, answer.json()]).toMatchObject([200, { isSuperuser: false, firstName: 'Clerk' }]);
      expect(await status(clerk.patch(`${USERS}/${own.id}`, { json: { groups: [group.id] } }))).toBe(400);
      expect(await status(clerk.patch(`${USERS}/${own.id}`, { json: { permissions: [delete_!.id] } }))).toBe(400);
      const boss = await app.createUser({ email: `boss-${on.dialect}@example.com`, isSuperuser: true });
      expect(await status(clerk.patch(`${USERS}/${boss.id}`, { json: { email: 'mine@example.com' } }))).toBe(403);
    });
  });
});

@Entity('notes_note')
@Admin({ list: ['text'], api: { path: 'notes', actions: ['list', 'create'] } })
class Remark {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) text: string;
}

@Entity('notes_kept')
@Admin({ api: false })
class Kept {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) text: string;
}

@App({ name: 'notes', entities: [Remark, Kept] })
@Module({})
class NotesModule {}

describe('the option `api` of an admin', () => {
  let app: TestApp;
  let root: TestClient;
  let document: OpenApiDocument;

  beforeAll(async () => {
    app = await createTestApp({ apps: [NotesModule, LibraryModule] });
    await app.get(Database).dataSource.synchronize();
    root = await app.login();
    document = await app.get(OpenApi).document();
  });
  afterAll(() => app?.close());

  it('says the path and the actions, entity by entity', async () => {
    expect((await root.post('/api/notes', undefined, { json: { text: 'Hello' } })).status).toBe(201);
    expect((await root.get('/api/notes')).json<Page>().results).toMatchObject([{ text: 'Hello' }]);
    expect((await root.get('/api/notes/1')).status).toBe(404);
    for (const path of ['/api/notes/kept', BOOKS]) expect((await root.get(path)).status).toBe(404);
  });

  it('is described like any other viewset', async () => {
    expect(Object.keys(document.paths)).toEqual(['/api/notes']);
    expect(Object.keys(document.paths['/api/notes']!).filter((name) => name !== 'parameters')).toEqual(['get', 'post']);
    const whole = await createTestApp({ apps: [NotesModule, LibraryModule], admin: { api: true } });
    const described = await whole.get(OpenApi).document();
    await whole.close();
    expect(await new Validator().validate(structuredClone(described) as never)).toMatchObject({ valid: true });
    expect(Object.keys(described.paths)).toEqual(
      expect.arrayContaining(['/api/notes', BOOKS, `${BOOKS}/{key}`, '/api/auth/user', '/api/auth/group/{key}']),
    );
    expect(Object.keys(described.paths)).not.toContain('/api/notes/kept');
    const read = described.components.schemas['LibraryBook'] as { readonly properties: object };
    expect(Object.keys(read.properties)).not.toContain('apiKey');
  });

  it('leads from the admin to the pages that show the API, for who may read them', async () => {
    expect((await root.get('/admin/')).text).toContain('href="/api/docs"');
    const closed = await createTestApp({ apps: [NotesModule], api: { docs: { access: { permissions: ['a.b_c'] } } } });
    const clerk = await closed.createUser({ email: 'clerk@example.com', isStaff: true });
    expect((await (await closed.login(clerk)).get('/admin/')).text).not.toContain('/api/docs');
    await closed.close();
  });
});

/** The ids of what stops the boot of an application. */
async function findings(settings: Parameters<typeof createTestApp>[0]): Promise<readonly string[]> {
  try {
    await (await createTestApp(settings)).close();
    return [];
  } catch (error) {
    if (!(error instanceof CheckFailedError)) throw error;
    return error.report.errors.map(({ id }) => id);
  }
}

/** An application with the API of an admin, and a viewset of its own at a path. */
function withOwn(path: string): Parameters<typeof createTestApp>[0] {
  @ViewSet(Remark, { path, fields: ['id', 'text'] })
  class OwnViewSet extends ModelViewSet<Remark> {}
  @App({ name: 'own', entities: [] })
  @Module({ controllers: [OwnViewSet] })
  class OwnModule {}
  return { apps: [NotesModule, OwnModule] };
}

/** An application whose accounts are in the API by wrong options. */
function withOptions(api: unknown): Parameters<typeof createTestApp>[0] {
  const register = [{ entity: Shelf, options: { api } }] as unknown as AdminSiteOptions['register'];
  return { apps: [LibraryModule], admin: { register: register! } };
}

describe('the boot', () => {
  it('stops where a viewset has the path already', async () => {
    expect(await findings(withOwn('notes'))).toEqual(['api.E014']);
    const both = await createTestApp(withOwn('remarks'));
    // References that are written as addresses lead to the first one.
    expect(
      both
        .get(ViewSets)
        .all()
        .map(({ path }) => path),
    ).toEqual(['/api/remarks', '/api/notes']);
    await both.close();
  });

  it('stops where the option is wrong', async () => {
    expect(await findings(withOptions({ path: '/shelves' }))).toEqual(['admin.E007']);
    expect(await findings(withOptions({ actions: ['list', 'remove'], filters: [] }))).toEqual([
      'admin.E007',
      'admin.E007',
    ]);
    const register = [{ entity: User, options: { api: { actions: ['create'] as const } } }];
    expect(await findings({ apps: [LibraryModule], admin: { register } })).toEqual(['admin.E007']);
    expect(await findings(withOptions({ actions: ['list'] }))).toEqual([]);
  });

  it('stops where the API is off', async () => {
    expect(await findings({ apps: [NotesModule], api: false })).toEqual(['framework.E006']);
  });
});
