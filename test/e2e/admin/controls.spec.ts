import { type Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { expectNoComplaints, type Visitor } from '../support/browser.js';
import { useDemo } from '../support/demo.js';
import { chosen, field, messageText } from '../support/pages.js';

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const demo = useDemo();
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  visitor = await demo.visitAsAdmin();
});
beforeEach(async () => {
  page = await visitor.context.newPage();
});
afterEach(async () => {
  await page.close();
  expectNoComplaints(visitor);
});

const save = () => page.getByRole('button', { name: 'Save', exact: true }).click();

describe('the short name', () => {
  it('follows the title until somebody writes it', async () => {
    await page.goto('/admin/blog/post/add/');
    await field(page, 'Title').pressSequentially('Straßen & Öffentlicher Raum');
    expect(await field(page, 'Slug').inputValue()).toBe('strassen-offentlicher-raum');
    await field(page, 'Slug').fill('streets');
    await field(page, 'Title').pressSequentially(' II');
    expect(await field(page, 'Slug').inputValue()).toBe('streets');
  });

  it('of a post that has one is left alone', async () => {
    await page.goto('/admin/blog/post/1/change/');
    const before = await field(page, 'Slug').inputValue();
    await field(page, 'Title').fill('Another title');
    expect(await field(page, 'Slug').inputValue()).toBe(before);
  });
});

describe('a row that is missing', () => {
  it('is added in a small window, and comes back chosen', async () => {
    await page.goto('/admin/blog/post/1/change/');
    const before = await chosen(page, 'Tags');
    const popup = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Add tag (in a new window)' }).click();
    const small = await popup;
    await small.waitForLoadState();
    expect(await small.getByRole('navigation').count()).toBe(0);
    await field(small, 'Name').pressSequentially('Ferries');
    await expect.poll(() => field(small, 'Slug').inputValue()).toBe('ferries');
    await small.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => small.isClosed()).toBe(true);
    await expect.poll(() => chosen(page, 'Tags')).toEqual([...before, 'Ferries']);
    await save();
    await page.waitForURL('**/admin/blog/post/');
    await page.goto('/admin/blog/post/1/change/');
    expect(await chosen(page, 'Tags')).toContain('Ferries');
  });

  it('is corrected in a small window, and its new name comes back', async () => {
    await page.goto('/admin/blog/post/1/change/');
    const popup = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Edit author (in a new window)' }).click();
    const small = await popup;
    await small.waitForLoadState();
    const name = await field(small, 'Name').inputValue();
    await field(small, 'Name').fill(`${name} Jr.`);
    await small.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => small.isClosed()).toBe(true);
    await expect.poll(() => page.getByRole('combobox', { name: 'Author' }).inputValue()).toBe(`${name} Jr.`);
  });
});

describe('a relation field', () => {
  it('finds rows while one types, and says when nothing matches', async () => {
    await page.goto('/admin/atlas/city/add/');
    const box = page.getByRole('combobox', { name: 'Country' });
    await box.fill('cura');
    await page.getByRole('option', { name: 'Curaçao' }).click();
    expect(await box.inputValue()).toBe('Curaçao');
    await box.fill('nothing is called so');
    await page.getByText('Nothing matches “nothing is called so”.').first().waitFor();
    await page.keyboard.press('Escape');
    expect(await box.inputValue()).toBe('Curaçao');
  });
});

describe('a cover image', () => {
  it('is uploaded, shown, kept when the form is saved again, and cleared', async () => {
    await page.goto('/admin/blog/post/2/change/');
    await page.locator('input[type=file]').setInputFiles({ name: 'cover.png', mimeType: 'image/png', buffer: PNG });
    await page.getByRole('button', { name: 'Save and continue' }).click();
    await messageText(page);
    const cover = page.locator('[data-field=cover]');
    const href = await cover.getByRole('link').first().getAttribute('href');
    const file = await page.request.get(href!);
    expect([file.status(), file.headers()['content-type']]).toEqual([200, 'image/png']);
    await field(page, 'Reading minutes').fill('7');
    await page.getByRole('button', { name: 'Save and continue' }).click();
    await messageText(page);
    expect(await cover.getByRole('link').count()).toBeGreaterThan(0);
    await cover.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Save and continue' }).click();
    await messageText(page);
    expect(await cover.getByRole('link').count()).toBe(0);
  });

  it('that is no image is refused, and the rest of the form is kept', async () => {
    await page.goto('/admin/blog/post/2/change/');
    await field(page, 'Summary').fill('Kept');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'cover.png', mimeType: 'image/png', buffer: Buffer.from('<script>alert(1)</script>') });
    await save();
    expect(await page.getByRole('alert').innerText()).toMatch(/Cover image/);
    expect(await field(page, 'Summary').inputValue()).toBe('Kept');
  });
});

describe('the color theme', () => {
  it('is switched with one button and remembered', async () => {
    await page.goto('/admin/');
    const theme = () => page.locator('html').getAttribute('data-theme');
    const toggle = page.getByRole('button', { name: /^Color theme/ });
    expect([await theme(), await toggle.getAttribute('aria-label')]).toEqual([null, 'Color theme: as the system']);
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await background();
    await toggle.click();
    await toggle.click();
    expect([await theme(), await toggle.getAttribute('aria-label')]).toEqual(['dark', 'Color theme: dark']);
    await expect.poll(background).not.toBe(light);
    const dark = await background();
    await page.goto('/admin/blog/post/');
    expect([await theme(), await background()]).toEqual(['dark', dark]);
    // The server says it, so that no page flashes.
    expect(await (await page.request.get('/admin/', { headers: { accept: 'text/html' } })).text()).toMatch(
      /<html[^>]*data-theme="dark"/,
    );
    await page.getByRole('button', { name: /^Color theme/ }).click();
    expect(await theme()).toBe(null);
    await expect.poll(background).not.toBe(dark);
  });
});

describe('selected rows', () => {
  it('are counted, taken as a range, and all of the list at once', async () => {
    await page.goto('/admin/atlas/country/');
    const boxes = page.locator('tbody input[name=selected]');
    await boxes.nth(1).check();
    await boxes.nth(4).click({ modifiers: ['Shift'] });
    const bulk = page.getByRole('group', { name: 'Selected rows' });
    expect(await bulk.innerText()).toMatch(/^4 of \d+ selected/);
    await page.getByRole('checkbox', { name: 'Select all rows of this page' }).check();
    await bulk.getByLabel(/All 250 countries/).check();
    expect(await bulk.innerText()).toMatch(/Everything selected/);
    await bulk.getByRole('button', { name: 'Clear' }).click();
    expect(await boxes.and(page.locator(':checked')).count()).toBe(0);
  });
});

describe('on a phone', () => {
  let phone: Visitor;
  beforeAll(async () => {
    phone = await demo.visitAsAdmin({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  });

  it('no page is wider than the screen', async () => {
    for (const path of [
      '/admin/',
      '/admin/atlas/city/',
      '/admin/atlas/country/',
      '/admin/blog/post/',
      '/admin/auth/user/',
      '/admin/blog/post/1/change/',
      '/admin/blog/post/1/history/',
      '/admin/auth/group/add/',
      '/admin/atlas/country/CH/delete/',
      '/accounts/password/',
    ]) {
      await phone.page.goto(path);
      expect([path, await phone.page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 390]);
    }
  });

  it('filters open in a drawer, and filter', async () => {
    await phone.page.goto('/admin/atlas/country/');
    const drawer = phone.page.locator('#bb-filters');
    expect(await drawer.isVisible()).toBe(false);
    await phone.page.getByRole('button', { name: 'Filters' }).tap();
    await drawer.getByRole('link', { name: 'Oceania' }).tap();
    await phone.page.waitForURL(/region=/);
    expect(await drawer.isVisible()).toBe(false);
    expect(await phone.page.getByRole('button', { name: 'Filters' }).innerText()).toMatch(/1/);
  });

  it('the sections open in a drawer, and lead on', async () => {
    await phone.page.goto('/admin/');
    const drawer = phone.page.locator('#bb-sidebar');
    expect(await drawer.isVisible()).toBe(false);
    await phone.page.getByRole('button', { name: 'Navigation' }).tap();
    await drawer.getByRole('link', { name: 'Posts', exact: true }).tap();
    await phone.page.waitForURL('**/admin/blog/post/');
    expectNoComplaints(phone);
    await phone.context.close();
  });
});
