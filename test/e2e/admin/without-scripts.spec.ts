import { type Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { expectNoComplaints, type Visitor } from '../support/browser.js';
import { useDemo } from '../support/demo.js';
import { field, messageText } from '../support/pages.js';

const demo = useDemo();
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  visitor = await demo.visitAsAdmin({ javaScriptEnabled: false });
  ({ page } = visitor);
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const relation = (label: string) => page.locator(`[data-bb-search-field][data-label="${label}"]`);

/** Searches in a relation field and ticks what is found. */
async function find(label: string, text: string, row: string): Promise<void> {
  await relation(label).getByRole('textbox').fill(text);
  await relation(label).getByRole('button', { name: 'Find' }).click();
  await relation(label).getByLabel(row, { exact: true }).check();
}

const ticked = (label: string) =>
  relation(label)
    .locator('label:has(input:checked)')
    .allInnerTexts()
    .then((texts) => texts.map((text) => text.trim()));

describe('without scripts, lists', () => {
  it('are searched', async () => {
    await page.goto('/admin/atlas/city/');
    await page.getByRole('searchbox', { name: 'Search Cities' }).fill('Zürich');
    await button('Search').click();
    expect(new URL(page.url()).searchParams.get('q')).toBe('Zürich');
    expect(await page.getByRole('link', { name: 'Zürich', exact: true }).count()).toBeGreaterThan(0);
  });

  it('are filtered, and the filter is removed', async () => {
    await page.goto('/admin/atlas/country/');
    await page.getByLabel('Filters').getByRole('link', { name: 'Oceania' }).click();
    expect(await page.locator('tbody tr').count()).toBeLessThan(40);
    expect(await page.locator('tbody').innerText()).toMatch(/Fiji/);
    await page.getByRole('link', { name: /^Remove Region/ }).click();
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(90);
  });

  it('are sorted and turned', async () => {
    await page.goto('/admin/atlas/country/');
    await page.getByRole('columnheader', { name: 'Area' }).getByRole('link').first().click();
    expect(await page.locator('tbody tr').first().innerText()).toMatch(/Russia/);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Next' }).click();
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(10);
  });
});

describe('without scripts, a country', () => {
  it('is added with relations that are searched on the server', async () => {
    await page.goto('/admin/atlas/country/add/');
    await field(page, 'Name').fill('Ruritania');
    await find('Languages', 'German', 'German');
    await find('Borders', 'Czech', 'Czechia');
    await find('Borders', 'Austria', 'Austria');
    // What was typed is still there after the searches.
    expect(await field(page, 'Name').inputValue()).toBe('Ruritania');
    await field(page, 'Official name').fill('Kingdom of Ruritania');
    await field(page, 'Code').fill('XR');
    await field(page, 'Three-letter code').fill('XRU');
    await field(page, 'Region').selectOption({ label: 'Europe' });
    await field(page, 'Latitude').fill('49.5');
    await field(page, 'Longitude').fill('1000');
    await field(page, 'Area (km²)').fill('1200.50');
    await button('Save').click();
    expect(await field(page, 'Longitude').getAttribute('aria-invalid')).toBe('true');
    expect((await ticked('Borders')).toSorted()).toEqual(['Austria', 'Czechia']);
    await field(page, 'Longitude').fill('13.25');
    await button('Save').click();
    expect(await messageText(page)).toMatch(/Ruritania/);
  });

  it('has what was chosen, and loses what is unticked', async () => {
    await page.goto('/admin/atlas/country/XR/change/');
    expect([(await ticked('Borders')).toSorted(), await ticked('Languages')]).toEqual([
      ['Austria', 'Czechia'],
      ['German'],
    ]);
    await relation('Borders').getByLabel('Austria', { exact: true }).uncheck();
    await button('Save and continue').click();
    expect(await messageText(page)).toMatch(/Ruritania/);
    expect(await ticked('Borders')).toEqual(['Czechia']);
  });

  it('is edited with an error and then rightly', async () => {
    await field(page, 'Latitude').fill('200');
    await button('Save').click();
    expect(await page.getByRole('alert').innerText()).toMatch(/Latitude/);
    await field(page, 'Latitude').fill('50');
    await button('Save').click();
    expect(await messageText(page)).toMatch(/Ruritania/);
    await page.goto('/admin/atlas/country/XR/history/');
    expect(await page.locator('.bb-event').first().innerText()).toMatch(/Latitude[^]*49\.5[^]*50/);
  });

  it('is home to a city that is added with its country', async () => {
    await page.goto('/admin/atlas/city/add/');
    await field(page, 'Name').fill('Strelsau');
    await find('Country', 'Ruri', 'Ruritania');
    await field(page, 'Latitude').fill('49.6');
    await field(page, 'Longitude').fill('13.3');
    await button('Save').click();
    expect(await messageText(page)).toMatch(/Strelsau/);
  });

  it('is deleted after the preview', async () => {
    await page.goto('/admin/atlas/country/XR/change/');
    await page.getByRole('link', { name: 'Delete' }).click();
    expect(await page.getByRole('main').innerText()).toMatch(/1 city/);
    await page
      .getByRole('main')
      .getByRole('button', { name: /^Delete/ })
      .click();
    expect(await messageText(page)).toMatch(/Ruritania/);
    await page.goto('/admin/atlas/country/?q=Ruritania');
    expect(await page.locator('tbody tr').count()).toBe(0);
  });
});

describe('without scripts, selected rows', () => {
  it('are deleted after a confirmation', async () => {
    await page.goto('/admin/blog/tag/add/');
    await field(page, 'Name').fill('Zeppelins & Airships');
    await button('Save').click();
    // The slug is made on the server.
    expect(await page.locator('tbody').innerText()).toMatch(/zeppelins-airships/);
    const row = page.getByRole('row', { name: /Zeppelins/ });
    await row.getByRole('checkbox').check();
    await page
      .getByRole('group', { name: 'Selected rows' })
      .getByRole('button', { name: /^Delete/ })
      .click();
    expect(await page.getByRole('main').innerText()).toMatch(/Zeppelins/);
    await page
      .getByRole('main')
      .getByRole('button', { name: /^Delete/ })
      .click();
    expect(await page.getByRole('row', { name: /Zeppelins/ }).count()).toBe(0);
  });
});

describe('without scripts, the account menu', () => {
  it('opens and logs out', async () => {
    await page.goto('/admin/');
    await page.locator('summary', { hasText: 'Account of' }).click();
    await button('Log out').click();
    expect(page.url()).toMatch(/\/accounts\/login\//);
    await page.goto('/admin/');
    expect(await button('Log in').count()).toBe(1);
  });

  it('leaves nothing that a policy complained about', () => {
    expectNoComplaints(visitor);
  });
});
