import { Controller, Get, Req } from '@nestjs/common';
import { type HttpOptions, type HttpRequest } from 'bowerbird/http';
import { afterEach, describe, expect, it } from 'vitest';

import { HttpApp } from './http-app.js';

@Controller()
class ClientController {
  @Get('client')
  client(@Req() { ip, protocol, secure, host }: HttpRequest) {
    return { ip, protocol, secure, host };
  }
}

let app: HttpApp;
const start = async (http: HttpOptions, production = true) =>
  (app = await HttpApp.start({ controllers: [ClientController], http, production }));

afterEach(() => app.stop());

const status = async (host: string, path = '/client') =>
  /^HTTP\/1.1 (\d+)/.exec(await app.raw(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))?.[1];

describe('allowed hosts', () => {
  it('are exact names, names with subdomains, addresses, and nothing else', async () => {
    await start({ allowedHosts: ['shop.example', '.wide.example', '10.0.0.1', '[2001:db8::1]'] });
    const good = [
      'shop.example',
      'SHOP.example:8000',
      'shop.example.',
      'wide.example',
      'a.b.wide.example',
      '10.0.0.1:80',
      '[2001:db8::1]:8000',
    ];
    for (const host of good) expect(await status(host), host).toBe('200');
    const bad = [
      'evil.example',
      'shop.example.evil',
      'xshop.example',
      'notwide.example',
      'sub.shop.example',
      'localhost',
      '127.0.0.1',
      '',
      'shop.example:x',
      'shop.example:80:80',
      'a@shop.example',
      'shop.example/x',
      '[::1',
      'shop..example',
      '-shop.example',
      'shop.example#',
    ];
    for (const host of bad) expect(await status(host), host).toBe('400');
  });

  it('are local names by default outside of production', async () => {
    await start({ allowedHosts: [] }, false);
    for (const host of ['localhost:8000', 'shop.localhost', '127.0.0.1', '[::1]:8000'])
      expect(await status(host)).toBe('200');
    expect(await status('evil')).toBe('400');
  });

  it('may be all', async () => {
    await start({ allowedHosts: ['*'] });
    expect(await status('anything.example')).toBe('200');
    expect(await status('bad host')).toBe('400');
  });

  it('do not concern health routes, which load balancers ask by address', async () => {
    await start({ allowedHosts: ['shop.example'] });
    expect(await status('10.1.2.3', '/health/live')).toBe('200');
  });

  it('are all refused in production when none is named', async () => {
    await start({ allowedHosts: [] });
    expect(await status('localhost')).toBe('400');
  });
});

describe('proxies', () => {
  const client = async (headers: Record<string, string>) =>
    (await (await app.fetch('/client', { headers })).json()) as unknown;
  const allowedHosts = ['127.0.0.1', 'shop.example'];

  it('are not believed unless they are declared', async () => {
    await start({ allowedHosts });
    const direct = { ip: '127.0.0.1', protocol: 'http', secure: false, host: `127.0.0.1:${app.port}` };
    expect(
      await client({ 'x-forwarded-for': '9.9.9.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example' }),
    ).toEqual(direct);
    expect(await client({ forwarded: 'for=9.9.9.9;proto=https' })).toEqual(direct);
  });

  it('tell the client, its protocol and the host when they are declared', async () => {
    await start({ allowedHosts, trustedProxies: ['127.0.0.0/8'] });
    expect(
      await client({ 'x-forwarded-for': '9.9.9.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example' }),
    ).toEqual({
      ip: '9.9.9.9',
      protocol: 'https',
      secure: true,
      host: 'shop.example',
    });
    expect(await client({ forwarded: 'for=8.8.8.8' })).toMatchObject({ ip: '127.0.0.1' });
  });

  it('are walked from the right, so that what a client claims for itself is not believed', async () => {
    await start({ allowedHosts, trustedProxies: ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'] });
    const cases: readonly [string, string][] = [
      ['1.1.1.1, 9.9.9.9', '9.9.9.9'],
      ['1.1.1.1, 9.9.9.9, 10.0.0.7', '9.9.9.9'],
      ['1.1.1.1, 10.0.0.7, 9.9.9.9, 10.0.0.8', '9.9.9.9'],
      ['10.0.0.1, 10.0.0.2', '10.0.0.1'],
      ['9.9.9.9:1234', '9.9.9.9'],
      ['[2001:db9::5]:80, 2001:db8::1', '2001:db9::5'],
      ['::ffff:9.9.9.9', '9.9.9.9'],
      ['9.9.9.9, garbage', '127.0.0.1'],
      ['9.9.9.9, garbage, 10.0.0.2', '10.0.0.2'],
      ['', '127.0.0.1'],
    ];
    for (const [header, ip] of cases) expect(await client({ 'x-forwarded-for': header }), header).toMatchObject({ ip });
  });

  it('tell a protocol that is one', async () => {
    await start({ allowedHosts, trustedProxies: ['127.0.0.1'] });
    expect(await client({ 'x-forwarded-proto': 'javascript' })).toMatchObject({ protocol: 'http' });
    expect(await client({ 'x-forwarded-proto': 'https, http', 'x-forwarded-for': '9.9.9.9' })).toMatchObject({
      protocol: 'http',
    });
  });

  it('cannot bring in a host that is not allowed', async () => {
    await start({ allowedHosts, trustedProxies: ['127.0.0.1'] });
    expect((await app.fetch('/client', { headers: { 'x-forwarded-host': 'evil.example' } })).status).toBe(400);
  });

  it('may speak the standard header instead', async () => {
    await start({ allowedHosts, trustedProxies: ['127.0.0.1', '2001:db8::/32'], proxyHeaders: 'forwarded' });
    expect(
      await client({
        forwarded: 'for=1.1.1.1, For="[2001:db9::47]:4711";Proto=https;host=shop.example, for="[2001:db8::1]"',
        'x-forwarded-for': '7.7.7.7',
      }),
    ).toEqual({ ip: '2001:db9::47', protocol: 'https', secure: true, host: 'shop.example' });
    expect(await client({ forwarded: 'for=unknown;proto=https' })).toMatchObject({
      ip: '127.0.0.1',
      protocol: 'https',
    });
    expect(await client({ forwarded: 'for="broken;' })).toMatchObject({ ip: '127.0.0.1', protocol: 'http' });
  });
});
