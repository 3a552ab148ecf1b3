import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { Controller, Post, Req } from '@nestjs/common';
import { formValues, type HttpRequest } from 'bowerbird/http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.js';
import { HttpApp } from './http-app.js';

@Controller()
class EchoController {
  @Post('echo')
  async echo(@Req() request: HttpRequest) {
    const values = formValues(request);
    const files = Object.values(request.files ?? {}).flat();
    return {
      body: request.body ?? null,
      raw: request.rawBody?.toString() ?? null,
      all: Object.fromEntries(values.names().map((name) => [name, values.all(name)])),
      files: await Promise.all(
        files.map(async ({ open, path, ...file }) => ({
          ...file,
          content: await text(open()),
          there: existsSync(path),
        })),
      ),
    };
  }
}

const uploads = mkdtempSync(join(tmpdir(), 'bowerbird-limits-'));
const limits = {
  bodyBytes: 2_000,
  multipartBytes: 20_000,
  fileBytes: 5_000,
  files: 2,
  fields: 6,
  fieldBytes: 500,
  jsonDepth: 5,
  temporaryDirectory: `${uploads}/`,
};
let app: HttpApp;

beforeAll(async () => {
  app = await HttpApp.start({ controllers: [EchoController], http: { limits }, production: true });
});
afterEach(async () => {
  await expect.poll(() => readdirSync(uploads)).toEqual([]);
});
afterAll(async () => {
  await app.stop();
  rmSync(uploads, { recursive: true });
});

const post = (type: string, body: BodyInit) =>
  app.fetch('/echo', { method: 'POST', headers: { 'content-type': type }, body });
const form = (fill: (form: FormData) => void) => {
  const data = new FormData();
  fill(data);
  return app.fetch('/echo', { method: 'POST', body: data });
};
const code = async (response: Response) => `${response.status} ${((await response.json()) as { code?: string }).code}`;
const raw = (headers: string, body: string | Buffer = '', options = {}) =>
  app.raw(
    Buffer.concat([Buffer.from(`POST /echo HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n`), Buffer.from(body)]),
    options,
  );

describe('JSON bodies', () => {
  it('are parsed, with their bytes kept for signatures', async () => {
    const answer = await (await post('application/json; charset=UTF-8', '{"a": ["ü", null]}')).json();
    expect(answer).toMatchObject({ body: { a: ['ü', null] }, raw: '{"a": ["ü", null]}' });
    expect(await (await post('application/ld+json', '[1]')).json()).toMatchObject({ body: [1] });
    expect(await (await post('application/json', '')).json()).toMatchObject({ body: null });
  });

  it.each([
    ['broken text', '{"a":'],
    ['a NUL character', '{"a":"b\\u0000"}'],
    ['a NUL character in a key', '{"a\\u0000":1}'],
    ['a key into the prototype', '{"a":{"__proto__":{"admin":true}}}'],
    ['an escaped key into the prototype', '{"\\u005f_proto__":1}'],
    ['a path into the prototype', '{"constructor":{"prototype":{}}}'],
    ['a name that comes twice', '{"a":1,"b":{"a":2},"\\u0061":":"}'],
    ['deep nesting', '[[[[[[1]]]]]]'],
    ['very deep nesting', '['.repeat(1_900)],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('are refused with %s', async (_what, body) => {
    expect(await code(await post('application/json', body))).toBe('400 http.malformed_body');
  });

  it('may hold brackets in texts at any number', async () => {
    expect((await post('application/json', JSON.stringify({ a: '[[[[[[[[["\\' }))).status).toBe(201);
  });

  it('are refused in other charsets and in compressed form', async () => {
    expect(await code(await post('application/json; charset=utf-16', '{}'))).toBe('415 http.unsupported_media_type');
    const answer = await app.fetch('/echo', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: '{}',
    });
    expect(await code(answer)).toBe('415 http.unsupported_media_type');
  });
});

describe('urlencoded bodies', () => {
  const urlencoded = 'application/x-www-form-urlencoded';

  it('keep every value of a name, in order', async () => {
    const answer = (await (await post(urlencoded, 'a=1&b=x+y%2Bz&a=2&c&d=%C3%BC&')).json()) as Record<string, unknown>;
    expect(answer.all).toEqual({ a: ['1', '2'], b: ['x y+z'], c: [''], d: ['ü'] });
    expect(answer.body).toEqual({ a: ['1', '2'], b: 'x y+z', c: '', d: 'ü' });
  });

  it.each([
    ['a NUL character', 'a=%00', '400 http.malformed_body'],
    ['broken escapes', 'a=%zz', '400 http.malformed_body'],
    ['escapes that are no UTF-8', 'a=%ff', '400 http.malformed_body'],
    ['a name into the prototype', '__proto__=1', '400 http.malformed_body'],
    ['too many fields', 'a=1&b=1&c=1&d=1&e=1&f=1&g=1', '413 http.payload_too_large'],
    ['a long field', `a=${'x'.repeat(501)}`, '413 http.payload_too_large'],
  ])('are refused with %s', async (_what, body, expected) => {
    expect(await code(await post(urlencoded, body))).toBe(expected);
  });
});

describe('fields with the names of what every object has', () => {
  const NAMES = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'then'];

  it.each(NAMES)('are fields and files like others: %s', async (name) => {
    const answer = await form((data) => {
      data.append(name, new Blob(['one']), 'one.txt');
      data.append(name, new Blob(['two']), 'two.txt');
      data.append(name, 'text');
    });
    expect(answer.status).toBe(201);
    const files = ['one', 'two'].map((content) => ({ fieldName: name, content, there: true }));
    expect(await answer.json()).toMatchObject({ body: { [name]: 'text' }, all: { [name]: ['text'] }, files });
    const coded = await post('application/x-www-form-urlencoded', `${name}=1&${name}=2`);
    expect(await coded.json()).toMatchObject({ body: { [name]: ['1', '2'] }, all: { [name]: ['1', '2'] } });
  });
});

describe('multipart bodies', () => {
  it('give fields, and files in temporary files that are gone after the response', async () => {
    const answer = (await (
      await form((data) => {
        data.append('tag', 'a');
        data.append('tag', 'b');
        data.append('cover', new File(['content'], 'löwe.txt', { type: 'text/plain' }));
        data.append('empty', new File([], ''));
      })
    ).json()) as Record<string, unknown>;
    expect(answer.all).toEqual({ tag: ['a', 'b'] });
    expect(answer.files).toEqual([
      { fieldName: 'cover', fileName: 'löwe.txt', mediaType: 'text/plain', size: 7, content: 'content', there: true },
    ]);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\a.txt', 'a.txt'],
    ['.htaccess', 'htaccess'],
    ['a\u202egnp.exe', 'agnp.exe'],
    ['...', 'file'],
    [`${'ü'.repeat(300)}.jpeg`, `${'ü'.repeat(97)}.jpeg`],
  ])('give %j a safe name', async (given, safe) => {
    const answer = await (await form((data) => data.append('f', new File(['x'], given)))).json();
    expect((answer as { files: { fileName: string }[] }).files[0]!.fileName).toBe(safe);
  });

  it.each<[string, (data: FormData) => void, string]>([
    ['a large file', (data) => data.append('f', new File(['x'.repeat(5_001)], 'f')), '413 http.payload_too_large'],
    [
      'too many files',
      (data) => ['a', 'b', 'c'].forEach((name) => data.append(name, new File(['x'], name))),
      '413 http.payload_too_large',
    ],
    [
      'too many fields',
      (data) => Array.from('abcdefg').forEach((name) => data.append(name, 'x')),
      '413 http.payload_too_large',
    ],
    ['a large field', (data) => data.append('a', 'x'.repeat(501)), '413 http.payload_too_large'],
    ['a large body', (data) => data.append('f', new File(['x'.repeat(20_001)], 'f')), '413 http.payload_too_large'],
    ['a NUL character', (data) => data.append('a', 'x\0'), '400 http.malformed_body'],
  ])('are refused with %s, and leave no file behind', async (_what, fill, expected) => {
    expect(await code(await form(fill))).toBe(expected);
  });

  it('are refused without a boundary and when they end too early', async () => {
    expect(await code(await post('multipart/form-data', 'x'))).toBe('400 http.malformed_body');
    expect(
      await code(
        await post('multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx'),
      ),
    ).toBe('400 http.malformed_body');
    const file = '--b\r\nContent-Disposition: form-data; name="a"; filename="a.txt"\r\n\r\nhalf';
    expect(await code(await post('multipart/form-data; boundary=b', file))).toBe('400 http.malformed_body');
  });

  it('are refused with a large body without a length', async () => {
    const body = `--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n${'x'.repeat(30_000)}`;
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect(
      await raw(
        'Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\nConnection: close',
        chunk,
      ),
    ).toMatch(/^HTTP\/1.1 413/);
  });

  it('leave no file behind when the client goes away in the middle', async () => {
    const part = '--b\r\nContent-Disposition: form-data; name="a"; filename="a.txt"\r\n\r\nhalf';
    const socket = connect(app.port, '127.0.0.1');
    socket.write(
      `POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n${part}`,
    );
    await expect.poll(() => readdirSync(uploads).length).toBe(1);
    socket.destroy();
    await expect.poll(() => readdirSync(uploads)).toEqual([]);
    expect((await post('application/json', '{}')).status).toBe(201);
  });
});

describe('limits', () => {
  it('refuse a body by its length alone, before it is read', async () => {
    for (const type of [
      'application/json',
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/octet-stream',
    ])
      expect(await raw(`Content-Type: ${type}\r\nContent-Length: 10485760`, 'x', { silence: 300 })).toMatch(
        /^HTTP\/1.1 413/,
      );
  });

  it('answer a client that sends ten megabytes all the same', async () => {
    expect(await code(await post('application/json', 'x'.repeat(10 * 1024 * 1024)))).toBe('413 http.payload_too_large');
  });

  it('stop a body without a length at the limit', async () => {
    const chunk = `${(2_001).toString(16)}\r\n${'x'.repeat(2_001)}\r\n0\r\n\r\n`;
    expect(
      await raw('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close', chunk),
    ).toMatch(/^HTTP\/1.1 413/);
  });

  it('ask for the length of a body that is not read in advance', async () => {
    expect(
      await raw('Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\nConnection: close', '1\r\nx\r\n0\r\n\r\n'),
    ).toMatch(/^HTTP\/1.1 411/);
  });

  it('let a client that expects 100 send only what will be accepted', async () => {
    const type = 'Content-Type: application/json\r\nExpect: 100-continue\r\n';
    const refused = await raw(`${type}Content-Length: 10485760`, '', { silence: 500 });
    expect(refused).toMatch(/^HTTP\/1.1 413/);
    expect(refused).not.toContain('100 Continue');
    const accepted = await raw(`${type}Content-Length: 2\r\nConnection: close`, '{}');
    expect(accepted).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 201/);
  });

  it('survive a body that is shorter than its length', async () => {
    expect(
      await raw('Content-Type: application/json\r\nContent-Length: 50', '{"a":', { end: true, silence: 500 }),
    ).not.toMatch(/ 201/);
    expect((await post('application/json', '{}')).status).toBe(201);
  });

  it('refuse contradicting lengths', async () => {
    expect(
      await raw('Content-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked', '0\r\n\r\n{}'),
    ).toMatch(/^HTTP\/1.1 400/);
  });

  it('refuse addresses with NUL characters', async () => {
    for (const path of ['/echo?q=%00', '/echo%00'])
      expect(await code(await app.fetch(path))).toBe('400 http.bad_request');
  });
});

describe('a full disk', () => {
  const mount = join(tmpdir(), `bowerbird-full-${process.pid}`);
  let small: SmallDisk | null = null;

  beforeAll(() => {
    small = mountSmallDisk(mount);
  });
  afterAll(() => small?.remove());

  it('refuses the upload with 507 and keeps nothing of it', async ({ skip }) => {
    if (!small) skip();
    const other = await HttpApp.start({
      controllers: [EchoController],
      http: { limits: { temporaryDirectory: `${mount}/` } },
    });
    const data = new FormData();
    data.append('f', new File(['x'.repeat(500_000)], 'big.bin'));
    const response = await other.fetch('/echo', { method: 'POST', body: data });
    expect(await code(response)).toBe('507 http.upload_storage');
    await expect.poll(() => readdirSync(mount)).toEqual([]);
    await other.stop();
  });
});

describe("beside Nest's own parser", () => {
  it('a body is read once', async () => {
    const other = await HttpApp.start({ controllers: [EchoController], nestParser: true });
    const send = (type: string, body: string) =>
      other
        .fetch('/echo', { method: 'POST', headers: { 'content-type': type }, body })
        .then((response) => response.json());
    expect(await send('application/json', '{"a":1}')).toMatchObject({ body: { a: 1 } });
    expect(await send('application/x-www-form-urlencoded', 'a=1&a=2')).toMatchObject({ body: { a: ['1', '2'] } });
    await other.stop();
  });
});
