import {
  BadRequestException,
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  Logger,
  Module,
  Param,
  ParseIntPipe,
  Query,
  Res,
} from '@nestjs/common';
import { contextValue, FrameworkError, QUERY_LOG } from 'bowerbird/core';
import {
  BadRequestError,
  ErrorPages,
  HttpError,
  NotFoundError,
  PayloadTooLargeError,
  TooManyRequestsError,
  UnavailableError,
  UnprocessableError,
  type ErrorPageModel,
  type HttpResponse,
} from 'bowerbird/http';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { HttpApp, type HttpAppOptions } from './http-app.js';

class LookupError extends FrameworkError {
  readonly code = 'shop.lookup';
  override readonly status = 400;
}

class Elsewhere extends HttpError {
  readonly code = 'shop.elsewhere';
  override readonly status = 303;
}

const THROWN: Record<string, () => unknown> = {
  secret: () => new Error('password is hunter2', { cause: new Error('the cause') }),
  text: () => 'just text',
  nothing: () => undefined,
  lookup: () => new LookupError('No column "pasword" in table users', { hint: 'Did you mean "password"?' }),
  fields: () => new UnprocessableError('The form has errors', { errors: { email: ['Taken.'], '': ['No.'] } }),
  pipe: () => new BadRequestException(['name must be longer']),
  forbidden: () => new ForbiddenException('Only on Sundays'),
  custom: () => new HttpException({ reason: 'teapot', status: 'forged', code: 'forged' }, 418),
  gateway: () => new HttpException('upstream said hunter2', 502),
  large: () => new PayloadTooLargeError('The body is larger than <script>'),
  busy: () => new TooManyRequestsError(90),
  closed: () => new UnavailableError('Closed for cleaning'),
  elsewhere: () => new Elsewhere('Log in first', { headers: { Location: '/login' } }),
  circle: () => {
    const body: Record<string, unknown> = {};
    body.self = body;
    return new HttpException(body, 400);
  },
  trap: () =>
    Object.defineProperty(new Error('trap'), 'stack', {
      get: () => {
        throw new Error('no stack for you');
      },
    }),
  evil: () => new BadRequestError('<script>alert(1)</script>'),
};

@Controller()
class ThrowingController {
  @Get('throw/:kind')
  fail(@Param('kind') kind: string): never {
    contextValue(QUERY_LOG)?.push({ sql: 'SELECT "id" FROM "users" WHERE "id" = $1', duration: 1.25 });
    throw THROWN[kind]!();
  }

  @Get('number')
  number(@Query('n', ParseIntPipe) n: number) {
    return n;
  }

  @Get('half')
  half(@Res() response: HttpResponse) {
    response.setHeader('Content-Length', 100);
    response.write('half');
    throw new Error('in the middle');
  }

  @Get('headers')
  headers(@Res({ passthrough: true }) response: HttpResponse) {
    response.setHeader('Cache-Control', 'public, max-age=3600');
    response.setHeader('ETag', '"x"');
    throw new NotFoundError('gone');
  }
}

let app: HttpApp;
const start = async (options: HttpAppOptions = {}) =>
  (app = await HttpApp.start({ controllers: [ThrowingController], production: true, ...options }));

afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
});

const problem = async (path: string, headers: Record<string, string> = {}) => {
  const response = await app.fetch(path, { headers: { 'x-request-id': 'rid', ...headers } });
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  return (await response.json()) as Record<string, unknown>;
};
const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const page = async (path: string) => {
  const response = await app.fetch(path, { headers: browser });
  return { response, html: await response.text() };
};

describe('problem documents', () => {
  it('carry type, title, status, code and the request', async () => {
    await start();
    expect(await problem('/throw/closed')).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'Closed for cleaning',
      instance: 'urn:request:rid',
      code: 'http.unavailable',
    });
  });

  it('carry messages by field', async () => {
    await start();
    expect(await problem('/throw/fields')).toMatchObject({ status: 422, errors: { email: ['Taken.'], '': ['No.'] } });
    expect(await problem('/throw/pipe')).toMatchObject({ status: 400, errors: { '': ['name must be longer'] } });
  });

  it('keep members of their own exceptions, never over the standard ones', async () => {
    await start();
    expect(await problem('/throw/custom')).toMatchObject({ reason: 'teapot', status: 418, code: 'http.i_m_a_teapot' });
  });

  it('answer even where the error cannot be written down', async () => {
    await start();
    expect((await app.fetch('/throw/circle')).status).toBe(400);
    expect((await app.fetch('/throw/trap')).status).toBe(500);
  });

  it('answer for unknown routes, broken escapes and pipes', async () => {
    await start();
    expect(await problem('/nothing')).toMatchObject({ status: 404, code: 'http.not_found' });
    expect(await problem('/nothing')).not.toHaveProperty('detail');
    expect(await problem('/throw/%zz')).toMatchObject({ status: 400, code: 'http.bad_request' });
    expect(await problem('/number?n=x')).toMatchObject({
      status: 400,
      detail: expect.stringContaining('numeric') as string,
    });
    expect(await problem('/throw/forbidden')).toMatchObject({ status: 403, detail: 'Only on Sundays' });
  });

  it('answer for unknown routes outside of a global prefix', async () => {
    await start({ prepare: (nest) => void nest.setGlobalPrefix('api') });
    expect(await problem('/nothing')).toMatchObject({ status: 404 });
    expect(await problem('/api/nothing')).toMatchObject({ status: 404 });
    expect((await app.fetch('/health/live')).status).toBe(200);
  });

  it('never tell what an unknown error says, in production', async () => {
    await start();
    for (const kind of ['secret', 'text', 'nothing', 'gateway', 'lookup']) {
      const response = await app.fetch(`/throw/${kind}`);
      expect(await response.text(), kind).not.toMatch(/hunter2|just text|users|pasword/);
    }
    expect(await problem('/throw/secret')).toMatchObject({ status: 500, code: 'http.internal' });
    expect(await problem('/throw/lookup')).toMatchObject({ status: 400, code: 'shop.lookup' });
  });

  it('tell developers more', async () => {
    await start({ production: false });
    expect(await problem('/throw/lookup')).toMatchObject({ detail: 'No column "pasword" in table users' });
  });

  it('say when to come back', async () => {
    await start();
    const response = await app.fetch('/throw/busy');
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '90']);
  });

  it('may send the client elsewhere', async () => {
    await start();
    const response = await app.fetch('/throw/elsewhere', { headers: browser });
    expect([response.status, response.headers.get('location'), await response.text()]).toEqual([303, '/login', '']);
  });

  it('are never kept by caches, and drop the headers of the answer that failed', async () => {
    await start();
    const { headers } = await app.fetch('/headers');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('etag')).toBeNull();
    expect(headers.get('vary')).toContain('Accept');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('go to everybody who does not ask for a page by name', async () => {
    await start();
    for (const accept of ['*/*', 'application/json', 'application/json, text/html;q=0.9', 'image/png', 'text/html;q=0'])
      await problem('/nothing', { accept });
    expect((await page('/nothing')).response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });
});

describe('logging', () => {
  it("has every error of our own with its request, and none of the client's", async () => {
    const lines: string[] = [];
    await start();
    vi.spyOn(Logger.prototype, 'error').mockImplementation((message: unknown) => void lines.push(String(message)));
    await app.fetch('/throw/secret?token=abc', { headers: { 'x-request-id': 'rid' } });
    await app.fetch('/throw/closed');
    await app.fetch('/nothing');
    await app.fetch('/throw/lookup');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^GET \/throw\/secret failed \(request rid\)\nError: password is hunter2[\s\S]*the cause/);
    expect(lines[0]).not.toContain('abc');
  });
});

describe('an answer that has begun', () => {
  it('is cut off, so that the client sees that it is not whole', async () => {
    await start();
    await expect(app.fetch('/half').then((response) => response.text())).rejects.toThrow();
    expect((await app.fetch('/health/live')).status).toBe(200);
  });
});

describe('pages in production', () => {
  it.each([
    ['/throw/evil', 400],
    ['/throw/forbidden', 403],
    ['/nothing', 404],
    ['/throw/large', 413],
    ['/throw/busy', 429],
    ['/throw/secret', 500],
    ['/throw/closed', 503],
  ])('%s is a page of its own with status %i', async (path, status) => {
    await start();
    const { response, html } = await page(path);
    expect(response.status).toBe(status);
    expect(html).toContain(`<p class="status">${status}</p>`);
    expect(html).not.toMatch(/hunter2|<script|at .*\.ts/);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  });

  class OwnPages extends ErrorPages {
    async render(error: ErrorPageModel): Promise<string> {
      if (error.status === 403) throw new Error('template is broken');
      return `own ${error.status} ${error.code} ${error.developer?.message ?? '-'}`;
    }
  }
  @Module({ providers: [{ provide: ErrorPages, useClass: OwnPages }] })
  class PagesModule {}

  it("can be the application's own, with the built-in one where they fail", async () => {
    await start({ imports: [PagesModule] });
    expect((await page('/nothing')).html).toBe('own 404 http.not_found -');
    expect((await page('/throw/secret')).html).toBe('own 500 http.internal -');
    expect((await page('/throw/forbidden')).html).toContain('<h1>Forbidden</h1>');
  });
});

describe('the development page', () => {
  it('shows source, request, queries, hint and causes, with secrets masked', async () => {
    await start({ production: false });
    const response = await app.fetch('/throw/secret?token=verysecret&page=7', {
      headers: { ...browser, authorization: 'Bearer verysecret', cookie: 'sid=verysecret' },
    });
    const html = await response.text();
    expect(response.status).toBe(500);
    expect(html).toContain('password is hunter2');
    expect(html).toMatch(/<li class="focus"[^>]*><code>.*THROWN|<li class="focus"[^>]*><code>.*Error/);
    expect(html).toContain('errors.spec.ts');
    expect(html).toContain('Caused by Error');
    expect(html).toContain('the cause');
    expect(html).toMatch(/SELECT<\/i> &quot;id&quot;/);
    expect(html).toContain('1.25 ms');
    expect(html).toMatch(/<th scope="row">page<\/th><td><code>7/);
    expect(html).not.toContain('verysecret');
    expect(html).not.toMatch(/<script|style="|onclick/);
  });

  it('is safe with hostile messages and values that are no errors', async () => {
    await start({ production: false });
    expect((await page('/throw/text')).html).toContain('<h1>just text</h1>');
    expect((await page('/throw/nothing')).response.status).toBe(500);
    const { html } = await page('/throw/evil');
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script');
  });

  it('gives a hint on ordinary error pages too', async () => {
    await start({ production: false });
    expect((await page('/throw/lookup')).html).toContain('Did you mean &quot;password&quot;?');
  });

  it('gives way to the plain page where it cannot be rendered', async () => {
    await start({ production: false });
    const { response, html } = await page('/throw/trap');
    expect([response.status, html]).toEqual([500, expect.stringContaining('<h1>Internal Server Error</h1>')]);
  });

  it('never appears in production', async () => {
    await start();
    const { html } = await page('/throw/secret');
    expect(html).not.toMatch(/errors\.spec|Stack|SELECT/);
  });
});
