import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Injectable } from '@nestjs/common';
import { CheckRunner } from 'bowerbird/core';
import { StaticDirectory, StaticFiles } from 'bowerbird/http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { HttpApp, type HttpAppOptions } from './http-app.js';

const folder = mkdtempSync(join(tmpdir(), 'bowerbird-static-'));
const inFolder = (path: string) => join(folder, path);
const project = pathToFileURL(inFolder('project/'));

@StaticDirectory('area')
@Injectable()
class AreaAssets {
  readonly url = pathToFileURL(inFolder('area/'));
}

beforeAll(() => {
  for (const path of ['project/area', 'area/img', 'area/.hidden', 'outside'])
    mkdirSync(inFolder(path), { recursive: true });
  const files: Record<string, string | Buffer> = {
    'project/site.js': 'export {};'.repeat(300),
    'project/area/over.css': 'p{color:red}',
    'area/over.css': 'p{color:blue}',
    'area/main.css':
      '@import "part.css";\na{background:url(img/a.png)}b{background:url("img/a.png?x#y")}c{background:url(\'data:,\')}d{background:url(/abs.png)}e{background:url(gone.png)}/* url(img/a.png) */',
    'area/part.css': 'p{background:url("./img/a.png")}',
    'area/one.css': '@import url(two.css);',
    'area/two.css': '@import url("one.css");',
    'area/img/a.png': Buffer.alloc(100_000, 7),
    'area/.env': 'SECRET=1',
    'area/.hidden/x.txt': 'x',
    'area/empty.txt': '',
    'area/ü ö.txt': 'umlaut',
    'area/page.html': '<p>',
    'area/data.bin': 'x',
    'outside/secret.txt': 'secret',
  };
  for (const [path, content] of Object.entries(files)) writeFileSync(inFolder(path), content);
  symlinkSync(inFolder('outside/secret.txt'), inFolder('area/link.txt'));
  symlinkSync(inFolder('outside'), inFolder('area/linked'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let app: HttpApp;
const start = async (options: HttpAppOptions = {}) =>
  (app = await HttpApp.start({
    providers: [AreaAssets],
    http: { static: { directories: [project] } },
    production: true,
    ...options,
  }));
afterEach(() => app.stop());

const hashed = (path: string) => app.get(StaticFiles).url(path);
const status = async (path: string) =>
  /^HTTP\/1.1 (\d+)/.exec(await app.raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`))?.[1];

describe('hashed static files', () => {
  it('have a hash in their address and may be kept forever', async () => {
    await start();
    expect(hashed('area/main.css')).toMatch(/^\/static\/area\/main\.[0-9a-f]{16}\.css$/);
    const response = await app.fetch(hashed('area/main.css'));
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/css; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });

  it('keep their plain addresses, for a short time and with a tag', async () => {
    await start();
    const response = await app.fetch('/static/area/main.css');
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
    const again = await app.fetch('/static/area/main.css', {
      headers: { 'if-none-match': `W/"x", ${response.headers.get('etag')}` },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('refer to each other by hashed names', async () => {
    await start();
    const css = await (await app.fetch(hashed('area/main.css'))).text();
    expect(css).toMatch(/@import "part\.[0-9a-f]{16}\.css"/);
    expect(css).toMatch(
      /a\{background:url\(img\/a\.[0-9a-f]{16}\.png\)\}b\{background:url\("img\/a\.[0-9a-f]{16}\.png\?x#y"\)\}/,
    );
    expect(css).toContain("url('data:,')");
    expect(css).toContain('url(/abs.png)');
    expect(css).toContain('url(gone.png)');
    expect(await (await app.fetch(hashed('area/one.css'))).text()).toMatch(/url\(two\.[0-9a-f]{16}\.css\)/);
  });

  it('change their address with what they refer to', async () => {
    await start();
    const before = hashed('area/main.css');
    await app.stop();
    writeFileSync(inFolder('area/img/a.png'), Buffer.alloc(100_000, 8));
    await start();
    expect(hashed('area/main.css')).not.toBe(before);
    expect(await status(before)).toBe('404');
  });

  it('of the project come before those of an area', async () => {
    await start();
    expect(await (await app.fetch(hashed('area/over.css'))).text()).toBe('p{color:red}');
  });

  it('are compressed when that helps and the client can read it', async () => {
    await start();
    const response = await app.fetch(hashed('site.js'), { headers: { 'accept-encoding': 'gzip, br' } });
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    expect(await response.text()).toBe('export {};'.repeat(300));
    const plain = await app.fetch(hashed('site.js'), { headers: { 'accept-encoding': 'identity, br;q=0' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('etag')).not.toBe(response.headers.get('etag'));
    expect((await app.fetch(hashed('area/img/a.png'))).headers.get('content-encoding')).toBeNull();
  });

  it('that a stylesheet misses are found by a check', async () => {
    await start();
    const { findings } = await app.get(CheckRunner).run({ areas: ['http'], deploy: true });
    const found = findings.filter(({ id }) => id === 'http.W003');
    expect(found.map(({ id, message }) => `${id} ${message}`)).toEqual([
      'http.W003 The stylesheet "area/main.css" refers to "area/gone.png", which does not exist',
    ]);
  });
});

describe.each([true, false])('static files (production: %s)', (production) => {
  it('have the right types', async () => {
    await start({ production });
    const types: Record<string, string> = {
      'site.js': 'text/javascript; charset=utf-8',
      'area/img/a.png': 'image/png',
      'area/page.html': 'text/html; charset=utf-8',
      'area/data.bin': 'application/octet-stream',
    };
    for (const [path, type] of Object.entries(types)) {
      const response = await app.fetch(`/static/${path}`);
      expect([response.headers.get('content-type'), response.headers.get('x-content-type-options')]).toEqual([
        type,
        'nosniff',
      ]);
    }
  });

  it('never leave their directories', async () => {
    await start({ production });
    const paths = [
      '/static/../package.json',
      '/static/area/../../outside/secret.txt',
      '/static/area/%2e%2e/%2e%2e/outside/secret.txt',
      '/static/area/..%2f..%2foutside%2fsecret.txt',
      '/static/area/..%5c..%5coutside%5csecret.txt',
      '/static/area\\..\\..\\outside\\secret.txt',
      '/static//etc/passwd',
      '/static/%2fetc/passwd',
      '/static/area/link.txt',
      '/static/area/linked/secret.txt',
      '/static/area/.env',
      '/static/area/%2eenv',
      '/static/area/.hidden/x.txt',
      '/static/area/',
      '/static/area',
      '/static/',
      '/static/area/main.css/',
      '/static/nothing.css',
      '/static/area/img',
      '/static/C:/x',
      '/static/area/main.css%20',
      '/static/area/MAIN.css',
    ];
    for (const path of paths) expect(await status(path), path).toBe('404');
    for (const path of ['/static/area/main.css%00.png', '/static/%zz', '/static/%ff'])
      expect(await status(path), path).toBe('400');
  });

  it('answer HEAD, and refuse what would change them', async () => {
    await start({ production });
    const head = await app.fetch('/static/area/img/a.png', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '100000', '']);
    const post = await app.fetch('/static/area/main.css', { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('answer for single ranges', async () => {
    await start({ production });
    const range = (value: string, extra = {}) =>
      app.fetch('/static/area/img/a.png', { headers: { range: value, ...extra } });
    const part = await range('bytes=10-19');
    expect([part.status, part.headers.get('content-range'), (await part.arrayBuffer()).byteLength]).toEqual([
      206,
      'bytes 10-19/100000',
      10,
    ]);
    expect((await range('bytes=-5')).headers.get('content-range')).toBe('bytes 99995-99999/100000');
    expect((await range('bytes=99990-')).headers.get('content-length')).toBe('10');
    expect((await range('bytes=100000-')).status).toBe(416);
    for (const value of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=5-4', 'bytes=-', 'x'])
      expect((await range(value)).status, value).toBe(200);
    expect((await range('bytes=0-1', { 'if-range': '"other"' })).status).toBe(200);
  });

  it('may be empty, and have any name', async () => {
    await start({ production });
    const empty = await app.fetch('/static/area/empty.txt');
    expect([empty.status, await empty.text()]).toEqual([200, '']);
    expect(await (await app.fetch(`/static/area/${encodeURIComponent('ü ö.txt')}`)).text()).toBe('umlaut');
  });
});

describe('static files in development', () => {
  it('are asked for each time and never stale', async () => {
    await start({ production: false });
    const url = hashed('area/part.css');
    expect(url).toBe('/static/area/part.css');
    const first = await app.fetch(url);
    expect(first.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    const since = { headers: { 'if-modified-since': first.headers.get('last-modified')! } };
    expect((await app.fetch(url, since)).status).toBe(304);
    writeFileSync(inFolder('area/part.css'), 'changed');
    expect(await (await app.fetch(url, { headers: { 'if-none-match': first.headers.get('etag')! } })).text()).toBe(
      'changed',
    );
  });

  it('are an error where a template misspells them', async () => {
    await start({ production: false });
    expect(() => hashed('area/mian.css')).toThrow('There is no static file "area/mian.css"');
  });

  it('may be added while the application starts', async () => {
    await start({ prepare: (nest) => nest.get(StaticFiles).addDirectory('shop', project) });
    expect(await (await app.fetch(hashed('shop/area/over.css'))).text()).toBe('p{color:red}');
  });

  it('that have no directory are found by a check', async () => {
    await start({ http: { static: { directories: ['./nowhere'] } }, production: false });
    const { findings } = await app.get(CheckRunner).run({ areas: ['http'] });
    expect(findings.map(({ id }) => id)).toEqual(['http.E007']);
  });
});

describe('the icon of a site', () => {
  it("is the project's own, or nothing at all", async () => {
    await start();
    expect((await app.fetch('/favicon.ico')).status).toBe(204);
    await app.stop();
    writeFileSync(inFolder('project/favicon.ico'), 'icon');
    await start();
    const icon = await app.fetch('/favicon.ico');
    expect([icon.headers.get('content-type'), await icon.text()]).toEqual(['image/x-icon', 'icon']);
  });
});
