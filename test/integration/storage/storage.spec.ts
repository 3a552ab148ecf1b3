import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

import { SettingsProblems } from 'bowerbird/core';
import {
  Disks,
  resolveStorage,
  storageDrivers,
  StorageModule,
  type Disk,
  type StorageOptions,
} from 'bowerbird/storage';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { describeDisk } from '../../../packages/bowerbird/src/testing/contracts/disk.contract.js';
import { mountSmallDisk } from '../../support/small-disk.js';
import { HttpApp } from '../http/http-app.js';

const folder = mkdtempSync(join(tmpdir(), 'bowerbird-storage-'));
const root = pathToFileURL(`${folder}/`);
let count = 0;
let app: HttpApp | undefined;

afterEach(async () => {
  vi.useRealTimers();
  await app?.stop();
  app = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function resolve(options: StorageOptions) {
  const problems = new SettingsProblems();
  const config = resolveStorage(options, problems, { production: true, root });
  return { config, findings: problems.toFindings() };
}

async function start(options: StorageOptions = {}): Promise<Disks> {
  app = await HttpApp.start({ production: true, imports: [StorageModule.forRoot(resolve(options).config)] });
  return app.get(Disks);
}

const fresh = () => `disk-${(count += 1)}/`;
const disksOf = (visibility: 'public' | 'private') =>
  start({ disks: { default: storageDrivers.local({ root: fresh(), visibility }) } });

describeDisk({ describe, it, expect }, 'local, private', async () => (await disksOf('private')).default);
describeDisk({ describe, it, expect }, 'local, public', async () => (await disksOf('public')).default);

describe('a local disk', () => {
  it('does not follow links that leave it', async () => {
    const { default: disk } = await start({ disks: { default: storageDrivers.local({ root: 'linked/' }) } });
    await disk.save('a.txt', Buffer.from('x'));
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/secret.txt'), 'secret');
    symlinkSync(join(folder, 'outside/secret.txt'), join(folder, 'linked/link.txt'));
    symlinkSync(join(folder, 'outside'), join(folder, 'linked/folder'));
    await expect(disk.open('link.txt')).rejects.toMatchObject({ code: 'storage.invalid_name' });
    await expect(disk.open('folder/secret.txt')).rejects.toMatchObject({ code: 'storage.invalid_name' });
    await expect(disk.save('folder/new.txt', Buffer.from('x'))).rejects.toMatchObject({ code: 'storage.invalid_name' });
    expect(readdirSync(join(folder, 'outside'))).toEqual(['secret.txt']);
  });

  it('leaves nothing unfinished behind', async () => {
    const { default: disk } = await start({ disks: { default: storageDrivers.local({ root: 'tidy/' }) } });
    await disk.save('a.txt', Buffer.from('x'));
    await disk
      .save(
        'a.txt',
        Readable.from(
          (function* () {
            yield 'x';
            throw new Error('broken');
          })(),
        ),
      )
      .catch(() => undefined);
    expect(readdirSync(join(folder, 'tidy/.unfinished'))).toEqual([]);
  });

  it('sweeps away what a killed process left behind, and nothing that may still be written', async () => {
    mkdirSync(join(folder, 'swept/.unfinished'), { recursive: true });
    for (const name of ['old', 'new']) writeFileSync(join(folder, 'swept/.unfinished', name), 'half');
    utimesSync(join(folder, 'swept/.unfinished/old'), 1, 1);
    const { default: disk } = await start({ disks: { default: storageDrivers.local({ root: 'swept/' }) } });
    await disk.save('a.txt', Buffer.from('x'));
    expect(readdirSync(join(folder, 'swept/.unfinished'))).toEqual(['new']);
  });

  it('says when it is full, and keeps nothing of the file', async ({ skip }) => {
    const small = mountSmallDisk(join(folder, 'full'));
    if (!small) skip();
    try {
      const { default: disk } = await start({ disks: { default: storageDrivers.local({ root: 'full/' }) } });
      await expect(disk.save('big.bin', Buffer.alloc(500_000))).rejects.toMatchObject({
        code: 'storage.full',
        status: 507,
      });
      expect(await disk.exists('big.bin')).toBe(false);
      expect(await disk.save('small.bin', Buffer.alloc(100))).toBe('small.bin');
    } finally {
      small!.remove();
    }
  });

  it('is private and lies beside the entry file unless said otherwise', async () => {
    const { default: disk } = await start();
    expect(disk.visibility).toBe('private');
    await disk.save('a.txt', Buffer.from('x'));
    expect(existsSync(join(folder, 'var/media/a.txt'))).toBe(true);
  });
});

describe('the media route', () => {
  let disk: Disk;
  const save = (name: string, content = 'content') => disk.save(name, Buffer.from(content));

  describe('for a public disk', () => {
    beforeEach(async () => (disk = (await disksOf('public')).default));

    it('serves files by their addresses, with the right type', async () => {
      const response = await app!.fetch(disk.url(await save('covers/a ü.png')));
      expect([response.status, await response.text()]).toEqual([200, 'content']);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'image/png',
        'cache-control': 'public, max-age=86400',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
      });
      expect(response.headers.get('content-disposition')).toBeNull();
    });

    it.each(['x.html', 'x.svg', 'x.xhtml', 'x.xml', 'x.js', 'x.pdf', 'x.unknown', 'x.HTM'])(
      'gives %s as a download',
      async (name) => {
        const response = await app!.fetch(disk.url(await save(name, '<script>alert(1)</script>')));
        expect(response.headers.get('content-disposition')).toBe(
          `attachment; filename="${name}"; filename*=UTF-8''${name}`,
        );
        expect(response.headers.get('content-type')).not.toMatch(/html|svg|xml|javascript/);
      },
    );

    it('answers conditional requests, ranges and HEAD', async () => {
      const url = disk.url(await save('a.txt', '0123456789'));
      const { headers } = await app!.fetch(url);
      expect((await app!.fetch(url, { headers: { 'if-none-match': headers.get('etag')! } })).status).toBe(304);
      expect(await (await app!.fetch(url, { headers: { range: 'bytes=2-4' } })).text()).toBe('234');
      expect((await app!.fetch(url, { method: 'HEAD' })).headers.get('content-length')).toBe('10');
      expect((await app!.fetch(url, { method: 'DELETE' })).status).toBe(405);
    });

    it('never leaves the disk', async () => {
      const paths = [
        '..%2f..%2fx',
        '%2e%2e/x',
        '..%5cx',
        'a%00.png',
        '.unfinished/x',
        'a//b',
        '%zz',
        '',
        'nothing.txt',
      ];
      for (const path of paths) {
        const answer = await app!.raw(
          `GET /media/default/${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
        );
        expect(answer, path).toMatch(/^HTTP\/1.1 40[04]/);
      }
      for (const path of ['/media/', '/media/default', '/media/other/a.txt', '/media/..%2fdefault/a.txt'])
        expect((await app!.fetch(path)).status, path).toBe(404);
    });
  });

  describe('for a private disk', () => {
    beforeEach(async () => (disk = (await disksOf('private')).default));

    it('serves files by signed addresses only', async () => {
      const url = disk.url(await save('a.txt'));
      const response = await app!.fetch(url);
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'private, max-age=3600']);
      await save('b.txt');
      const [path, query = ''] = url.split('?');
      const forged = [
        path!,
        `${path}?${query.replace(/signature=(.)/, (_, first) => `signature=${first === '_' ? 'A' : '_'}`)}`,
        `/media/default/b.txt?${query}`,
        url.replace(/expires=(\w)/, (_, first) => `expires=${first === 'z' ? 'y' : 'z'}`),
        `${path}?expires=zzzzzz&signature=`,
        `${path}?${query}&${query}`,
      ];
      for (const address of forged) expect((await app!.fetch(address)).status, address).toBe(403);
    });

    it('does not say whether a file exists without a signature', async () => {
      await save('a.txt');
      expect((await app!.fetch('/media/default/a.txt')).status).toBe(403);
      expect((await app!.fetch('/media/default/nothing.txt')).status).toBe(403);
    });

    it('lets addresses expire, and keeps them the same for a while', async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:01Z') });
      const url = disk.url(await save('a.txt'));
      vi.setSystemTime(new Date('2026-01-01T00:10:00Z'));
      expect(disk.url('a.txt')).toBe(url);
      vi.setSystemTime(new Date('2026-01-01T01:00:00Z'));
      expect((await app!.fetch(url)).status).toBe(200);
      vi.setSystemTime(new Date('2026-01-01T01:15:01Z'));
      expect((await app!.fetch(url)).status).toBe(403);
    });
  });

  it('keeps the signatures of disks apart', async () => {
    const disks = await start({
      disks: { first: storageDrivers.local({ root: 'first/' }), second: storageDrivers.local({ root: 'second/' }) },
    });
    for (const name of ['first', 'second']) await disks.get(name).save('a.txt', Buffer.from(name));
    const url = disks.get('first').url('a.txt');
    expect(await (await app!.fetch(url)).text()).toBe('first');
    expect((await app!.fetch(url.replace('/first/', '/second/'))).status).toBe(403);
  });
});

describe('settings', () => {
  it('that are wrong are all reported at once', () => {
    const { findings } = resolve({
      disks: { Media: storageDrivers.local({ root: 'x/' }), files: 'local' as never },
      prefix: 'media',
      urlLifetime: '30d',
      disc: 1,
    } as never);
    expect(findings.map(({ id, at }) => `${id} ${at}`).sort()).toEqual([
      'core.E001 settings.storage.disc',
      'core.E003 settings.storage.prefix',
      'core.E003 settings.storage.urlLifetime',
      'storage.E001 settings.storage.disks',
      'storage.E001 settings.storage.disks',
    ]);
  });

  it('name the disks that there are', async () => {
    const disks = await start();
    expect(() => disks.get('defualt')).toThrow('No disk is named "defualt". Did you mean "default"?');
  });
});
