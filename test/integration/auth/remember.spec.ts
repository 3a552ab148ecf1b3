import { Permission, type AbstractUser } from 'bowerbird/auth';
import { Database } from 'bowerbird/orm';
import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createAuthApp } from './auth-app.js';

describe('accounts that are remembered', () => {
  let app: TestApp;
  let client: TestClient;
  let reader: AbstractUser;

  beforeEach(async () => {
    app = await createAuthApp({ remember: '5s' });
    reader = await app.createUser({ email: 'reader@example.com' });
    client = await app.login(reader);
  });
  afterEach(() => app.close());

  const db = () => app.get(Database);
  const links = () => db().related(reader, 'permissions');
  const view = () => app.run(() => app.objects(Permission).get({ codename: 'shelf.view_book' }));
  /** 200, 403, or 303 to the login. */
  const permitted = async () => (await client.get('/books/permitted')).status;
  const statements = async () => (await app.queries(() => client.get('/books/permitted'))).map(({ sql }) => sql);
  /** As another process would: nothing of this one hears of it. */
  const elsewhere = (sql: string) => app.run(() => db().dataSource.query(sql));

  it('are read once, and again after that time', async () => {
    expect(await permitted()).toBe(403);
    const before = (await statements()).length;
    expect((await statements()).filter((sql) => /auth_user|auth_permission/.test(sql))).toEqual([]);
    app.clock.advance('6s');
    expect((await statements()).length).toBe(before + 1);
  });

  it('lose and gain at once what this process takes and gives', async () => {
    expect(await permitted()).toBe(403);
    const permission = await view();
    await app.run(() => links().add(permission));
    expect(await permitted()).toBe(200);
    await app.run(() => links().remove(permission));
    expect(await permitted()).toBe(403);
    await app.run(() => db().save(Object.assign(reader, { isActive: false })));
    expect(await permitted()).toBe(303);
  });

  it('keep what they had when the change is rolled back', async () => {
    const permission = await view();
    await app.run(() => links().add(permission));
    const change = app.run(() =>
      db().atomic(async () => {
        await links().remove(permission);
        throw new Error('no');
      }),
    );
    await expect(change).rejects.toThrow('no');
    expect(await permitted()).toBe(200);
  });

  it('follow other processes after that time', async () => {
    await app.run(async () => links().add(await view()));
    expect(await permitted()).toBe(200);
    await elsewhere('DELETE FROM auth_user_permissions');
    expect(await permitted()).toBe(200);
    app.clock.advance('6s');
    expect(await permitted()).toBe(403);
    await elsewhere('UPDATE auth_user SET "isActive" = 0');
    app.clock.advance('6s');
    expect(await permitted()).toBe(303);
  });

  it('are an object of its own for each request', async () => {
    const seen = [(await client.get('/books/private')).json(), (await client.get('/books/private')).json()];
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toMatchObject({ user: { email: 'reader@example.com', joinedAt: expect.any(String) } });
  });
});
