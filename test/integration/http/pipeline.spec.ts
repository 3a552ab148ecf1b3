import { Body, Controller, Get, Injectable, Post } from '@nestjs/common';
import { APPLICATION, CheckRunner, Clock, contextValue, QUERY_LOG, REQUEST_ID } from 'bowerbird/core';
import {
  currentRequest,
  HttpMiddleware,
  HttpMiddlewareProvider,
  MiddlewareStack,
  Slot,
  type HttpHandler,
} from 'bowerbird/http';
import { afterEach, describe, expect, it } from 'vitest';

import { HttpApp, type HttpAppOptions } from './http-app.js';

let app: HttpApp;
const start = async (options: HttpAppOptions = {}) => (app = await HttpApp.start(options));

afterEach(() => app.stop());

@Controller()
class ProbeController {
  @Get('probe')
  async probe() {
    await new Promise((resolve) => setImmediate(resolve));
    return {
      id: contextValue(REQUEST_ID),
      path: currentRequest()?.path,
      clock: contextValue(APPLICATION)?.get(Clock).constructor.name,
      queries: contextValue(QUERY_LOG) !== undefined,
    };
  }

  @Post('echo')
  echo(@Body() body: unknown) {
    return { body, id: contextValue(REQUEST_ID) };
  }
}

function recorder(slot: number, mark: string, requires: readonly number[] = []) {
  @HttpMiddleware({ slot, requires })
  @Injectable()
  class Recorder extends HttpMiddlewareProvider {
    createHandler(): HttpHandler {
      return (_request, response, next) => {
        response.setHeader('x-order', `${String(response.getHeader('x-order') ?? '')}${mark}`);
        next();
      };
    }
  }
  return Recorder;
}

@HttpMiddleware({ slot: 950 })
@Injectable()
class SwitchedOff extends HttpMiddlewareProvider {
  createHandler(): null {
    return null;
  }
}

describe('the pipeline', () => {
  it('runs middleware in the order of the slots, whatever the order of the modules', async () => {
    await start({
      controllers: [ProbeController],
      providers: [recorder(910, 'c'), recorder(260, 'a'), recorder(905, 'b')],
    });
    expect((await app.fetch('/probe')).headers.get('x-order')).toBe('abc');
  });

  it('runs ahead of middleware that the application mounts itself', async () => {
    const seen: unknown[] = [];
    await start({
      controllers: [ProbeController],
      prepare: (nest) =>
        nest.use((_request: unknown, _response: unknown, next: () => void) => {
          seen.push(contextValue(REQUEST_ID));
          next();
        }),
    });
    await app.fetch('/probe', { headers: { 'x-request-id': 'abc' } });
    expect(seen).toEqual(['abc']);
  });

  it('leaves a middleware out that switches itself off, and says so', async () => {
    await start({ controllers: [ProbeController], providers: [SwitchedOff] });
    const entries = app.get(MiddlewareStack).entries();
    expect(entries.find(({ name }) => name === 'SwitchedOff')).toMatchObject({ slot: 950, active: false });
    expect(entries.find(({ name }) => name === 'ProxyMiddleware')).toMatchObject({ slotName: 'Proxy', active: false });
    expect(entries.map(({ slot }) => slot)).toEqual(entries.map(({ slot }) => slot).sort((a, b) => a - b));
  });

  it('finds two middlewares in one slot and missing prerequisites', async () => {
    await start({ providers: [recorder(910, 'a'), recorder(910, 'b'), recorder(920, 'c', [Slot.Session])] });
    const { findings } = await app.get(CheckRunner).run({ areas: ['http'] });
    expect(findings.map(({ id }) => id)).toEqual(['http.E003', 'http.E004']);
    expect(findings[1]!.message).toContain('Session (500)');
  });

  it('turns what a middleware throws, sooner or later, into a response', async () => {
    @HttpMiddleware({ slot: 901 })
    @Injectable()
    class Failing extends HttpMiddlewareProvider {
      createHandler(): HttpHandler {
        return async (request) => {
          if (request.path === '/later') await new Promise((resolve) => setImmediate(resolve));
          throw new Error('broken');
        };
      }
    }
    await start({ controllers: [ProbeController], providers: [Failing], production: true });
    for (const path of ['/probe', '/later']) expect((await app.fetch(path)).status).toBe(500);
  });
});

describe('the context of a request', () => {
  it('holds the request, its id and the application, across awaits and body reading', async () => {
    await start({ controllers: [ProbeController] });
    const response = await app.fetch('/probe', { headers: { 'x-request-id': 'trace.7_A-1' } });
    expect(await response.json()).toEqual({ id: 'trace.7_A-1', path: '/probe', clock: 'SystemClock', queries: true });
    const echoed = await app.fetch('/echo', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'with-body' },
      body: '{"a":1}',
    });
    expect(await echoed.json()).toEqual({ body: { a: 1 }, id: 'with-body' });
  });

  it('accepts only harmless request ids and answers with the one in use', async () => {
    await start({ controllers: [ProbeController], production: true });
    const long = 'x'.repeat(128);
    expect((await app.fetch('/probe', { headers: { 'x-request-id': long } })).headers.get('x-request-id')).toBe(long);
    for (const bad of ['x'.repeat(129), 'a b', '<script>', 'ä', 'a/b', '']) {
      const response = await app.fetch('/probe', {
        headers: { 'x-request-id': encodeURIComponent(bad) === bad ? bad : bad.normalize() },
      });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(await response.json()).toMatchObject({ id: response.headers.get('x-request-id'), queries: false });
    }
  });

  it('keeps requests that run at once apart', async () => {
    await start({ controllers: [ProbeController] });
    const ids = Array.from({ length: 50 }, (_, index) => `request-${index}`);
    const answers = await Promise.all(
      ids.map(
        async (id) => (await (await app.fetch('/probe', { headers: { 'x-request-id': id } })).json()) as { id: string },
      ),
    );
    expect(answers.map(({ id }) => id)).toEqual(ids);
  });
});
