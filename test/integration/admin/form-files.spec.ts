import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Database } from 'bowerbird/orm';
import { Disks, storageDrivers } from 'bowerbird/storage';
import { type FormFields, type TestApp, type TestClient, type TestFile } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { Book, bootLibrary, make, Publisher } from './library.js';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const cover: TestFile = { name: 'cover.png', content: PNG, type: 'image/png' };
const ADD = '/admin/library/book/add/';

let app: TestApp;
let db: Database;
let root: TestClient;
let folder: string;
let publisher: Publisher;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'library-'));
  app = await bootLibrary({
    storage: { disks: { default: storageDrivers.local({ root: folder, visibility: 'private' }) } },
  });
  db = app.get(Database);
  root = await app.login();
});
afterAll(async () => {
  await app?.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  for (const entity of [Book, Publisher]) await db.objects<object>(entity).delete();
  publisher = await db.save(make(Publisher, { name: 'Ink' }));
});

const values = (more: FormFields = {}): FormFields => ({
  title: 'Covered',
  slug: 'covered',
  status: 'draft',
  pages: 1,
  price: '1',
  publisher: publisher.id,
  ...more,
});
const book = () => db.objects(Book).get();
const stored = (name: string) => app.get(Disks).default.exists(name);

async function add(files: Record<string, TestFile>): Promise<Book> {
  const answer = await root.submit(ADD, values(), { files });
  expect(answer.status).toBe(303);
  return book();
}

async function edit(row: Book, more: FormFields, files?: Record<string, TestFile>): Promise<number> {
  const url = `/admin/library/book/${row.id}/change/`;
  const page = await root.get(url);
  const answer = await root.post(url, values({ _version: page.field('_version'), ...more }), files ? { files } : {});
  return answer.status;
}

it('sends the form as multipart only where it has files', async () => {
  expect((await root.get(ADD)).text).toContain('enctype="multipart/form-data"');
  expect((await root.get('/admin/library/publisher/add/')).text).not.toContain('multipart');
});

it('stores files, shows them with signed addresses, and keeps them', async () => {
  const row = await add({ cover, contract: { name: '../../etc/pass wd.txt', content: 'signed' } });
  expect([row.cover, row.contract]).toEqual([
    expect.stringMatching(/^library\/book\/cover.*\.png$/),
    expect.stringMatching(/^library\/book\/.*txt$/),
  ]);
  const page = await root.get(`/admin/library/book/${row.id}/change/`);
  const href = /<a href="([^"]*cover[^"]*)"/.exec(page.text)![1]!.replaceAll('&amp;', '&');
  expect((await root.get(href)).body.equals(PNG)).toBe(true);
  expect(await edit(row, { title: 'Renamed' })).toBe(303);
  expect(await book()).toMatchObject({ title: 'Renamed', cover: row.cover, contract: row.contract });
});

it('replaces and removes files', async () => {
  const row = await add({ cover, contract: { name: 'a.txt', content: 'one' } });
  expect(await edit(row, {}, { contract: { name: 'b.txt', content: 'two' } })).toBe(303);
  expect((await book()).contract).toMatch(/b.*\.txt$/);
  expect(await edit(row, { 'cover-clear': 'true' })).toBe(303);
  expect((await book()).cover).toBeNull();
});

it('refuses a new file and its removal at once, what is no image, and texts in place of files', async () => {
  const row = await add({ cover });
  expect(await edit(row, { 'cover-clear': 'true' }, { cover })).toBe(422);
  expect(await edit(row, {}, { cover: { name: 'evil.png', content: '<script>' } })).toBe(422);
  expect(await edit(row, {}, { cover: { ...cover, name: 'evil.svg' } })).toBe(422);
  expect(await edit(row, { cover: '/etc/passwd' })).toBe(422);
  expect((await book()).cover).toBe(row.cover);
});

it('leaves no file behind when nothing is saved', async () => {
  await root.submit(ADD, values({ title: 'Forbidden' }), { files: { cover: { ...cover, name: 'left.png' } } });
  expect(await db.objects(Book).count()).toBe(0);
  expect(await stored('library/book/left.png')).toBe(false);
});

it('copies share their files', async () => {
  const row = await add({ cover });
  expect(await edit(row, { _saveasnew: 1, slug: 'copy' })).toBe(303);
  expect(await db.objects(Book).flat('cover').all()).toEqual([row.cover, row.cover]);
});
