import { Module } from '@nestjs/common';
import { Action, IdempotencyRecord, ModelViewSet, ViewSet } from 'bowerbird/api';
import { App } from 'bowerbird/orm';
import { type RequestOptions, type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { Author, MagazineModule, openMagazine, Tag } from './magazine.js';

/** Calls of the extra action. */
const calls: string[] = [];

@ViewSet(Tag, { path: 'open-tags', fields: ['id', 'name'], access: 'public' })
class OpenTagViewSet extends ModelViewSet<Tag> {
  @Action({ detail: false, method: 'post' })
  count(): { calls: number } {
    calls.push('called');
    if (calls.length === 1) throw new Error('The first call fails');
    return { calls: calls.length };
  }
}

@App({ name: 'open', entities: [] })
@Module({ controllers: [OpenTagViewSet] })
class OpenModule {}

eachDatabase((database) => {
  let app: TestApp;
  let admin: TestClient;

  beforeAll(async () => {
    app = await openMagazine(database.url, { apps: [MagazineModule, OpenModule] });
    admin = await app.login();
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    calls.length = 0;
    for (const entity of [Tag, Author, IdempotencyRecord]) await app.objects<object>(entity).delete();
  });

  const withKey = (key: string, options: RequestOptions = {}): RequestOptions => ({
    ...options,
    headers: { 'idempotency-key': key, ...options.headers },
  });
  const make = (key: string, name: string, client = admin) =>
    client.post('/api/tags', undefined, withKey(key, { json: { name } }));
  const tags = () => app.objects(Tag).orderBy('name').flat('name').all();

  it('a repeated request gets the first answer, and does nothing', async () => {
    const first = await make('"key-1"', 'red');
    const again = await make('key-1', 'red');
    expect([first.status, first.header('idempotent-replayed')]).toEqual([201, undefined]);
    expect([again.status, again.text, again.header('idempotent-replayed')]).toEqual([201, first.text, 'true']);
    for (const name of ['location', 'etag', 'content-type', 'cache-control'])
      expect(again.header(name)).toBe(first.header(name));
    expect(await tags()).toEqual(['red']);
    expect((await make('key-2', 'blue')).status).toBe(201);
    const removal = async () => (await admin.delete('/api/tags/red', withKey('key-3'))).status;
    expect([await removal(), await removal()]).toEqual([204, 204]);
  });

  it('requests at the same time make one row', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => make('same', 'red')));
    expect(await tags()).toEqual(['red']);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers.filter((answer) => answer.header('idempotent-replayed') === 'true')).toHaveLength(5);
  });

  it('a key is refused for another request', async () => {
    await make('key', 'red');
    const other = await make('key', 'blue');
    expect([other.status, other.json()]).toMatchObject([422, { code: 'api.reused_idempotency_key' }]);
    for (const bad of ['""', '"a', 'two words', 'x'.repeat(256)]) {
      const refused = await make(bad, 'green');
      expect([refused.status, refused.json()]).toMatchObject([400, { code: 'api.bad_idempotency_key' }]);
    }
    expect(await tags()).toEqual(['red']);
  });

  it('keys of others, of other actions and of requests that change nothing are others', async () => {
    const other = await app.login();
    expect([(await make('key', 'red')).status, (await make('key', 'blue', other)).status]).toEqual([201, 201]);
    expect((await admin.patch('/api/tags/red', withKey('key', { json: { name: 'pink' } }))).status).toBe(200);
    expect((await admin.get('/api/tags', withKey('key'))).status).toBe(200);
    const visitor = await app.client().post('/api/open-tags', undefined, withKey('key', { json: { name: 'green' } }));
    expect(visitor.status).toBe(201);
    expect(await tags()).toEqual(['blue', 'green', 'pink']);
    expect((await make('key', 'red', app.client())).status).toBe(401);
  });

  it('what fails leaves nothing and can be tried again', async () => {
    expect((await make('key', '')).status).toBe(400);
    expect((await make('key', 'red')).status).toBe(201);
    const call = () => admin.post('/api/open-tags/count', undefined, withKey('call'));
    expect([(await call()).status, (await call()).json(), (await call()).json()]).toEqual([
      500,
      { calls: 2 },
      { calls: 2 },
    ]);
  });

  it('answers are forgotten after a day', async () => {
    await make('key', 'red');
    app.clock.advance('23h');
    expect((await make('key', 'red')).status).toBe(201);
    app.clock.advance('2h');
    expect((await make('key', 'red')).status).toBe(400);
    await make('other', 'blue');
    app.clock.advance('25h');
    expect(await app.command('clearidempotency')).toBe(0);
    expect(await app.objects(IdempotencyRecord).count()).toBe(0);
  });
});

it('keys can be ignored, and nothing is kept then', async () => {
  const app = await openMagazine(undefined, { api: { idempotency: false } });
  const admin = await app.login();
  const status = async () =>
    (await admin.post('/api/tags', undefined, { json: { name: 'red' }, headers: { 'idempotency-key': 'a' } })).status;
  expect([await status(), await status()]).toEqual([201, 400]);
  await app.close();
});
