import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { Controller, Get, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CheckRunner, SettingsError, SettingsProblems } from 'bowerbird/core';
import {
  GracefulShutdown,
  PageController,
  Public,
  Readiness,
  ReadinessProbe,
  Reply,
  resolveHttp,
  WelcomePage,
} from 'bowerbird/http';
import { afterEach, describe, expect, it } from 'vitest';

import { HttpApp, type HttpAppOptions } from './http-app.js';

let app: HttpApp;
const start = async (options: HttpAppOptions = {}) => (app = await HttpApp.start(options));
afterEach(() => app.stop().catch(() => undefined));

describe('health routes', () => {
  @Readiness('database')
  @Injectable()
  class Database extends ReadinessProbe {
    up = true;
    async probe(): Promise<void> {
      if (!this.up) throw new Error('password hunter2 refused');
    }
  }

  it('say that the process lives and whether it can work, without the reasons', async () => {
    await start({ providers: [Database] });
    expect(await (await app.fetch('/health/live')).json()).toEqual({ status: 'ok' });
    expect(await (await app.fetch('/health/ready')).json()).toEqual({ status: 'ok', checks: { database: 'up' } });
    app.get(Database).up = false;
    const down = await app.fetch('/health/ready');
    expect([down.status, await down.text()]).toEqual([503, '{"status":"unavailable","checks":{"database":"down"}}']);
    expect(down.headers.get('cache-control')).toBe('no-store');
    expect((await app.fetch('/health/live')).status).toBe(200);
  });

  it('can be turned off', async () => {
    await start({ http: { health: false } });
    expect((await app.fetch('/health/live')).status).toBe(404);
  });
});

describe('graceful shutdown', () => {
  const events: string[] = [];

  @Controller()
  class SlowController {
    @Get('slow')
    async slow() {
      events.push('request began');
      await sleep(300);
      events.push('request ended');
      return 'done';
    }

    @Get('stuck')
    stuck() {
      events.push('request began');
      return new Promise(() => undefined);
    }
  }

  @Injectable()
  class Resource implements OnApplicationShutdown {
    onApplicationShutdown(): void {
      events.push('resource closed');
    }
  }

  const boot = async (http = {}) => {
    events.length = 0;
    await start({ controllers: [SlowController], providers: [Resource], http });
    return app.get(GracefulShutdown);
  };

  it('finishes what runs, accepts nothing more, and closes resources last', async () => {
    const shutdown = await boot();
    const running = app.fetch('/slow').then((response) => response.text());
    await expect.poll(() => events).toEqual(['request began']);
    const closing = shutdown.close(app.nest);
    await expect
      .poll(() =>
        app.fetch('/health/live').then(
          () => 'accepted',
          () => 'refused',
        ),
      )
      .toBe('refused');
    expect(await running).toBe('done');
    expect(await closing).toBe('finished');
    expect(events).toEqual(['request began', 'request ended', 'resource closed']);
  });

  it('does not wait for connections that are kept alive', async () => {
    const shutdown = await boot();
    await app.raw('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n', { silence: 50 });
    const idle = app.raw('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n', { silence: 20_000 });
    await sleep(500);
    expect(await shutdown.close(app.nest)).toBe('finished');
    expect(await idle).toContain('200 OK');
  });

  it('says no to readiness first, where load balancers need time', async () => {
    const shutdown = await boot({ shutdown: { delay: '400ms' } });
    const closing = shutdown.close(app.nest);
    const response = await app.fetch('/health/ready');
    expect([response.status, response.headers.get('connection')]).toEqual([503, 'close']);
    expect(await closing).toBe('finished');
  });

  it('cuts off at the deadline', async () => {
    const shutdown = await boot({ shutdown: { deadline: '200ms' } });
    const stuck = app.fetch('/stuck').then(
      () => 'answered',
      () => 'cut off',
    );
    await expect.poll(() => events).toEqual(['request began']);
    expect(await shutdown.close(app.nest)).toBe('cut off');
    expect(await stuck).toBe('cut off');
    expect(events).toEqual(['request began', 'resource closed']);
  });

  it('runs once, however often it is asked', async () => {
    const shutdown = await boot();
    expect(shutdown.close(app.nest)).toBe(shutdown.close(app.nest));
    await shutdown.close(app.nest);
    expect(events).toEqual(['resource closed']);
  });

  it('follows signals, and exits at once on the second', async () => {
    const shutdown = await boot();
    const codes: number[] = [];
    const running = app.fetch('/slow').catch(() => undefined);
    await expect.poll(() => events).toEqual(['request began']);
    shutdown.listen(app.nest, (code) => codes.push(code));
    process.emit('SIGTERM', 'SIGTERM');
    process.emit('SIGTERM', 'SIGTERM'); // the same one again, passed on by a parent process
    expect(codes).toEqual([]);
    process.emit('SIGINT', 'SIGINT');
    expect(codes).toEqual([1]);
    await running;
    await expect.poll(() => codes).toEqual([1, 0]);
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
  });
});

describe('the welcome page', () => {
  const browser = { headers: { accept: 'text/html' } };

  it('answers at the start of an empty application in development only', async () => {
    await start();
    const response = await app.fetch('/', browser);
    const html = await response.text();
    expect([response.status, html]).toEqual([200, expect.stringContaining('<h1>It works</h1>')]);
    expect(html).not.toMatch(/<script|style="/);
    await app.stop();
    await start({ production: true });
    expect((await app.fetch('/', browser)).status).toBe(404);
  });

  it('gives way to a route and to whoever hides it', async () => {
    @Controller()
    class Home {
      @Get()
      home() {
        return 'home';
      }
    }
    await start({ controllers: [Home] });
    expect(await (await app.fetch('/', browser)).text()).toBe('home');
    await app.stop();
    await start();
    app.get(WelcomePage).hide();
    expect((await app.fetch('/', browser)).status).toBe(404);
  });

  it('shows the ways to go on', async () => {
    await start();
    app.get(WelcomePage).addLink({ label: 'Admin', href: '/admin/', description: 'Manage <data>' });
    expect(await (await app.fetch('/', browser)).text()).toContain(
      '<a href="/admin/"><b>Admin</b><span>Manage &lt;data&gt;</span></a>',
    );
  });
});

describe('replies', () => {
  @PageController('replies')
  @Public()
  class ReplyController {
    @Get('html')
    html() {
      return Reply.html('<p>ü</p>', { status: 202, headers: { 'x-a': 'b' } });
    }
    @Get('redirect')
    redirect() {
      return Reply.redirect('/näxt?a=b c%20d');
    }
    @Get('empty')
    empty() {
      return Reply.empty();
    }
    @Get('stream')
    stream() {
      return Reply.stream(Readable.from(['a', 'b']), { 'Content-Type': 'text/csv; charset=utf-8' });
    }
    @Get('broken')
    broken() {
      const source = new Readable({
        read() {
          this.push('x');
          this.destroy(new Error('broken'));
        },
      });
      return Reply.stream(source, { 'Content-Length': '100' });
    }
  }

  @Controller('plain')
  class PlainController {
    @Get()
    get() {
      return Reply.text('from any controller', { status: 203 });
    }
  }

  it('are whole answers, from any controller', async () => {
    await start({ controllers: [ReplyController, PlainController] });
    const html = await app.fetch('/replies/html');
    expect([html.status, html.headers.get('x-a'), html.headers.get('content-type'), await html.text()]).toEqual([
      202,
      'b',
      'text/html; charset=utf-8',
      '<p>ü</p>',
    ]);
    const redirect = await app.fetch('/replies/redirect');
    expect([redirect.status, redirect.headers.get('location')]).toEqual([303, '/n%C3%A4xt?a=b%20c%20d']);
    expect((await app.fetch('/replies/empty')).status).toBe(204);
    expect(await (await app.fetch('/replies/stream')).text()).toBe('ab');
    const head = await app.fetch('/replies/html', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([202, '9', '']);
    expect((await app.fetch('/plain')).status).toBe(203);
    await expect(app.fetch('/replies/broken').then((response) => response.text())).rejects.toThrow();
  });
});

describe('settings', () => {
  const base = { production: true, root: new URL('./', import.meta.url) };

  it('that are wrong are all reported at once', async () => {
    await start();
    const problems = new SettingsProblems();
    const wrong = {
      port: 70_000,
      host: 7,
      trustedProxies: ['10.0.0.0/33', 'proxy.local', '::1/129', '1.2.3.4'],
      allowedHosts: ['https://shop.example', 'shop.example:80', '*.example'],
      pipeline: 'some',
      proxyHeaders: 'cloudflare',
      limits: { bodyBytes: 0, jsonDepth: 1.5, fieldz: 1 },
      static: { prefix: 'static', directories: [7] },
      shutdown: { deadline: '20' },
      helth: true,
    };
    const config = resolveHttp(wrong as never, problems, base);
    const found = problems.toFindings().map(({ id, at }) => `${id} ${at}`);
    expect(found.sort()).toEqual(
      [
        'core.E001 settings.http.helth',
        'core.E001 settings.http.limits.fieldz',
        'core.E002 settings.http.host',
        'core.E002 settings.http.shutdown.deadline',
        'core.E003 settings.http.limits.bodyBytes',
        'core.E003 settings.http.limits.jsonDepth',
        'core.E003 settings.http.port',
        'core.E003 settings.http.static.prefix',
        'core.E004 settings.http.pipeline',
        'core.E004 settings.http.proxyHeaders',
        'http.E001 settings.http.trustedProxies',
        'http.E001 settings.http.trustedProxies',
        'http.E001 settings.http.trustedProxies',
        'http.E002 settings.http.allowedHosts',
        'http.E002 settings.http.allowedHosts',
        'http.E002 settings.http.allowedHosts',
        'http.E009 settings.http.static.directories',
      ].sort(),
    );
    expect(config.trustedProxies).toEqual(['1.2.3.4']);
    expect(() => {
      throw new SettingsError(problems);
    }).toThrow(/17 problem/);
  });

  it('that are dangerous in production are found by the deploy checks', async () => {
    await start({
      production: true,
      http: { allowedHosts: ['*', 'a.example'], trustedProxies: ['0.0.0.0/0'], limits: { bodyBytes: 2 ** 26 } },
    });
    const { findings } = await app.get(CheckRunner).run({ areas: ['http'], deploy: true });
    expect(findings.map(({ id }) => id)).toEqual(['http.W001', 'http.W002', 'http.W004']);
    await app.stop();
    await start({ production: true, http: { allowedHosts: [], limits: { temporaryDirectory: '/nowhere/' } } });
    const empty = await app.get(CheckRunner).run({ areas: ['http'], deploy: true });
    expect(empty.findings.map(({ id }) => id)).toEqual(['http.E006', 'http.E008']);
  });

  it('that would be refused in production are found before, and only when asked for', async () => {
    await start({ production: false, http: { allowedHosts: [] } });
    const runner = app.get(CheckRunner);
    const deploy = await runner.run({ areas: ['http'], deploy: true });
    expect(deploy.errors.map(({ id }) => id)).toEqual(['http.E006']);
    expect((await runner.run({ areas: ['http'] })).findings).toEqual([]);
    expect((await app.fetch('/health/live')).status).toBe(200);
  });
});
