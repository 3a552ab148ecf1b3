import { AtlasModule } from '@bowerbird/atlas';
import { BlogModule } from '@bowerbird/blog';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { Public } from 'bowerbird';
import { RouteTable, type RouteEntry } from 'bowerbird/framework';
import { createTestApp, type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

@Controller('shop')
class ShopController {
  @Get('secret')
  secret(): string {
    return 'nobody may read this';
  }

  @Get('open')
  @Public()
  open(): string {
    return 'everybody may read this';
  }

  @Post('orders')
  order(): string {
    return 'ordered';
  }
}

@Module({ controllers: [ShopController] })
class ShopModule {}

/** What answers 200 to a visitor who is not logged in. */
const OPEN = [
  '/accounts/csrf',
  '/accounts/login',
  ...[
    'authors',
    'cities',
    'comments',
    'countries',
    'currencies',
    'docs',
    'languages',
    'openapi.json',
    'openapi.yaml',
    'posts',
    'redoc',
    'tags',
  ].map((name) => `/api/${name}`),
  '/health/live',
  '/health/ready',
  '/shop/open',
];

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ apps: [AtlasModule, BlogModule] }, { imports: [ShopModule] });
});
afterAll(() => app.close());

/** A path with every parameter filled in. */
const concrete = (path: string) => path.replace(/\/?\{?[:*]\w+\}?/g, (part) => (part.startsWith('/') ? '/1' : '1'));
const key = (path: string) => path.replace(/\/$/, '') || '/';

describe('a visitor who is not logged in', () => {
  it('gets 200 from nothing but the login page, health and what is declared public', async () => {
    const opened: string[] = [];
    const routes = app.get(RouteTable).all();
    expect(routes.length).toBeGreaterThan(30);
    for (const route of routes)
      for (const method of methodsOf(route)) {
        const { status } = await app.client().request(method, concrete(route.path));
        if (status === 200) opened.push(key(route.path));
      }
    expect([...new Set(opened)].sort()).toEqual(OPEN);
  });

  it('is sent to the login page by pages, and told 401 by everything else', async () => {
    const page = await app.client().get('/shop/secret');
    expect(page.status).toBe(303);
    expect(page.location).toBe('/accounts/login/?next=/shop/secret');
    const api = await app.client().get('/shop/secret', { headers: { accept: 'application/json' } });
    expect(api.status).toBe(401);
    expect(api.header('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('cannot tell a page of the admin that exists from one that does not', async () => {
    const answers = await Promise.all(
      ['/admin/atlas/city/', '/admin/atlas/nothing/', '/admin/x/y/z/'].map((path) => app.client().get(path)),
    );
    for (const { status, location } of answers)
      expect([status, location!.split('?')[0]]).toEqual([303, '/accounts/login/']);
  });

  it('gets 403 for a form without a token, before anything else is said', async () => {
    const { status } = await app.client().post('/shop/orders', {}, { csrf: false });
    expect([401, 403, 303]).toContain(status);
  });

  it('finds no route of an unknown path', async () => {
    const { status } = await app.client().get('/no/such/page');
    expect(status).toBe(404);
  });
});

function methodsOf({ method }: RouteEntry): readonly string[] {
  return method === 'ALL' ? ['GET', 'POST'] : [method];
}
