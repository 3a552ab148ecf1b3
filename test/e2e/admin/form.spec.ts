import { City, Country } from '@bowerbird/atlas';
import { Author, Post } from '@bowerbird/blog';
import { type Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { expectAccessible } from '../support/accessibility.js';
import { expectNoComplaints, type Visitor } from '../support/browser.js';
import { useDemo } from '../support/demo.js';
import { gainsFocus } from '../support/pages.js';

const demo = useDemo();
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  visitor = await demo.visitAsAdmin();
  page = visitor.page;
});

const save = (on: Page = page) => on.getByRole('button', { name: 'Save', exact: true }).last();
const field = (name: string, on: Page = page) => on.getByLabel(name, { exact: false }).first();
const submit = async (on: Page = page) => {
  await Promise.all([on.waitForEvent('load'), save(on).click()]);
};

describe('a form in a browser', () => {
  it('chooses a row by typing and by keys alone', async () => {
    const city = await demo.app.objects(City).filter({ name: 'Lyon' }).first();
    await page.goto(`/admin/atlas/city/${city!.id}/change/`);
    const country = page.getByRole('combobox', { name: 'Country' });
    expect(await country.inputValue()).toBe('France');
    await country.fill('switz');
    await page.getByRole('option', { name: 'Switzerland' }).waitFor();
    expect(await country.getAttribute('aria-expanded')).toBe('true');
    await expectAccessible(page);
    await country.press('ArrowDown');
    expect(await country.getAttribute('aria-activedescendant')).toBe(
      await page.getByRole('option').first().getAttribute('id'),
    );
    await country.press('Enter');
    expect([await country.inputValue(), await country.getAttribute('aria-expanded')]).toEqual(['Switzerland', 'false']);
    expect(await page.getByRole('link', { name: /^Edit country/ }).getAttribute('href')).toBe(
      '/admin/atlas/country/CH/change/?_popup=1',
    );
    await country.fill('nonsense');
    await page.getByText('Nothing matches “nonsense”.').first().waitFor();
    await country.press('Escape');
    expect(await country.inputValue()).toBe('Switzerland');
    await submit();
    const saved = await demo.app.objects(City).selectRelated('country').get({ id: city!.id });
    expect(saved.country.code).toBe('CH');
    expect(await page.locator('.bb-message-success').innerText()).toContain('Lyon');
  });

  it('adds and removes rows of a many-to-many relation', async () => {
    await page.goto('/admin/atlas/country/IS/change/');
    const languages = page.getByRole('combobox', { name: 'Languages' });
    await languages.fill('danish');
    await page.getByRole('option', { name: 'Danish' }).click();
    await languages.press('Escape');
    await page.getByRole('button', { name: 'Remove Icelandic', exact: true }).click();
    await submit();
    const { languages: saved } = await demo.app.objects(Country).prefetchRelated('languages').get({ code: 'IS' });
    expect(saved.map(({ name }) => name)).toEqual(['Danish']);
  });

  it('takes over a row that was added in a small window', async () => {
    await page.goto('/admin/blog/post/add/');
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'Add author (in a new window)' }).click(),
    ]);
    await field('Name', popup).fill('Nadia Petrova');
    await field('Email', popup).fill('nadia@example.com');
    await field('Joined', popup).fill('2024-05-01');
    await Promise.all([popup.waitForEvent('close'), save(popup).click()]);
    const author = page.getByRole('combobox', { name: 'Author' });
    await expect.poll(() => author.inputValue()).toBe('Nadia Petrova');
    const { id } = await demo.app.objects(Author).get({ name: 'Nadia Petrova' });
    expect(await page.locator('input[name=author]').inputValue()).toBe(String(id));
  });

  it('takes over a row into a list of boxes, and a changed name into the field', async () => {
    await page.goto('/admin/auth/user/1/change/');
    const [group] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'Add group (in a new window)' }).click(),
    ]);
    await field('Name', group).fill('Proofreaders');
    await Promise.all([group.waitForEvent('close'), save(group).click()]);
    await expect.poll(() => page.getByRole('checkbox', { name: 'Proofreaders' }).isChecked()).toBe(true);
    const city = await demo.app.objects(City).filter({ country: 'PT' }).first();
    await page.goto(`/admin/atlas/city/${city!.id}/change/`);
    const [country] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: /^Edit country/ }).click(),
    ]);
    await country.locator('#id_name').fill('Portugália');
    await Promise.all([country.waitForEvent('close'), save(country).click()]);
    await expect.poll(() => page.getByRole('combobox', { name: 'Country' }).inputValue()).toBe('Portugália');
  });

  it('fills the slug while it is untouched', async () => {
    await page.goto('/admin/blog/post/add/');
    const [title, slug] = [page.locator('#id_title'), page.locator('#id_slug')];
    await title.pressSequentially('Straße nach Łódź');
    expect(await slug.inputValue()).toBe('strasse-nach-lodz');
    await slug.fill('own');
    await title.pressSequentially(' und weiter');
    expect(await slug.inputValue()).toBe('own');
  });

  it('shows mistakes, then saves a post with a file, a date and JSON', async () => {
    await page.goto('/admin/blog/post/add/');
    await page.locator('#id_title').fill('A post from a browser');
    await page.locator('#id_extra').fill('{"a":');
    await submit();
    await gainsFocus(page.locator('.bb-summary'));
    await expectAccessible(page);
    await page.locator('.bb-summary').getByRole('link', { name: 'Author' }).click();
    await gainsFocus(page.locator('#id_author'));
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: 'Rosa Ferreira' }).click();
    await page.locator('#id_extra').fill('{"a": [1]}');
    await page.locator('#id_publishedAt').fill('2025-06-01T09:30');
    const content = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
    await page.locator('#id_cover').setInputFiles({ name: 'cover.png', mimeType: 'image/png', buffer: content });
    await submit();
    const post = await demo.app.objects(Post).selectRelated('author').get({ title: 'A post from a browser' });
    expect(post).toMatchObject({ slug: 'a-post-from-a-browser', extra: { a: [1] }, author: { name: 'Rosa Ferreira' } });
    expect(post.publishedAt!.toISOString()).toBe('2025-06-01T09:30:00.000Z');
    expect(post.cover).toMatch(/^blog\/post\/cover.*\.png$/);
  });

  it('warns before changes are lost, by its own question and by the browser', async () => {
    await page.goto('/admin/atlas/country/NO/change/');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.waitForURL('**/country/');
    await page.goto('/admin/atlas/country/NO/change/');
    await page.locator('#id_capital').fill('Bergen');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Stay' }).click();
    expect(await page.locator('#id_capital').inputValue()).toBe('Bergen');
    const asked = new Promise<string>((resolve) => {
      page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.accept();
      });
    });
    await page.reload();
    expect(await asked).toBe('beforeunload');
    await page.locator('#id_capital').fill('Bergen');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.waitForURL('**/country/');
    expect((await demo.app.objects(Country).get({ code: 'NO' })).capital).toBe('Oslo');
  });

  it('is sent once, however often the button is pressed', async () => {
    await page.goto('/admin/blog/tag/add/');
    await page.locator('#id_name').fill('Pressed twice');
    let posts = 0;
    page.on('request', (request) => (posts += request.method() === 'POST' ? 1 : 0));
    await Promise.all([page.waitForURL('**/tag/'), save().dblclick()]);
    expect(posts).toBe(1);
  });

  it('refuses a stale save and goes on from the current data', async () => {
    const other = await demo.visitAsAdmin();
    const url = '/admin/atlas/country/FI/change/';
    await Promise.all([page.goto(url), other.page.goto(url)]);
    await other.page.locator('#id_capital').fill('Tampere');
    await submit(other.page);
    await page.locator('#id_capital').fill('Turku');
    await page.locator('#id_subregion').fill('The North');
    await submit();
    expect(await page.locator('.bb-conflict-table').innerText()).toMatch(/Capital\s+Turku\s+Tampere/);
    expect([await page.locator('#id_capital').inputValue(), await page.locator('#id_subregion').inputValue()]).toEqual([
      'Tampere',
      'The North',
    ]);
    await expectAccessible(page);
    await submit();
    const saved = await demo.app.objects(Country).get({ code: 'FI' });
    expect([saved.capital, saved.subregion]).toEqual(['Tampere', 'The North']);
    await other.context.close();
  });

  it('has no serious barriers, light or dark, wide or narrow, and breaks no policy', async () => {
    const post = await demo.app.objects(Post).first();
    for (const [colorScheme, width] of [
      ['light', 1440],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const path of [
        `/admin/blog/post/${post!.id}/change/`,
        '/admin/atlas/country/add/',
        '/admin/auth/user/1/change/',
        '/admin/auth/user/add/',
      ]) {
        await page.goto(path);
        await expectAccessible(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      }
    }
    expectNoComplaints(visitor);
  });
});

describe('without scripts', () => {
  let plain: Visitor;
  beforeEach(async () => {
    plain = await demo.visitAsAdmin({ javaScriptEnabled: false });
    return () => plain.context.close();
  });

  it('a country with many-to-many links is added and changed', async () => {
    const { page: on } = plain;
    await on.goto('/admin/atlas/country/add/');
    const texts = {
      name: 'Freedonia',
      officialName: 'Free State',
      code: 'QF',
      code3: 'QFR',
      area: '12.5',
      latitude: '1',
      longitude: '2',
    };
    for (const [name, value] of Object.entries(texts)) await on.locator(`#id_${name}`).fill(value);
    await on.locator('#id_region').selectOption('Europe');
    await on.locator('#id_languages').fill('french');
    await on.locator('#id_languages').press('Enter');
    await on.getByRole('checkbox', { name: 'French', exact: true }).check();
    await on.locator('#id_currencies').fill('euro');
    await on.locator('button[name=_find][value=currencies]').click();
    await on.getByRole('checkbox', { name: 'Euro', exact: true }).check();
    await on.getByRole('button', { name: 'Save and continue' }).click();
    await on.waitForURL('**/QF/change/');
    await on.getByRole('checkbox', { name: 'French', exact: true }).uncheck();
    await on.locator('#id_capital').fill('Sylvania');
    await save(on).click();
    await on.waitForURL('**/country/');
    const saved = await demo.app.objects(Country).prefetchRelated('languages', 'currencies').get({ code: 'QF' });
    expect([saved.capital, saved.languages.length, saved.currencies.map(({ code }) => code)]).toEqual([
      'Sylvania',
      0,
      ['EUR'],
    ]);
  });

  it('a post gets another author', async () => {
    const { page: on } = plain;
    const post = await demo.app.objects(Post).first();
    await on.goto(`/admin/blog/post/${post!.id}/change/`);
    await on.locator('#id_author').fill('tomás');
    await on.locator('button[name=_find][value=author]').click();
    await on.getByRole('radio', { name: 'Tomás Vega' }).check();
    await save(on).click();
    await on.waitForURL('**/post/');
    const { author } = await demo.app.objects(Post).selectRelated('author').get({ id: post!.id });
    expect(author.name).toBe('Tomás Vega');
  });
});
