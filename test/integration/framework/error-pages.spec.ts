import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Controller, Module, Post } from '@nestjs/common';
import { Public } from 'bowerbird';
import { type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { bootDemo } from './demo-app.js';

@Controller('shop')
@Public()
class ShopController {
  @Post('orders')
  order(): { ordered: boolean } {
    return { ordered: true };
  }
}

@Module({ controllers: [ShopController] })
class ShopModule {}

const TEMPLATES: Readonly<Record<string, string>> = {
  'errors/413.hbs': '<h1>Too much</h1><p>{{error.status}} {{error.code}} {{error.method}} {{error.path}}</p>',
  'errors/error.hbs': '<h1>Ours</h1><p>{{error.status}} {{error.title}}</p>',
};

let root: string;
let app: TestApp;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'error-pages-'));
  for (const [name, text] of Object.entries(TEMPLATES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const settings = { templates: { directories: [root] }, http: { limits: { bodyBytes: 1000 } } };
  app = await bootDemo(settings, { imports: [ShopModule] });
});
afterAll(async () => {
  await app?.close();
  rmSync(root, { recursive: true });
});

const order = (accept: string): Promise<Response> =>
  fetch(`${app.origin}/shop/orders`, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json' },
    body: JSON.stringify({ note: '<b>'.repeat(1000) }),
  });

it('shows the page of the project for a body that is too large', async () => {
  const response = await order('text/html');
  expect([response.status, response.headers.get('content-type')]).toEqual([413, 'text/html; charset=utf-8']);
  expect(await response.text()).toBe('<h1>Too much</h1><p>413 http.payload_too_large POST /shop/orders</p>');
});

it('answers others with a problem document', async () => {
  const response = await order('application/json');
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ status: 413, code: 'http.payload_too_large' });
});

it('shows the general page of the project for every other status', async () => {
  const response = await fetch(`${app.origin}/nothing`, { headers: { accept: 'text/html' } });
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('<h1>Ours</h1><p>404 Not Found</p>');
});
