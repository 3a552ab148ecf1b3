import { type TestApp } from 'bowerbird/testing';
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openMagazine, Tag } from '../../integration/api/magazine.js';
import { ADMIN } from '../support/accounts.js';
import { expectNoComplaints, launchBrowser, openVisitor } from '../support/browser.js';
import { call } from '../support/swagger.js';

describe('the pages that show the API', () => {
  let app: TestApp;
  let browser: Browser;

  beforeAll(async () => {
    [app, browser] = await Promise.all([openMagazine(), launchBrowser()]);
    await app.createUser({ email: ADMIN.email, isStaff: true, isSuperuser: true });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it('let a user log in, make, find and delete a row', async () => {
    const visitor = await openVisitor(browser, app.origin);
    const { page } = visitor;
    await page.goto('/api/docs');
    await page.getByRole('link', { name: 'Log in' }).click();
    await page.getByLabel('E-mail address').fill(ADMIN.email);
    await page.locator('input[name=password]').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL(/\/api\/docs$/);
    await page.locator('.opblock').first().waitFor();
    expect(await page.locator('.opblock').count()).toBe(32);
    expect(await page.locator('.api-user').textContent()).toBe(ADMIN.email);

    const made = await call(page, 'tags_create', { body: { name: 'green' } });
    expect(made).toMatchObject({ status: '201', body: { name: 'green' } });
    const found = await call(page, 'articles_list', { parameters: { search: 'nothing' } });
    expect(found).toMatchObject({ status: '200', body: { count: 0 } });
    const gone = await call(page, 'tags_destroy', { parameters: { key: 'green' } });
    expect(gone.status).toBe('204');
    expect(await app.objects(Tag).count()).toBe(0);
    expectNoComplaints(visitor);
  });

  it('can be read', async () => {
    const visitor = await openVisitor(browser, app.origin);
    const { page } = visitor;
    await page.goto('/api/docs');
    await page.getByRole('link', { name: 'Read it' }).click();
    await page.getByRole('heading', { name: 'List articles' }).first().waitFor();
    expect(await page.locator('[data-section-id^="tag/"][data-section-id*="operation"]').count()).toBe(32);
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('.menu-content')!).position)).toBe(
      'sticky',
    );
    expectNoComplaints(visitor);
  });
});
