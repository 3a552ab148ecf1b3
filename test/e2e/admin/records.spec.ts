import { type Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { expectNoComplaints, type Visitor } from '../support/browser.js';
import { useDemo } from '../support/demo.js';
import { alertText, chooseByKeyboard, chosen, field, gainsFocus, messageText } from '../support/pages.js';

const demo = useDemo();
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  visitor = await demo.visitAsAdmin();
  ({ page } = visitor);
});

const ZURICH = '/admin/atlas/city/2657896/';
const save = () => page.getByRole('button', { name: 'Save', exact: true }).click();

describe('a city', () => {
  it('is found, and refused with a message beside the field that is wrong', async () => {
    await page.goto('/admin/atlas/city/?q=Zürich');
    await page.getByRole('link', { name: 'Zürich', exact: true }).first().click();
    await page.waitForURL(/\/2657896\/change\//);
    await field(page, 'Latitude').fill('91');
    await save();
    const latitude = field(page, 'Latitude');
    expect(await latitude.getAttribute('aria-invalid')).toBe('true');
    expect(await latitude.inputValue()).toBe('91');
    const note = await latitude.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${note!.split(' ')[0]}"]`).innerText()).toMatch(/90/);
    // The summary has the focus, and leads to the field.
    const summary = page.locator('.bb-summary');
    await gainsFocus(summary);
    await summary.getByRole('link', { name: 'Latitude' }).click();
    await gainsFocus(latitude);
  });

  it('is saved when it is right, and says so', async () => {
    await field(page, 'Latitude').fill('47.5');
    await field(page, 'Population').fill('350000');
    await save();
    await page.waitForURL('**/admin/atlas/city/**');
    expect(await messageText(page)).toMatch(/Zürich/);
  });

  it('shows the difference in its history', async () => {
    await page.goto(`${ZURICH}change/`);
    await page.getByRole('link', { name: 'History' }).click();
    await page.waitForURL(`**${ZURICH}history/`);
    const newest = page.locator('.bb-event').first();
    const text = await newest.innerText();
    expect(text).toMatch(/Changed/);
    expect(text).toMatch(/Ada Byron|admin@example.com/);
    expect(text).toMatch(/Population\s+Before:\s+341,730\s+→\s+After:\s+350,000/);
  });
});

describe('a country', () => {
  it('is added with languages and borders that are chosen by keyboard', async () => {
    await page.goto('/admin/atlas/country/');
    await page.getByRole('link', { name: 'Add country' }).last().click();
    await field(page, 'Name').fill('Ruritania');
    await field(page, 'Official name').fill('Kingdom of Ruritania');
    await field(page, 'Code').fill('XR');
    await field(page, 'Three-letter code').fill('XRU');
    await field(page, 'Region').selectOption({ label: 'Europe' });
    await field(page, 'Latitude').fill('49.5');
    await field(page, 'Longitude').fill('13.25');
    await field(page, 'Area (km²)').fill('1200.50');
    await chooseByKeyboard(page, 'Borders', 'Austria');
    await chooseByKeyboard(page, 'Borders', 'Czech');
    await chooseByKeyboard(page, 'Languages', 'German');
    expect(await chosen(page, 'Borders')).toEqual(['Austria', 'Czechia']);
    await save();
    await page.waitForURL('**/admin/atlas/country/');
    expect(await messageText(page)).toMatch(/Ruritania/);
    await page.goto('/admin/atlas/country/XR/change/');
    expect([await chosen(page, 'Borders'), await chosen(page, 'Languages')]).toEqual([
      ['Austria', 'Czechia'],
      ['German'],
    ]);
    expect(await field(page, 'Area (km²)').inputValue()).toBe('1200.50');
  });

  it('loses a border with the backspace key and gets it back with the mouse', async () => {
    const box = page.getByRole('combobox', { name: 'Borders' });
    await box.focus();
    await page.keyboard.press('Backspace');
    expect(await chosen(page, 'Borders')).toEqual(['Austria']);
    await box.fill('Czech');
    await page.getByRole('option', { name: 'Czechia' }).click();
    expect(await chosen(page, 'Borders')).toEqual(['Austria', 'Czechia']);
  });

  it('is deleted after a preview that counts what goes with it', async () => {
    await page.goto('/admin/atlas/city/add/');
    await field(page, 'Name').fill('Strelsau');
    await chooseByKeyboard(page, 'Country', 'Ruritania');
    await field(page, 'Latitude').fill('49.6');
    await field(page, 'Longitude').fill('13.3');
    await save();
    await page.waitForURL('**/admin/atlas/city/');

    await page.goto('/admin/atlas/country/XR/change/');
    await page.getByRole('link', { name: 'Delete' }).click();
    await page.waitForURL('**/admin/atlas/country/XR/delete/');
    const main = page.getByRole('main');
    expect(await main.innerText()).toMatch(/Ruritania[^]*1 city/);
    expect(await main.getByRole('link', { name: 'Strelsau' }).count()).toBe(1);
    await main.getByRole('button', { name: /^Delete/ }).click();
    await page.waitForURL('**/admin/atlas/country/');
    expect(await messageText(page)).toMatch(/Ruritania/);
    await page.goto('/admin/atlas/country/XR/change/');
    expect(await messageText(page)).toMatch(/XR.*does not exist|no country/i);
    await page.goto('/admin/atlas/city/?q=Strelsau');
    expect(await page.locator('tbody tr').count()).toBe(0);
  });
});

describe('what others need', () => {
  it('is not deleted, and the page says what needs it', async () => {
    await page.goto('/admin/blog/author/');
    await page.getByRole('link', { name: 'Amara Okafor' }).click();
    await page.getByRole('link', { name: 'Delete' }).click();
    expect(await alertText(page)).toMatch(/need/);
    expect(await page.getByRole('link', { name: 'Why capital cities move' }).count()).toBe(1);
    expect(
      await page
        .getByRole('main')
        .getByRole('button', { name: /Delete/ })
        .count(),
    ).toBe(0);
  });
});

describe('changes that are not saved', () => {
  it('are not lost by following a link without a question', async () => {
    await page.goto(`${ZURICH}change/`);
    await field(page, 'Population').fill('1');
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Cities' }).click();
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await gainsFocus(dialog.getByRole('button', { name: 'Stay' }));
    await page.keyboard.press('Enter');
    await expect.poll(() => dialog.count()).toBe(0);
    expect([page.url(), await field(page, 'Population').inputValue()]).toEqual([
      `${demo.app.origin}${ZURICH}change/`,
      '1',
    ]);
  });

  it('are not lost by closing the window without a question', async () => {
    const asked = page.waitForEvent('dialog').then(async (dialog) => {
      const type = dialog.type();
      await dialog.accept();
      return type;
    });
    await page.reload();
    expect(await asked).toBe('beforeunload');
  });

  it('are given up when the visitor says so', async () => {
    await page.goto(`${ZURICH}change/`);
    await field(page, 'Population').fill('1');
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Cities' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.waitForURL('**/admin/atlas/city/');
  });

  it('are asked about only when there are some', async () => {
    await page.goto(`${ZURICH}change/`);
    await field(page, 'Population').fill('1');
    await field(page, 'Population').fill('350000');
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Cities' }).click();
    await page.waitForURL('**/admin/atlas/city/');
  });
});

describe('two people with the same row', () => {
  it('do not overwrite each other', async () => {
    const other = await demo.visitAsAdmin();
    await page.goto(`${ZURICH}change/`);
    await other.page.goto(`${ZURICH}change/`);
    await field(other.page, 'Population').fill('400000');
    await other.page.getByRole('button', { name: 'Save', exact: true }).click();
    await other.page.waitForURL('**/admin/atlas/city/');

    await field(page, 'Population').fill('500000');
    await field(page, 'Administrative code').fill('ZH-2');
    const [answer] = await Promise.all([page.waitForResponse(/change\/$/), save()]);
    expect(answer.status()).toBe(409);
    const conflict = page.locator('[data-bb-conflict]');
    await conflict.waitFor();
    expect(await conflict.innerText()).toMatch(/500,?000[^]*400,?000/);
    expect(await field(page, 'Population').inputValue()).toBe('400000');
    expect(await field(page, 'Administrative code').inputValue()).toBe('ZH-2');
    await other.page.goto(`${ZURICH}change/`);
    expect(await field(other.page, 'Population').inputValue()).toBe('400000');

    // Having seen it, the visitor decides.
    await field(page, 'Population').fill('500000');
    await save();
    await page.waitForURL('**/admin/atlas/city/');
    await other.page.reload();
    expect(await field(other.page, 'Population').inputValue()).toBe('500000');
    expectNoComplaints(other);
    await other.context.close();
  });
});

describe('logging out', () => {
  it('ends the session, also for the back button', async () => {
    await page.goto(`${ZURICH}change/`);
    await page.locator('summary', { hasText: 'Account of' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL('**/accounts/login/**');
    await page.goBack();
    await expect.poll(() => page.getByRole('button', { name: 'Log in' }).count()).toBe(1);
    expect(await page.getByText('Zürich').count()).toBe(0);
  });

  it('leaves nothing that a script or a policy complained about', () => {
    expectNoComplaints(visitor);
  });
});
