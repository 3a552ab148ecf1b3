import { copyFileSync, cpSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { AtlasModule } from '@bowerbird/atlas';
import { BlogModule } from '@bowerbird/blog';
import { type FrameworkSettings } from 'bowerbird';
import { storageDrivers } from 'bowerbird/storage';
import { createTestApp, createTestDatabase, FakeClock, type TestApp, type TestAppOptions } from 'bowerbird/testing';
import { type Browser, type BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

import { ADMIN } from './accounts.js';
import { launchBrowser, logIn, openVisitor, type Visitor } from './browser.js';
import { demoTemplate } from './demo-template.js';

export { ADMIN };

/** The demo in a browser, for one suite. */
export interface DemoSuite {
  readonly app: TestApp;
  readonly browser: Browser;
  /** Opens a window of its own for a visitor who has not logged in. */
  visit(options?: BrowserContextOptions): Promise<Visitor>;
  /** Opens a window of its own for the superuser, who has logged in. */
  visitAsAdmin(options?: BrowserContextOptions): Promise<Visitor>;
}

/** Starts the demo and a browser before the suite's tests, and ends both after them. */
export function useDemo(
  settings: Partial<FrameworkSettings> = {},
  options: Pick<TestAppOptions, 'imports'> = {},
): DemoSuite {
  let app: TestApp;
  let browser: Browser;
  beforeAll(async () => {
    [app, browser] = await Promise.all([startDemo(settings, options), launchBrowser()]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });
  return {
    get app() {
      return app;
    },
    get browser() {
      return browser;
    },
    visit: (options) => openVisitor(browser, app.origin, options),
    async visitAsAdmin(options) {
      const visitor = await openVisitor(browser, app.origin, options);
      await logIn(visitor.page, ADMIN.email, ADMIN.password);
      return visitor;
    },
  };
}

/** The demo with all its data, on a copy of the loaded database. */
async function startDemo(settings: Partial<FrameworkSettings>, options: TestAppOptions): Promise<TestApp> {
  const database = await createTestDatabase('sqlite');
  const template = await demoTemplate();
  copyFileSync(template.database, database.url.replace(/^sqlite:/, ''));
  const files = join(dirname(database.url.replace(/^sqlite:/, '')), 'files');
  cpSync(template.files, files, { recursive: true });
  return createTestApp(
    {
      apps: [AtlasModule, BlogModule],
      auth: { siteName: 'Bowerbird demo' },
      admin: { title: 'Bowerbird demo', siteUrl: false },
      storage: { disks: { default: storageDrivers.local({ root: files }) } },
      clock: new FakeClock(new Date()),
      ...settings,
    },
    { database, schema: 'migrate', ...options },
  );
}
