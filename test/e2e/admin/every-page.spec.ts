import { City } from '@bowerbird/atlas';
import { Controller, Get, Module, ServiceUnavailableException } from '@nestjs/common';
import { Public } from 'bowerbird';
import { Permission } from 'bowerbird/auth';
import { Database } from 'bowerbird/orm';
import { TemplateRenderer } from 'bowerbird/templates';
import { createTestApp, TEST_PASSWORD, type TestApp } from 'bowerbird/testing';
import { type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HomeController } from '../../../apps/demo/src/home/home.controller.js';
import { Home } from '../../../apps/demo/src/home/home.service.js';
import { expectAccessible } from '../support/accessibility.js';
import { expectNoComplaints, logIn, openVisitor, type Visitor } from '../support/browser.js';
import { useDemo } from '../support/demo.js';
import { field } from '../support/pages.js';

@Controller('broken')
@Public()
class BrokenController {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplateRenderer,
  ) {}

  @Get('page')
  async page(): Promise<string> {
    for (let turn = 0; turn < 12; turn += 1) await this.database.objects(Permission).count();
    return this.templates.render('admin/partials/list-header', {});
  }

  @Get()
  fail(): never {
    throw new Error('Something that nobody thought of');
  }

  @Get('away')
  away(): never {
    throw new ServiceUnavailableException();
  }
}

@Module({ controllers: [BrokenController] })
class BrokenModule {}

@Module({ controllers: [HomeController], providers: [Home] })
class HomeModule {}

const VIEWER = 'viewer@example.com';
const CITY = '/admin/atlas/city/2657896/change/';
const demo = useDemo(
  { root: new URL('../../../apps/demo/src/', import.meta.url), http: { static: { directories: ['./static/'] } } },
  { imports: [BrokenModule, HomeModule] },
);
let strict: TestApp;
let empty: TestApp;

beforeAll(async () => {
  [strict, empty] = await Promise.all([
    createTestApp({ apps: [], production: true, http: { allowedHosts: ['127.0.0.1'] } }, { imports: [BrokenModule] }),
    createTestApp({ apps: [] }),
  ]);
  await demo.app.run(async () => {
    const viewer = await demo.app.createUser({ email: VIEWER, isStaff: true });
    const permissions = await demo.app.objects(Permission).filter({ codename__startswith: 'atlas.view' }).all();
    await demo.app.get(Database).related(viewer, 'permissions').set(permissions);
  });
});
afterAll(async () => {
  await strict?.close();
  await empty?.close();
});

const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();

async function logInWith(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.locator('input[name=password]').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
}

type Scene = readonly [name: string, open: string | ((page: Page) => Promise<unknown>), status?: number];

const OF_EVERYBODY: readonly Scene[] = [
  ['the login', '/accounts/login/'],
  [
    'a refused login',
    async (page) => {
      await page.goto('/accounts/login/');
      await logInWith(page, 'nobody@example.com');
      await page.getByRole('alert').waitFor();
    },
  ],
  ['the page for developers', '/broken', 500],
  [
    'the page for developers about a template',
    (page) => demo.app.allowRepeatedQueries(() => page.goto(`${demo.app.origin}/broken/page`)),
  ],
  ['a missing page in production', (page) => page.goto(`${strict.origin}/nothing/`)],
  ['a failure in production', (page) => page.goto(`${strict.origin}/broken`)],
  ['an address that is wrong, in production', (page) => page.goto(`${strict.origin}/%E0%A4%A`)],
  ['a service that is away, in production', (page) => page.goto(`${strict.origin}/broken/away`)],
  [
    'a forged form, in production',
    async (page) => {
      await page.goto(`${strict.origin}/accounts/login/`);
      await page.locator('input[name=_csrf]').evaluate((input: HTMLInputElement) => (input.value = 'forged'));
      await logInWith(page, 'nobody@example.com');
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
  ],
  [
    'a body that is too large, in production',
    async (page) => {
      await page.goto(`${strict.origin}/accounts/login/`);
      await page.locator('input[name=email]').evaluate((input: HTMLInputElement) => {
        input.type = 'hidden';
        input.value = 'x'.repeat(3_000_000);
      });
      await page.locator('input[name=password]').fill('wrong');
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('heading', { level: 1, name: /large/i }).waitFor();
    },
  ],
  ['the home of the demo', '/'],
  ['the welcome page', (page) => page.goto(`${empty.origin}/`)],
];

const OF_ADMINS: readonly Scene[] = [
  ['the index', '/admin/'],
  ['an app', '/admin/blog/'],
  ['a list', '/admin/blog/post/'],
  ['a long list', '/admin/atlas/city/?p=2'],
  ['a filtered and sorted list', '/admin/atlas/country/?region=Oceania&q=a&o=-area'],
  ['a list that finds nothing', '/admin/atlas/city/?q=nothing-is-called-so'],
  [
    'a list with selected rows',
    async (page) => {
      await page.goto('/admin/blog/tag/');
      await page.getByRole('checkbox', { name: 'Select all rows of this page' }).check();
    },
  ],
  ['an add form', '/admin/blog/post/add/'],
  ['a change form', '/admin/blog/post/1/change/'],
  [
    'an open relation field',
    async (page) => {
      await page.goto('/admin/atlas/country/CH/change/');
      await page.getByRole('combobox', { name: 'Borders' }).fill('a');
      await page.locator('[role=option]:visible').first().waitFor();
      await page.keyboard.press('ArrowDown');
    },
  ],
  [
    'a form with errors',
    async (page) => {
      await page.goto('/admin/blog/post/add/');
      await save(page);
      await page.getByRole('alert').waitFor();
    },
  ],
  [
    'a form that was overtaken',
    async (page) => {
      await page.goto(CITY);
      await field(page, 'Population').fill('1');
      const city = await demo.app.objects(City).get({ id: 2657896 });
      await demo.app.run(() => demo.app.get(Database).save(Object.assign(city, { population: city.population + 1 })));
      await save(page);
      await page.locator('[data-bb-conflict]').waitFor();
    },
  ],
  [
    'a question before leaving',
    async (page) => {
      await page.goto(CITY);
      await field(page, 'Population').fill('1');
      await page.getByRole('link', { name: 'Cancel' }).click();
      await page.getByRole('dialog').waitFor();
    },
  ],
  ['a list with counts', '/admin/atlas/country/?facets=1'],
  [
    'a question before an action',
    async (page) => {
      await page.goto('/admin/blog/comment/');
      await page.getByRole('checkbox', { name: 'Select all rows of this page' }).check();
      await page.getByRole('group', { name: 'Selected rows' }).getByRole('button', { name: 'Hide' }).click();
      await page.getByText('Hide these comments from readers?').waitFor();
    },
  ],
  ['a small window', '/admin/blog/tag/add/?_popup=1'],
  [
    'a small window that has done its work',
    async (page) => {
      await page.goto('/admin/blog/tag/add/?_popup=1');
      await field(page, 'Name').fill(`Tag ${Date.now()}`);
      await save(page);
      await page.locator('#bb-saved').waitFor();
    },
  ],
  ['a form of an account', '/admin/auth/user/1/change/'],
  ['the password of somebody else', '/admin/auth/user/2/password/'],
  ['a form of a new account', '/admin/auth/user/add/'],
  ['a form of a group', '/admin/auth/group/add/'],
  ['a deletion', '/admin/atlas/country/CH/delete/'],
  ['a deletion that is refused', '/admin/blog/author/1/delete/'],
  [
    'a deletion of selected rows',
    async (page) => {
      await page.goto('/admin/blog/tag/');
      await page.getByRole('checkbox', { name: 'Select all rows of this page' }).check();
      await page
        .getByRole('group', { name: 'Selected rows' })
        .getByRole('button', { name: /^Delete/ })
        .click();
      await page.getByRole('heading', { level: 1, name: /^Delete/ }).waitFor();
    },
  ],
  ['a history', '/admin/blog/post/1/history/'],
  ['a history of many fields', `/admin/atlas/city/2657896/history/`],
  ['a history of nothing', '/admin/atlas/country/FR/history/'],
  ['the own password', '/accounts/password/'],
  ['a missing page', '/admin/nothing/', 404],
];

const OF_VIEWERS: readonly Scene[] = [
  ['the index for somebody who may only look', '/admin/'],
  ['a list for somebody who may only look', '/admin/atlas/city/'],
  ['a form for somebody who may only look', CITY],
  ['a forbidden page', '/admin/blog/post/', 403],
];

/** Each page is looked at light and dark, large and small: half of the pages in the first and the last of these ways. */
const LOOKS: readonly (readonly [look: string, options: BrowserContextOptions, half: 0 | 1])[] = [
  ['light, on a desktop', { colorScheme: 'light' }, 0],
  ['dark, on a desktop', { colorScheme: 'dark' }, 1],
  [
    'light, on a phone',
    { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    1,
  ],
  [
    'dark, on a phone',
    { colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    0,
  ],
];

describe.each(LOOKS)('%s', (_look, options, half) => {
  describe.each([
    ['everybody', OF_EVERYBODY, null],
    ['admins', OF_ADMINS, 'admin@example.com'],
    ['viewers', OF_VIEWERS, VIEWER],
  ] as const)('the pages of %s', (_whose, scenes, email) => {
    let visitor: Visitor;
    beforeAll(async () => {
      visitor = await openVisitor(demo.browser, demo.app.origin, options);
      visitor.page.on('dialog', (dialog) => void dialog.accept());
      if (email) await logIn(visitor.page, email, TEST_PASSWORD);
    });
    afterAll(() => visitor?.context.close());

    for (const [name, open, status = 200] of scenes.filter((_, index) => index % 2 === half))
      it(`${name} is accessible, fits, and breaks no policy`, async () => {
        const { page } = visitor;
        if (typeof open === 'string') {
          const answer = await page.goto(open);
          expect(answer!.status()).toBe(status);
        } else await open(page);
        await expectAccessible(page);
        const { width } = page.viewportSize()!;
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expectNoComplaints(visitor);
      });
  });
});
