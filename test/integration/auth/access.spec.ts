import { Permission, Users } from 'bowerbird/auth';
import { Database } from 'bowerbird/orm';
import { type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createAuthApp } from './auth-app.js';

const JSON_CLIENT = { headers: { accept: 'application/json' } };

describe('private routes', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createAuthApp();
  });
  afterAll(() => app.close());

  it('send a browser to the login and back', async () => {
    const response = await app.client().get('/books/private?page=2&q=a%20b');
    expect(response.status).toBe(303);
    expect(response.location).toBe('/accounts/login/?next=/books/private%3Fpage%3D2%26q%3Da%2520b');
    expect(response.header('cache-control')).toBe('no-store');
  });

  it('keep no address that cannot be asked for again', async () => {
    const client = app.client();
    await client.get('/accounts/login/');
    const response = await client.post('/books/private', {});
    expect([response.status, response.location]).toEqual([303, '/accounts/login/']);
  });

  it.each(['application/json', '*/*', ''])('answer 401 to a client that accepts %j', async (accept) => {
    const response = await app.client().get('/books/private', { headers: { accept } });
    expect(response.status).toBe(401);
    expect(response.header('content-type')).toContain('application/problem+json');
    expect(response.json()).toMatchObject({ status: 401, code: 'auth.login_required' });
  });

  it('are open to everybody when marked @Public()', async () => {
    expect((await app.client().get('/books/open')).json()).toEqual({ email: null });
  });

  it('tell an unknown cookie nothing', async () => {
    const client = app.client();
    client.cookies.set('sessionid', 'forged');
    expect((await client.get('/books/private', JSON_CLIENT)).status).toBe(401);
  });

  describe('with a requirement', () => {
    const grant = async (email: string, ...codenames: string[]) => {
      const user = await app.createUser({ email });
      const permissions = await app.run(() => app.objects(Permission).filter({ codename__in: codenames }).all());
      await app.run(() =>
        app
          .get(Database)
          .related(user, 'permissions')
          .add(...permissions),
      );
      return app.login({ email });
    };

    it('answer 403 to a user who lacks the permission', async () => {
      const client = await grant('poor@example.com');
      const response = await client.get('/books/permitted', JSON_CLIENT);
      expect(response.status).toBe(403);
      expect(response.json()).toMatchObject({ code: 'auth.permission_denied' });
      expect((await client.get('/books/permitted')).header('content-type')).toContain('text/html');
    });

    it('let in who has the permission', async () => {
      const client = await grant('reader@example.com', 'shelf.view_book');
      expect((await client.get('/books/permitted')).status).toBe(200);
    });

    it('let superusers in', async () => {
      expect((await (await app.login()).get('/books/permitted')).status).toBe(200);
    });

    it('let staff in alone where staff is asked for', async () => {
      await app.createUser({ email: 'staff@example.com', isStaff: true });
      await app.createUser({ email: 'nostaff@example.com' });
      expect((await (await app.login({ email: 'staff@example.com' })).get('/books/staff')).status).toBe(200);
      expect((await (await app.login({ email: 'nostaff@example.com' })).get('/books/staff')).status).toBe(403);
    });

    it('take one query for the session and one for the account with its permissions', async () => {
      const client = await grant('counted@example.com', 'shelf.view_book');
      expect(await app.queries(() => client.get('/books/permitted'))).toHaveLength(2);
    });
  });
});

describe('an adopting application', () => {
  it('keeps its own routes as they were', async () => {
    const app = await createAuthApp({}, {}, { http: { pipeline: 'own' } });
    expect((await app.client().get('/books/private')).json()).toEqual({ user: null });
    expect((await app.client().get('/accounts/password/')).status).toBe(303);
    expect((await app.client().get('/accounts/login/')).status).toBe(200);
    await app.close();
  });
});

describe('a login page of the application', () => {
  it('is where visitors are sent', async () => {
    const app = await createAuthApp({ loginUrl: '/sign-in?from=site' });
    expect((await app.client().get('/books/private')).location).toBe('/sign-in?from=site&next=/books/private');
    expect(app.get(Users)).toBeDefined();
    await app.close();
  });
});
