import {
  Auth,
  authDrivers,
  SESSION_LOGIN,
  userLoggedIn,
  userLoggedOut,
  userLoginFailed,
  Users,
  type User,
} from 'bowerbird/auth';
import { SignalHub } from 'bowerbird/core';
import { SessionRecord } from 'bowerbird/sessions';
import { createTestDatabase, TEST_PASSWORD, type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createAuthApp } from './auth-app.js';

const ANN = { email: 'ann@example.com', password: TEST_PASSWORD };

describe('the login page', () => {
  let app: TestApp;
  let client: TestClient;

  beforeAll(async () => {
    app = await createAuthApp({ throttle: false });
    await app.createUser({ email: ANN.email, firstName: 'Ann' });
    await app.createUser({ email: 'inactive@example.com', isActive: false });
    await app.run(() => app.get(Users).createUser({ email: 'sso@example.com' }));
  });
  afterAll(() => app.close());
  beforeEach(() => {
    client = app.client();
  });

  const login = (values: object, path = '/accounts/login/') => client.submit(path, { ...ANN, ...values });
  const whoami = async () => (await client.get('/books/open')).json<{ email: string | null }>().email;

  it('logs in and leads to the start page', async () => {
    const response = await login({});
    expect([response.status, response.location]).toEqual([303, '/']);
    expect(await whoami()).toBe(ANN.email);
  });

  it('tells of logins, logouts and failures, and never of the password', async () => {
    const hub = app.get(SignalHub);
    const heard: unknown[] = [];
    const connections = [
      hub.connect(userLoggedIn, null, ({ user, request }) => heard.push(['in', user.email, request?.path])),
      hub.connect(userLoggedOut, null, ({ user }) => heard.push(['out', user.email])),
      hub.connect(userLoginFailed, null, ({ request, ...event }) => heard.push({ ...event, path: request?.path })),
    ];
    await login({ password: 'a-wrong-secret' });
    await login({});
    await client.get('/accounts/password/');
    await client.post('/accounts/logout/', {});
    for (const connection of connections) connection.disconnect();
    expect(heard).toEqual([
      { email: ANN.email, reason: 'refused', path: '/accounts/login/' },
      ['in', ANN.email, '/accounts/login/'],
      ['out', ANN.email],
    ]);
  });

  it('takes the address in any case', async () => {
    expect((await login({ email: ' Ann@EXAMPLE.com ' })).status).toBe(303);
  });

  it('says the same to a wrong password, an unknown address, an inactive account and one without a password', async () => {
    const attempts = [
      { password: 'wrong' },
      { email: 'nobody@example.com' },
      { email: 'inactive@example.com' },
      { email: 'sso@example.com' },
      { email: 'not an address' },
    ];
    const answers = [];
    for (const attempt of attempts) {
      const response = await app.client().submit('/accounts/login/', { ...ANN, ...attempt });
      answers.push({
        status: response.status,
        said: response.text.includes('The e-mail address or the password is wrong.'),
      });
    }
    expect(answers).toEqual(attempts.map(() => ({ status: 401, said: true })));
  });

  it('never writes the password back', async () => {
    const response = await login({ password: 'a-wrong-secret' });
    expect(response.text).not.toContain('a-wrong-secret');
    expect(response.field('email')).toBe(ANN.email);
  });

  it('asks for both fields', async () => {
    expect((await login({ email: '', password: '' })).status).toBe(422);
  });

  it.each(['/books/open', '/books/open?a=1&b=%20#c', '/accounts/password/'])(
    'leads to the safe address %s',
    async (next) => {
      expect((await login({ next })).location).toBe(next);
    },
  );

  it.each([
    '//evil.example',
    'https://evil.example/',
    '/\\evil.example',
    'javascript:alert(1)',
    '///evil.example',
    'http:evil.example',
    '/\u0009/evil.example',
  ])('never leads to %j', async (next) => {
    expect((await login({ next })).location).toBe('/');
  });

  it('takes next from its own address too, and keeps it after a mistake', async () => {
    const path = '/accounts/login/?next=/books/open';
    const page = await client.get(path);
    expect(page.field('next')).toBe('/books/open');
    const failed = await client.post(path, { ...ANN, password: 'wrong' });
    expect(failed.field('next')).toBe('/books/open');
    expect((await client.post(path, ANN)).location).toBe('/books/open');
  });

  it('sends on who is logged in already', async () => {
    await login({});
    const response = await client.get('/accounts/login/?next=/books/open');
    expect([response.status, response.location]).toEqual([303, '/books/open']);
  });

  it('is never cached', async () => {
    expect((await client.get('/accounts/login/')).header('cache-control')).toBe('no-store');
  });

  it('is refused without a CSRF token', async () => {
    const response = await client.post('/accounts/login/', ANN, { csrf: false });
    expect(response.status).toBe(403);
  });

  it('gives the session a new id', async () => {
    await login({});
    const before = client.cookies.get('sessionid');
    await client.get('/accounts/password/');
    await client.post('/accounts/login/', ANN);
    expect(before).toBeTruthy();
    expect(client.cookies.get('sessionid')).not.toBe(before);
    const stolen = app.client();
    stolen.cookies.set('sessionid', before!);
    expect((await stolen.get('/books/open')).json()).toEqual({ email: null });
  });

  it('makes tokens from before the login worthless', async () => {
    const page = await client.get('/accounts/login/');
    const token = page.field('_csrf')!;
    await client.post('/accounts/login/', ANN);
    const replay = await client.post(
      '/books/private',
      { _csrf: token },
      { csrf: false, headers: { origin: app.origin } },
    );
    expect(replay.status).toBe(403);
  });

  it('notes the moment', async () => {
    await login({});
    const user = (await app.run(() => app.get(Users).findByEmail<User>(ANN.email)))!;
    expect(user.lastLogin?.getTime()).toBe(app.clock.now().getTime());
  });

  it('throws away the session of somebody else', async () => {
    await app.createUser({ email: 'bob@example.com' });
    await login({});
    await client.post('/accounts/login/', { ...ANN, password: 'wrong' });
    expect(await whoami()).toBe(ANN.email);
    const token = (await client.get('/accounts/password/')).field('_csrf')!;
    await client.post('/accounts/login/', { ...ANN, email: 'bob@example.com', _csrf: token });
    expect(await whoami()).toBe('bob@example.com');
  });
});

describe('logging out', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createAuthApp();
  });
  afterAll(() => app.close());

  it('ends the session and leads to the login page', async () => {
    const client = await app.login();
    const cookie = client.cookies.get('sessionid')!;
    await client.get('/accounts/password/');
    const response = await client.post('/accounts/logout/', {});
    expect([response.status, response.location]).toEqual([303, '/accounts/login/']);
    const stolen = app.client();
    stolen.cookies.set('sessionid', cookie);
    expect((await stolen.get('/books/open')).json()).toEqual({ email: null });
  });

  it.each(['GET', 'PUT', 'DELETE'])('is not done by %s', async (method) => {
    const client = await app.login();
    await client.get('/accounts/password/');
    const response = await client.request(method, '/accounts/logout/');
    expect([response.status, response.header('allow')]).toEqual([405, 'POST']);
    expect((await client.get('/books/private')).status).toBe(200);
  });

  it('is no error for visitors', async () => {
    const client = app.client();
    await client.get('/accounts/login/');
    expect((await client.post('/accounts/logout/', {})).status).toBe(303);
  });
});

describe('a logged-in session', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createAuthApp();
  });
  afterAll(() => app.close());

  const account = async (email: string) => {
    const user = await app.createUser({ email });
    return { user, client: await app.login({ email }) };
  };

  it('ends at once when the account is made inactive', async () => {
    const { user, client } = await account('inactive-soon@example.com');
    await app.run(() =>
      app
        .objects(user.constructor as never)
        .filter({ id: user.id })
        .update({ isActive: false }),
    );
    expect((await client.get('/books/private')).status).toBe(303);
  });

  it('ends when the account is deleted', async () => {
    const { user, client } = await account('deleted-soon@example.com');
    await app.run(() =>
      app
        .objects(user.constructor as never)
        .filter({ id: user.id })
        .delete(),
    );
    expect((await client.get('/books/private')).status).toBe(303);
  });

  it('ends when the password is changed elsewhere', async () => {
    const { user, client } = await account('hacked@example.com');
    await app.run(() => app.get(Users).setPassword(user, 'another-good-password'));
    expect((await client.get('/books/private')).status).toBe(303);
  });

  it('costs one query for the session and one for the user', async () => {
    const { client } = await account('frugal@example.com');
    const statements = await app.queries(() => client.get('/books/private'));
    expect(statements).toHaveLength(2);
  });

  it('never shows the password hash', async () => {
    const { client } = await account('json@example.com');
    const { user } = (await client.get('/books/private')).json<{ user: Record<string, unknown> }>();
    expect(user).toMatchObject({ email: 'json@example.com', isStaff: false });
    expect(user).not.toHaveProperty('password');
  });
});

describe('visitors', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createAuthApp();
  });
  afterAll(() => app.close());

  it('cost no query', async () => {
    expect(await app.queries(() => app.client().get('/books/open'))).toEqual([]);
  });
});

describe('an outdated hash', () => {
  it('is made anew once, at the login', async () => {
    const app = await createAuthApp({ hashers: [authDrivers.argon2id({ memory: 64, time: 1 }), authDrivers.scrypt()] });
    const users = app.get(Users);
    const old = await authDrivers.scrypt({ ln: 4, r: 8, p: 1 }).hash(TEST_PASSWORD);
    const user = await app.createUser({ email: ANN.email });
    await app.run(() =>
      app
        .objects(user.constructor as never)
        .filter({ id: user.id })
        .update({ password: old }),
    );
    const stored = async () => (await app.run(() => users.findByEmail(ANN.email)))!.password;

    await app.login(ANN);
    const renewed = await stored();
    expect(renewed).toMatch(/^\$argon2id\$/);
    await app.login(ANN);
    expect(await stored()).toBe(renewed);
    await app.close();
  });
});

describe('a session that names nobody any more', () => {
  it.each([999_999, 'a-uuid-of-an-earlier-user-class'])('is ended (%j)', async (id) => {
    const app = await createAuthApp();
    const client = await app.login();
    const [session] = await app.run(() => app.objects(SessionRecord).all());
    const values = JSON.parse(session!.values) as Record<string, { id: unknown }>;
    values[SESSION_LOGIN]!.id = id;
    await app.run(() =>
      app
        .objects(SessionRecord)
        .filter({ key: session!.key })
        .update({ values: JSON.stringify(values) }),
    );
    expect((await client.get('/books/private')).status).toBe(303);
    await app.close();
  });
});

describe('a new secret key', () => {
  it('keeps sessions while the earlier one is accepted, and ends them afterwards', async () => {
    const database = await createTestDatabase('sqlite');
    const keys = { first: 'first-'.repeat(10), second: 'second-'.repeat(10) };
    const open = (secretKey: string, ...secretKeyFallbacks: string[]) =>
      createAuthApp({}, { database, schema: 'none' }, { secretKey, secretKeyFallbacks });
    const before = await createAuthApp({}, { database }, { secretKey: keys.first });
    const cookies = (await before.login()).cookies;
    await before.close();

    const status = async (app: TestApp) => {
      const client = app.client();
      client.cookies.set('sessionid', cookies.get('sessionid')!);
      const response = await client.get('/books/private');
      cookies.set('sessionid', client.cookies.get('sessionid') ?? '');
      await app.close();
      return response.status;
    };
    expect(await status(await open(keys.second, keys.first))).toBe(200);
    expect(await status(await open('third-'.repeat(10)))).toBe(303);
    await database.drop();
  });
});

describe('an upgrade of the hash', () => {
  it('never brings an old password back', async () => {
    const app = await createAuthApp({ hashers: [authDrivers.scrypt({ ln: 5, p: 1 })] });
    const users = app.get(Users);
    const user = await app.createUser({ email: ANN.email });
    const stale = (await app.run(() => users.findByEmail(ANN.email)))!;
    await app.run(() => users.setPassword(user, 'changed-in-the-meantime'));
    await app.run(() => users.upgradePassword(stale, TEST_PASSWORD));
    expect(await app.run(() => app.get(Auth).authenticate(ANN))).toBeNull();
    await app.close();
  });
});

describe('authenticating', () => {
  it('does the same work for every kind of failure', async () => {
    const app = await createAuthApp({ throttle: false, hashers: [authDrivers.scrypt({ ln: 14, r: 8, p: 1 })] });
    await app.createUser({ email: ANN.email });
    const auth = app.get(Auth);
    const cost = async (email: string) => {
      const start = process.cpuUsage();
      for (let round = 0; round < 5; round += 1) await app.run(() => auth.authenticate({ email, password: 'wrong' }));
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    await cost(ANN.email);
    const [known, unknown] = [await cost(ANN.email), await cost('nobody@example.com')];
    expect(unknown / known).toBeGreaterThan(0.5);
    expect(unknown / known).toBeLessThan(2);
    await app.close();
  });

  it('works through 60 parallel logins with bounded memory', async () => {
    const app = await createAuthApp({ throttle: false, hashers: [authDrivers.scrypt({ ln: 14, r: 8, p: 1 })] });
    await app.createUser({ email: ANN.email });
    const auth = app.get(Auth);
    const before = process.memoryUsage.rss();
    let peak = before;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
    const all = await Promise.all(Array.from({ length: 60 }, () => app.run(() => auth.authenticate(ANN))));
    clearInterval(timer);
    expect(all.every((user) => user?.email === ANN.email)).toBe(true);
    // All at once would take 60 times 16 MiB.
    expect(peak - before).toBeLessThan(250 * 2 ** 20);
    await app.close();
  });
});
