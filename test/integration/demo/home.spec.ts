import { AtlasModule } from '@bowerbird/atlas';
import { BlogModule } from '@bowerbird/blog';
import { Module } from '@nestjs/common';
import { createTestApp, type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HomeController } from '../../../apps/demo/src/home/home.controller.js';
import { Home } from '../../../apps/demo/src/home/home.service.js';

@Module({ controllers: [HomeController], providers: [Home] })
class HomeModule {}

describe('the home page of the demo', () => {
  let app: TestApp;

  beforeAll(async () => {
    const root = new URL('../../../apps/demo/src/', import.meta.url);
    const http = { static: { directories: ['./static/'] } };
    app = await createTestApp({ apps: [AtlasModule, BlogModule], root, http }, { imports: [HomeModule] });
  });
  afterAll(() => app.close());

  const load = async () => (await app.client().get('/')).text;

  it('is for everybody, credits the data and leads to the admin', async () => {
    const page = await app.client().get('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('href="/admin/"');
    for (const source of ['github.com/mledoze/countries', 'www.geonames.org']) expect(page.text).toContain(source);
    expect((await app.client().get('/static/demo/home.css')).status).toBe(200);
  });

  it('tells what is there, with the same number of statements for more', async () => {
    const statements = (await app.queries(load)).length;
    expect(await load()).toContain('None yet');
    await app.command('seedblog');
    expect((await app.queries(load)).length).toBe(statements);
    const page = await load();
    expect(page).not.toContain('seedblog');
    expect(page).toMatch(/<strong>9<\/strong>\s*<span>Posts<\/span>/);
  });
});
