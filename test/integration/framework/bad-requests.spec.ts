import { Controller, Get, Module, Post } from '@nestjs/common';
import { Public } from 'bowerbird';
import { currentRequest } from 'bowerbird/http';
import { TEST_PASSWORD, type RequestOptions, type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bootDemo, rawRequest, RecordingLogger, sealed, SECRET } from './demo-app.js';

const MEGABYTE = 1024 * 1024;

@Controller('shop')
@Public()
class ShopController {
  @Post('orders')
  order(): { ordered: boolean } {
    return { ordered: true };
  }

  @Get('client')
  client(): { ip: string; host: string; protocol: string } {
    const { ip, host, protocol } = currentRequest()!;
    return { ip, host, protocol };
  }

  @Get('broken')
  broken(): never {
    throw new Error(`select "password" from "users" with ${SECRET} at ${process.cwd()}/src/x.ts:1`);
  }
}

@Module({ controllers: [ShopController] })
class ShopModule {}

const logger = new RecordingLogger();
let app: TestApp;
let email: string;

beforeAll(async () => {
  app = await bootDemo({}, { logger, imports: [ShopModule] });
  ({ email } = await app.createUser({ email: 'ann@example.com', isStaff: true, isSuperuser: true }));
});
afterAll(() => app?.close());

/** A visitor who has a CSRF token, logged in or not. */
async function visitor(): Promise<TestClient> {
  const client = app.client();
  await client.get('/accounts/login/');
  return client;
}

async function order(options: RequestOptions, client?: TestClient): Promise<number> {
  return sealed(await (client ?? (await visitor())).request('POST', '/shop/orders', options)).status;
}

const raw = (type: string, body: string | Uint8Array): RequestOptions => ({ headers: { 'content-type': type }, body });

describe('a body', () => {
  it('of ten megabytes is refused with 413, whatever it is, and the connection survives', async () => {
    const large = Buffer.alloc(10 * MEGABYTE, 'a');
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'application/x-unknown'])
      expect(await order(raw(type, large)), type).toBe(413);
    const client = await visitor();
    expect(await order(raw('application/json', large), client)).toBe(413);
    expect((await client.get('/accounts/login/')).status).toBe(200);
  });

  it('of ten megabytes in one field of a multipart form is refused with 413', async () => {
    const body = `--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n${'x'.repeat(10 * MEGABYTE)}\r\n--b--\r\n`;
    expect(await order(raw('multipart/form-data; boundary=b', body))).toBe(413);
  });

  it.each([
    ['no boundary', 'multipart/form-data', '--b--'],
    [
      'an end that is missing',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
    ],
    [
      'a part without a name',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n',
    ],
    ['a part without headers', 'multipart/form-data; boundary=b', '--b\r\n\r\nx\r\n--b--\r\n'],
    [
      'another boundary',
      'multipart/form-data; boundary=c',
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n',
    ],
    ['nothing but noise', 'multipart/form-data; boundary=b', Buffer.from([0, 255, 13, 10, 45, 45, 98, 0])],
    [
      'a name of every object',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nx\r\n--b--\r\n',
    ],
  ])('in parts with %s is refused', async (_what, type, body) => {
    expect([400, 403]).toContain(await order(raw(type, body)));
  });

  it.each([
    ['broken JSON', 'application/json', '{"a":'],
    ['JSON that is too deep', 'application/json', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['JSON for the prototype', 'application/json', '{"__proto__":{"admin":true}}'],
    ['bytes that are no UTF-8', 'application/json', Buffer.from([0x22, 0xff, 0x22])],
    ['a broken percent sign', 'application/x-www-form-urlencoded', 'a=%zz'],
    ['another charset', 'application/json; charset=utf-16', '{}'],
  ])('of %s is refused before anything else is looked at', async (_what, type, body) => {
    expect([400, 415]).toContain(await order(raw(type, body)));
  });

  it('with ten thousand fields is refused', async () => {
    const body = Array.from({ length: 10_000 }, (_, index) => `f${index}=1`).join('&');
    expect(await order(raw('application/x-www-form-urlencoded', body))).toBe(413);
  });
});

describe('a forged request', () => {
  it.each([
    'text/plain',
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=b',
    'application/octet-stream',
    '',
  ])('without a token is refused as %s', async (type) => {
    const client = await app.login({ email });
    const body = type.startsWith('multipart') ? '--b--\r\n' : type.includes('json') ? '{"_csrf":"x"}' : 'a=b';
    const options = {
      headers: (type === '' ? {} : { 'content-type': type }) as Record<string, string>,
      body,
      csrf: false,
    };
    expect([400, 403]).toContain(await order(options, client));
  });

  it('cannot call itself something else', async () => {
    const client = await app.login({ email });
    const form = { _method: 'GET' };
    for (const header of ['x-http-method-override', 'x-method-override', 'x-http-method'])
      expect(await order({ form, headers: { [header]: 'GET' }, csrf: false }, client), header).toBe(403);
    const { status } = await client.get('/shop/orders?_method=POST', { headers: { 'x-http-method-override': 'POST' } });
    expect(status).toBe(404);
  });

  it('is refused with the token of another visitor, and with a right token from another site', async () => {
    const [ann, eve] = [await app.login({ email }), await visitor()];
    const token = (await eve.get('/accounts/login/')).field('_csrf')!;
    expect(await order({ form: { _csrf: token }, csrf: false }, ann)).toBe(403);
    const own = (await ann.get('/accounts/password/')).field('_csrf')!;
    const send = (headers: Record<string, string>) => order({ form: { _csrf: own }, headers, csrf: false }, ann);
    expect(await send({ origin: 'https://evil.example' })).toBe(403);
    expect(await send({ origin: 'null' })).toBe(403);
    expect(await send({ origin: `${app.origin}.evil.example` })).toBe(403);
    expect(await send({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await send({ origin: app.origin })).toBe(201);
  });
});

describe('a cookie', () => {
  const SESSION = 'sessionid';

  async function withCookie(cookie: string) {
    return sealed(await app.client().get('/admin/', { headers: { cookie } }));
  }

  it.each([
    ['without a value', `${SESSION}=`],
    ['without a name', '=x'],
    ['that is not one', ';;;=;  ;'],
    ['with a broken escape', `${SESSION}=%E0%A4%A`],
    ['with quotes and control characters', `${SESSION}="a\tb"; ${SESSION}=\u0080`],
    ['with a signature that is wrong', `${SESSION}=s%3Aabc.def`],
    ['with a name of every object', '__proto__=x; constructor=y'],
    ['a thousand times', Array.from({ length: 1000 }, () => `${SESSION}=x`).join('; ')],
  ])('%s makes the visitor nobody', async (_what, cookie) => {
    expect(await withCookie(cookie)).toMatchObject({ status: 303, location: '/accounts/login/?next=/admin/' });
  });

  it('that is too large for any server is refused', async () => {
    expect((await app.client().get('/', { headers: { cookie: `${SESSION}=${'x'.repeat(100_000)}` } })).status).toBe(
      431,
    );
  });

  it('of a session counts once, and one with another signature does not', async () => {
    const client = await app.login({ email });
    const value = client.cookies.get(SESSION)!;
    const own = `${SESSION}=${value}`;
    expect((await withCookie(own)).status).toBe(200);
    const last = value.endsWith('A') ? 'B' : 'A';
    expect((await withCookie(`${SESSION}=${value.slice(0, -1)}${last}`)).status).toBe(303);
    expect((await withCookie(`${SESSION}=${value.replace(/[.].*/, '')}`)).status).toBe(303);
    const both = [(await withCookie(`${own}; ${SESSION}=x`)).status, (await withCookie(`${SESSION}=x; ${own}`)).status];
    expect(both.toSorted((left, right) => left - right)).toEqual([200, 303]);
  });

  it('that a stranger planted is never the session after the login', async () => {
    const stranger = await visitor();
    const planted = stranger.cookies.get(SESSION) ?? 's%3Aplanted.signature';
    const victim = app.client();
    victim.cookies.set(SESSION, planted);
    await victim.submit('/accounts/login/', { email, password: TEST_PASSWORD });
    expect(victim.cookies.get(SESSION)).not.toBe(planted);
    expect((await withCookie(`${SESSION}=${planted}`)).status).toBe(303);
  });
});

describe('the address of the server', () => {
  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'evil.example:80',
    '127.0.0.1@evil.example',
    '',
    ' ',
    'a b',
    '127.0.0.1, evil.example',
    '127.0.0.1/..',
    '127.0.0.1#',
    'x'.repeat(300),
  ])('as %j is refused with 400, and never repeated', async (host) => {
    const answer = await rawRequest(
      app.origin,
      `GET /accounts/login/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 400 Bad Request');
    expect(answer.toLowerCase()).not.toContain('evil');
  });

  it('twice or not at all is refused', async () => {
    const send = (head: string) => rawRequest(app.origin, `${head}\r\nConnection: close\r\n\r\n`);
    expect(await send('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example')).toMatch(/^HTTP\/1.1 400/);
    expect(await send('GET / HTTP/1.1')).toMatch(/^HTTP\/1.1 400/);
    expect(await send('GET / HTTP/1.0')).toMatch(/^HTTP\/1.1 400/);
  });

  it('in the request line is never where a redirect leads', async () => {
    const send = (target: string) =>
      rawRequest(
        app.origin,
        `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept: text/html\r\n\r\n`,
      );
    const answers = await Promise.all(
      [
        'http://evil.example/admin/',
        '//evil.example/admin/',
        'https://evil.example//admin/',
        '/\\evil.example/admin/',
      ].map(send),
    );
    for (const answer of answers) expect(answer).not.toMatch(/^location:\s*(https?:)?[/\\]{2}/im);
    const [absolute] = answers;
    const next = /^location: (.*)$/im.exec(absolute!)?.[1];
    if (next === undefined) return;
    const client = app.client();
    const login = await client.submit(next.trim(), { email, password: TEST_PASSWORD });
    expect(login.location).not.toContain('evil');
  });

  it('is not believed from headers of strangers', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9;host=evil.example;proto=https',
      'x-original-url': '/admin/',
      'x-rewrite-url': '/admin/',
      'x-host': 'evil.example',
    };
    const { text } = await app.client().get('/shop/client', { headers });
    expect(JSON.parse(text)).toEqual({ ip: '127.0.0.1', host: app.origin.slice(7), protocol: 'http' });
  });
});

describe('the way after the login', () => {
  const HOME = '/';
  it.each([
    '//evil.example',
    '///evil.example',
    '////evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    'https://evil.example',
    'https:evil.example',
    'http:///evil.example',
    'HTTPS://evil.example/admin/',
    'https://127.0.0.1@evil.example/',
    'https://evil.example\\@127.0.0.1/',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/%2e//evil.example',
    '//127.0.0.1',
    '?',
    '',
    'x'.repeat(5000),
    '/\u2028/evil.example',
    'ftp://127.0.0.1/',
    '@evil.example',
    ':80@evil.example',
    '//%65vil.example',
  ])('is never %j', async (next) => {
    const address = `/accounts/login/?next=${encodeURIComponent(next.slice(0, 3000))}`;
    const client = app.client();
    const posted = await client.submit('/accounts/login/', { email, password: TEST_PASSWORD, next });
    const asked = await client.get(address);
    for (const { location } of [posted, asked]) {
      expect(new URL(location!, `${app.origin}/accounts/login/`).origin).toBe(app.origin);
      if (/evil|script|data:|ftp|x{9}/.test(next)) expect(location).toBe(HOME);
    }
  });

  it('is kept as it is on the page, and goes nowhere else', async () => {
    const { text } = sealed(await app.client().get('/accounts/login/?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E'));
    expect(text).not.toContain('<script>alert');
  });
});

describe('what an answer tells', () => {
  it('of an error in production is nothing', async () => {
    for (const accept of ['text/html', 'application/json', '*/*', 'image/png']) {
      const answer = await app.client().get('/shop/broken', { headers: { accept } });
      expect(answer.status).toBe(500);
      const told = `${answer.text}${JSON.stringify(answer.headers)}`;
      for (const secret of [SECRET, 'password', 'select', process.cwd(), '.ts:', 'Error:'])
        expect(told).not.toContain(secret);
    }
  });

  it('of the software is nothing', async () => {
    const { headers } = await app.client().get('/accounts/login/');
    expect(Object.keys(headers)).not.toContain('x-powered-by');
    expect(Object.keys(headers)).not.toContain('server');
  });

  it('to somebody who is logged in is kept by no cache', async () => {
    const client = await app.login({ email });
    const pages = [
      '/admin/',
      '/admin/atlas/',
      '/admin/atlas/city/',
      '/admin/atlas/city/add/',
      '/accounts/password/',
      '/admin/autocomplete/?field=atlas.city.country',
      '/admin/nothing/',
    ];
    for (const path of pages) {
      const answer = await client.get(path);
      expect(answer.header('cache-control'), path).toContain('no-store');
      expect(answer.header('vary') ?? '', path).toMatch(/cookie/i);
    }
  });
});

describe('static files', () => {
  it.each([
    '/static/../package.json',
    '/static/..%2fpackage.json',
    '/static/%2e%2e/%2e%2e/package.json',
    '/static/admin/..%5c..%5cpackage.json',
    '/static/admin/%2e%2e%2f%2e%2e%2fadmin.module.ts',
    '/static//etc/passwd',
    '/static/admin//..//..//admin.module.ts',
    '/static/%c0%ae%c0%ae/package.json',
    '/static/.env',
    '/static/',
    '/static/admin/',
    '/static/admin/base.css/',
    '/static/__proto__',
    '/static/constructor',
    '/media/../package.json',
    '/media/..%2f..%2fpackage.json',
    '/media/x?signature=x&expires=99999999999',
  ])('are not left by %s', async (path) => {
    const { status } = sealed(await app.client().get(path));
    expect([400, 403, 404]).toContain(status);
  });
});
