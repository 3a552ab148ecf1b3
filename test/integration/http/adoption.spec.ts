import { Body, Controller, Get, Injectable, Post, type NestInterceptor } from '@nestjs/common';
import { contextValue, REQUEST_ID } from 'bowerbird/core';
import { HttpConfig, PageController, Public, Reply } from 'bowerbird/http';
import { map } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';

import { HttpApp } from './http-app.js';

@Controller('theirs')
class TheirController {
  @Get()
  get() {
    return { context: contextValue(REQUEST_ID) ?? null };
  }

  @Get('broken')
  broken(): never {
    throw new Error('theirs');
  }

  @Post()
  post(@Body() body: unknown) {
    return { body };
  }
}

@PageController('desk')
class DeskController {
  @Get()
  @Public()
  page() {
    return Reply.html(`<p>${contextValue(REQUEST_ID)}</p>`);
  }

  @Get('broken')
  broken(): never {
    throw new Error('ours');
  }

  @Post('form')
  form(@Body() body: unknown) {
    return Reply.json({ body });
  }
}

@Injectable()
class Wrapping implements NestInterceptor {
  intercept(_context: unknown, next: { handle(): import('rxjs').Observable<unknown> }) {
    return next.handle().pipe(map((data) => ({ data })));
  }
}

let app: HttpApp;
const adopt = async () =>
  (app = await HttpApp.start({
    controllers: [TheirController, DeskController],
    providers: [Wrapping],
    http: { pipeline: 'own', allowedHosts: ['only.example'] },
    production: true,
    nestParser: true,
    prepare: (nest) => {
      nest.setGlobalPrefix('api');
      nest.enableVersioning({ type: 0, defaultVersion: '1' });
      nest.useGlobalInterceptors(nest.get(Wrapping));
    },
  }));

const ours = { headers: { host: 'only.example' } };

afterEach(() => app.stop());

/** `fetch` cannot set the Host header. */
const get = (path: string, host = 'only.example', accept = '*/*') =>
  app.raw(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: ${accept}\r\nConnection: close\r\n\r\n`);

describe('an adopted application', () => {
  it('answers on its own routes as before: prefix, versions, interceptors, errors, parser', async () => {
    await adopt();
    const response = await app.fetch('/api/v1/theirs');
    expect(await response.json()).toEqual({ data: { context: null } });
    expect(response.headers.get('x-request-id')).toBeNull();
    expect(response.headers.get('x-powered-by')).toBe('Express');
    const broken = await app.fetch('/api/v1/theirs/broken', { headers: { accept: 'text/html' } });
    expect(await broken.json()).toEqual({ statusCode: 500, message: 'Internal server error' });
    const post = await app.fetch('/api/v1/theirs', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a[b]=1',
    });
    expect(await post.json()).toEqual({ data: { body: { a: { b: '1' } } } });
    expect(await (await app.fetch('/api/v1/nothing')).json()).toMatchObject({ statusCode: 404 });
  });

  it('gets the framework at its own paths, without prefix, version and wrapping', async () => {
    await adopt();
    const page = await get('/desk');
    expect(page).toMatch(/^HTTP\/1.1 200/);
    expect(page).toMatch(/<p>[0-9a-f-]{36}<\/p>$/);
    expect(await get('/api/v1/desk')).toMatch(/^HTTP\/1.1 404/);
    expect(await get('/desk', 'evil.example')).toMatch(/^HTTP\/1.1 400/);
    expect(ours.headers.host).toBe('only.example');
  });

  it("gets the framework's error pages at the framework's paths only", async () => {
    await adopt();
    expect(await get('/desk/broken', 'only.example', 'text/html')).toMatch(
      /^HTTP\/1.1 500[\s\S]*<h1>Internal Server Error/,
    );
    expect(await get('/desk/nothing', 'only.example', 'text/html')).toMatch(/^HTTP\/1.1 404[\s\S]*<h1>Not Found/);
    expect(await get('/nothing', 'only.example', 'text/html')).toMatch(/^HTTP\/1.1 404[\s\S]*Cannot GET/);
  });

  it('reads a body once, whoever reads it first', async () => {
    await adopt();
    const body = 'a%5Bb%5D=1&c=2';
    const answer = await app.raw(
      `POST /desk/form HTTP/1.1\r\nHost: only.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    expect(answer).toContain('{"body":{"a[b]":"1","c":"2"}}');
  });

  it("names the paths that are the framework's", async () => {
    await adopt();
    const config = app.get(HttpConfig);
    expect(['/desk', '/Desk/x', '/static/a.css', '/health/live'].map((path) => config.serves(path))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['/', '/deskx', '/api/v1/theirs', '/desk.html'].map((path) => config.serves(path))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
