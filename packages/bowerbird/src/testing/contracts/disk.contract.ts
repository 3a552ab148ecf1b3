import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { type Disk } from '#storage';

import { type ContractRunner } from './session-store.contract.js';

/** Builds an empty disk. Called once for each test. */
export type DiskFactory = () => Promise<Disk>;

/** Names that no disk takes: they climb, hide, or hold what some file system reads in its own way. */
const UNSAFE = [
  '',
  '/',
  '/etc/passwd',
  '../x',
  'a/../x',
  'a//b',
  'a/',
  './a',
  'a/./b',
  'a\\b',
  'a\0b',
  'a\nb',
  'c:x',
  '.hidden',
];

/** The rules that every disk keeps, as tests: `describeDisk({ describe, it, expect }, 'local', () => …)`. */
export function describeDisk(runner: ContractRunner, name: string, create: DiskFactory): void {
  const { describe, it, expect } = runner;
  const test = (fact: string, body: (disk: Disk) => Promise<void>) => it(fact, async () => body(await create()));

  describe(`the disk "${name}"`, () => {
    describeContent(test, expect);
    describeNames(test, expect);
    describeWriting(test, expect);
    describeAbsence(test, expect);
  });
}

type Test = (fact: string, body: (disk: Disk) => Promise<void>) => void;
type Expect = ContractRunner['expect'];

/** Everything in a file. */
async function read(disk: Disk, name: string): Promise<string> {
  return text(await disk.open(name));
}

/** The code of the error with which work fails, or `none`. */
async function codeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return 'none';
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
}

function describeContent(test: Test, expect: Expect): void {
  test('gives back bytes and streams as they were stored', async (disk) => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const name = await disk.save('bytes.bin', bytes);
    const parts = await (await disk.open(name)).toArray();
    expect(Buffer.concat(parts as Buffer[]).equals(bytes)).toBe(true);
    expect(await read(disk, await disk.save('stream.txt', Readable.from(['a', 'ü', 'c'])))).toBe('aüc');
  });

  test('keeps empty files', async (disk) => {
    const name = await disk.save('empty.txt', new Uint8Array());
    expect([await disk.exists(name), await disk.size(name), await read(disk, name)]).toEqual([true, 0, '']);
  });

  test('knows the size in bytes and the time of storing', async (disk) => {
    const before = Date.now() - 2_000;
    const name = await disk.save('a.txt', Buffer.from('üü'));
    expect(await disk.size(name)).toBe(4);
    const modified = (await disk.modified(name)).getTime();
    expect(modified >= before && modified <= Date.now() + 2_000).toBe(true);
  });

  test('gives a part of a file', async (disk) => {
    const name = await disk.save('a.txt', Buffer.from('0123456789'));
    expect(await text(await disk.open(name, { start: 2, end: 4 }))).toBe('234');
  });

  test('takes content that is larger than any buffer on the way', async (disk) => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const name = await disk.save('large.bin', Readable.from(Array.from({ length: 50 }, () => chunk)));
    expect(await disk.size(name)).toBe(50 * chunk.length);
  });
}

function describeNames(test: Test, expect: Expect): void {
  test('keeps names with folders and any letters', async (disk) => {
    for (const name of ['a.txt', 'covers/2026/lion.jpg', 'ünï-漢字-🦜.txt', "quote'd.txt"]) {
      expect(await disk.save(name, Buffer.from(name))).toBe(name);
      expect(await read(disk, name)).toBe(name);
    }
  });

  test('mends a last part that is awkward', async (disk) => {
    for (const name of ['a b?.txt', 'a\u0000b.txt', '..', '.htaccess', 'x'.repeat(500), `${'ü'.repeat(300)}.jpeg`]) {
      const saved = await disk.save(name, Buffer.from('x'));
      expect([await disk.exists(saved), /[\0? ]|^\./.test(saved)]).toEqual([true, false]);
    }
    expect((await disk.save(`${'x'.repeat(500)}.jpeg`, Buffer.from('x'))).endsWith('.jpeg')).toBe(true);
  });

  test('refuses names that lead elsewhere, in every method', async (disk) => {
    for (const name of UNSAFE) {
      const methods = [
        () => disk.open(name),
        () => disk.size(name),
        () => disk.modified(name),
        () => disk.delete(name),
        () => disk.exists(name),
        async () => disk.url(name),
      ];
      for (const method of methods) expect(await codeOf(method)).toBe('storage.invalid_name');
    }
    for (const name of ['../x.txt', '/x.txt', 'a/../x.txt', 'a\\..\\/x.txt'])
      expect(await codeOf(() => disk.save(name, Buffer.from('x')))).toBe('storage.invalid_name');
  });

  test('gives addresses in which every name survives', async (disk) => {
    const name = await disk.save('a/ü&%23+1.txt', Buffer.from('x'));
    const [path = ''] = disk.url(name).split('?');
    expect(decodeURIComponent(path).endsWith(name)).toBe(true);
    expect(/[&+ü]/.test(path)).toBe(false);
  });
}

function describeWriting(test: Test, expect: Expect): void {
  test('never writes over a file: a name that is taken gets another ending', async (disk) => {
    const first = await disk.save('a/b.tar.gz', Buffer.from('1'));
    const second = await disk.save('a/b.tar.gz', Buffer.from('2'));
    expect(second === first).toBe(false);
    expect([second.startsWith('a/b'), second.endsWith('.gz')]).toEqual([true, true]);
    expect([await read(disk, first), await read(disk, second)]).toEqual(['1', '2']);
  });

  test('keeps writers of one name apart', async (disk) => {
    const names = await Promise.all(
      Array.from({ length: 20 }, (_, index) => disk.save('same.txt', Readable.from([`writer ${index}`]))),
    );
    expect(new Set(names).size).toBe(20);
    const contents = await Promise.all(names.map((name) => read(disk, name)));
    expect(contents).toEqual(names.map((_, index) => `writer ${index}`));
  });

  test('keeps nothing of content that breaks off', async (disk) => {
    const broken = Readable.from(
      (function* () {
        yield 'half';
        throw Object.assign(new Error('broken'), { code: 'test.broken' });
      })(),
    );
    expect(await codeOf(() => disk.save('half.txt', broken))).toBe('test.broken');
    expect(await disk.exists('half.txt')).toBe(false);
    expect(await disk.save('half.txt', Buffer.from('whole'))).toBe('half.txt');
  });
}

function describeAbsence(test: Test, expect: Expect): void {
  test('forgets what is deleted, once or twice', async (disk) => {
    const name = await disk.save('a.txt', Buffer.from('x'));
    await disk.delete(name);
    await disk.delete(name);
    expect(await disk.exists(name)).toBe(false);
    expect(await disk.save('a.txt', Buffer.from('y'))).toBe('a.txt');
  });

  test('says that a file is missing', async (disk) => {
    await disk.save('folder/a.txt', Buffer.from('x'));
    for (const name of ['nothing.txt', 'folder', 'folder/a.txt/b', 'x'.repeat(250)]) {
      expect(await disk.exists(name)).toBe(false);
      for (const method of [() => disk.open(name), () => disk.size(name), () => disk.modified(name)])
        expect(await codeOf(method)).toBe('storage.missing');
    }
  });
}
