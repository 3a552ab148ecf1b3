import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type TestClient } from '../../../packages/bowerbird/src/testing/client/test-client.js';
import { bootSecurity, type SecurityApp } from './security-app.js';

let app: SecurityApp;
let production: SecurityApp;

beforeAll(async () => {
  app = await bootSecurity({ security: { csrf: { trustedOrigins: ['https://*.trusted.test'] } } });
  production = await bootSecurity({ production: true, http: { trustedProxies: ['127.0.0.1'] } });
});

afterAll(async () => {
  await app.close();
  await production.close();
});

const tokenOf = async (client: TestClient, path = '/form') => (await client.get(path)).json<{ token: string }>().token;

/** A post as a browser would send it, with nothing added by the client. */
const post = (client: TestClient, path: string, headers: Record<string, string> = {}, form?: Record<string, string>) =>
  client.request('POST', path, { csrf: false, headers, ...(form ? { form } : {}) });

describe('a form', () => {
  it('passes with the token in a field', async () => {
    const client = app.client();
    const token = await tokenOf(client);
    const response = await post(client, '/form', { origin: client.origin }, { _csrf: token });
    expect([response.status, response.text]).toEqual([201, 'posted']);
  });

  it('passes with the token in a field of a multipart body', async () => {
    const client = app.client();
    const token = await tokenOf(client);
    const file = { name: 'a.txt', content: Buffer.from('text'), type: 'text/plain' };
    const response = await client.request('POST', '/form', {
      csrf: false,
      form: { _csrf: token },
      files: { file },
    });
    expect(response.status).toBe(201);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('passes with the token in the header, by %s', async (method) => {
    const client = app.client();
    const token = await tokenOf(client);
    const response = await client.request(method, '/form', { csrf: false, headers: { 'x-csrf-token': token } });
    expect(response.status).toBeLessThan(300);
  });

  it('passes with a JSON body and the token in the header', async () => {
    const client = app.client();
    const token = await tokenOf(client);
    const response = await client.request('POST', '/form', {
      csrf: false,
      json: {},
      headers: { 'x-csrf-token': token },
    });
    expect(response.status).toBe(201);
  });

  it('passes from a trusted origin', async () => {
    const client = app.client();
    const token = await tokenOf(client);
    const headers = { origin: 'https://a.trusted.test', 'sec-fetch-site': 'cross-site' };
    expect((await post(client, '/form', headers, { _csrf: token })).status).toBe(201);
  });

  it('gets a different token each time, and every one of them works', async () => {
    const client = app.client();
    const { token, another } = (await client.get('/form')).json<{ token: string; another: string }>();
    const third = await tokenOf(client);
    expect(new Set([token, another, third]).size).toBe(3);
    for (const each of [token, another, third])
      expect((await post(client, '/form', {}, { _csrf: each })).status).toBe(201);
  });

  it('can be made through the request, as with csurf', async () => {
    const client = app.client();
    const token = await tokenOf(client, '/csurf');
    expect((await post(client, '/form', {}, { _csrf: token })).status).toBe(201);
  });
});

describe('a forged request is refused', () => {
  it('in general, with 403', async () => {
    expect((await post(app.client(), '/form')).status).toBe(403);
  });

  it.each([
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['cross-site', { 'sec-fetch-site': 'same-site' }],
    ['null-origin', { origin: 'null' }],
    ['malformed-origin', { origin: 'nonsense' }],
    ['bad-origin', { origin: 'https://evil.test' }],
  ])('as %s even with a right token: %j', async (reason, headers) => {
    const client = app.client();
    const token = await tokenOf(client);
    const response = await post(client, '/form', headers, { _csrf: token });
    expect(response.status).toBe(403);
    expect(response.text).toContain(REASON_WORDS[reason]);
  });

  it.each([
    ['no-cookie', '', 'abcdefgh-AAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['bad-cookie', 'csrftoken=forged', 'abcdefgh-AAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['bad-cookie', 'csrftoken=YQ.abc.AAAA', 'abcdefgh-AAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['missing-token', undefined, undefined],
    ['missing-token', undefined, ''],
    ['malformed-token', undefined, 'nonsense'],
    ['malformed-token', undefined, '<script>-"'],
    ['wrong-token', undefined, 'abcdefgh-AAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ])('as %s', async (reason, cookie, token) => {
    const client = app.client();
    await client.get('/form');
    const headers = cookie === undefined ? {} : { cookie };
    const response = await post(
      client,
      '/form',
      headers as Record<string, string>,
      token === undefined ? {} : { _csrf: token },
    );
    expect(response.status).toBe(403);
    expect(response.text).toContain(REASON_WORDS[reason]);
  });

  it("with another visitor's token", async () => {
    const victim = app.client();
    await victim.get('/form');
    const stolen = await tokenOf(app.client());
    expect((await post(victim, '/form', {}, { _csrf: stolen })).status).toBe(403);
  });

  it('without a reason that the visitor could read in production', async () => {
    const client = production.client();
    const response = await post(client, '/form', { 'x-forwarded-proto': 'https', origin: 'https://evil.test' });
    expect(response.status).toBe(403);
    expect(response.text).not.toMatch(/Origin|token|cookie|forger/i);
  });

  it('over https without Origin and Referer', async () => {
    const https = { 'x-forwarded-proto': 'https', host: 'shop.test' };
    const client = production.client();
    const page = await client.get('/form', { headers: https });
    const { token } = page.json<{ token: string }>();
    const send = (headers: Record<string, string>) => post(client, '/form', { ...https, ...headers }, { _csrf: token });
    expect((await send({})).status).toBe(403);
    expect((await send({ referer: 'https://shop.test/form' })).status).toBe(201);
    expect((await send({ referer: 'http://shop.test/form' })).status).toBe(403);
    expect((await send({ referer: 'https://shop.test.evil.test/' })).status).toBe(403);
    expect((await send({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await send({ origin: 'https://shop.test' })).status).toBe(201);
    expect((await send({ origin: 'http://shop.test' })).status).toBe(403);
  });

  it('on paths that no controller serves', async () => {
    expect((await post(app.client(), '/raw/any')).status).toBe(403);
    expect((await post(app.client(), '/nowhere')).status).toBe(403);
  });
});

describe('an exempt route', () => {
  it('takes posts without a token', async () => {
    expect((await post(app.client(), '/hooks/stripe', { origin: 'https://stripe.test' })).text).toBe('hook stripe');
    expect((await post(app.client(), '/api/items/7')).text).toBe('created');
  });

  it('does not open a protected route whose path looks alike', async () => {
    expect((await post(app.client(), '/hooks/settings')).status).toBe(403);
  });

  it('can still make a token', async () => {
    const client = app.client();
    const token = await tokenOf(client, '/exempt-form');
    expect((await post(client, '/form', {}, { _csrf: token })).status).toBe(201);
  });
});

describe('the secret', () => {
  it('lives in a signed cookie before a login, and makes no session', async () => {
    const client = app.client();
    app.calls.length = 0;
    const response = await client.get('/form');
    expect(app.calls).toEqual([]);
    expect(response.headers['set-cookie']).toHaveLength(1);
    expect(response.headers['set-cookie']![0]).toMatch(
      /^csrftoken=[\w-]+\.[0-9a-z]+\.[\w-]+; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/,
    );
    expect(response.headers.vary).toContain('Cookie');
    expect((await client.get('/form')).headers['set-cookie']).toBeUndefined();
  });

  it('replaces a cookie that was not made here', async () => {
    const response = await app.client().get('/form', { headers: { cookie: 'csrftoken=forged' } });
    expect(response.headers['set-cookie']).toHaveLength(1);
  });

  it('is bound to the host and to https in production', async () => {
    const response = await production.client().get('/form', { headers: { 'x-forwarded-proto': 'https' } });
    expect(response.headers['set-cookie']![0]).toMatch(/^__Host-csrftoken=.*; Secure; SameSite=Lax$/);
  });

  it('moves into the session with the login, and earlier tokens die', async () => {
    const client = app.client();
    const before = await tokenOf(client);
    const after = await tokenOf(client, '/login');
    expect((await post(client, '/form', {}, { _csrf: before })).status).toBe(403);
    expect((await post(client, '/form', {}, { _csrf: after })).status).toBe(201);
    expect(client.cookies.get('csrftoken')).toBeUndefined();
  });

  it('of the session cannot be replaced by a cookie that somebody planted', async () => {
    const attacker = app.client();
    const known = await tokenOf(attacker);
    const victim = app.client();
    await victim.get('/login');
    victim.cookies.set('csrftoken', attacker.cookies.get('csrftoken')!);
    expect((await post(victim, '/form', {}, { _csrf: known })).status).toBe(403);
  });

  it('changes with each login', async () => {
    const client = app.client();
    const first = await tokenOf(client, '/login');
    await client.get('/login');
    expect((await post(client, '/form', {}, { _csrf: first })).status).toBe(403);
  });

  it('starts anew after the logout', async () => {
    const client = app.client();
    const loggedIn = await tokenOf(client, '/login');
    const token = await tokenOf(client, '/logout');
    expect((await post(client, '/form', {}, { _csrf: token })).status).toBe(201);
    expect((await post(client, '/form', {}, { _csrf: loggedIn })).status).toBe(403);
  });
});

describe('the protection', () => {
  it('can be switched off', async () => {
    const open = await bootSecurity({ security: { csrf: false } });
    try {
      expect((await post(open.client(), '/form')).status).toBe(201);
    } finally {
      await open.close();
    }
  });

  it('leaves the routes of an adopting application alone and serves its own', async () => {
    const adopting = await bootSecurity({ http: { pipeline: 'own' } });
    try {
      expect((await post(adopting.client(), '/form')).status).toBe(201);
      expect((await post(adopting.client(), '/pages')).status).toBe(403);
    } finally {
      await adopting.close();
    }
  });
});

const REASON_WORDS: Readonly<Record<string, string>> = {
  'cross-site': 'Sec-Fetch-Site',
  'null-origin': 'its Origin is &quot;null&quot;',
  'malformed-origin': 'its Origin header is no origin',
  'bad-origin': 'its Origin is another site',
  'no-cookie': 'neither a session with a secret nor the CSRF cookie',
  'bad-cookie': 'its CSRF cookie was not made by this application',
  'missing-token': 'it carries no token',
  'malformed-token': 'its token is not a token',
  'wrong-token': 'its token belongs to another visitor',
};
