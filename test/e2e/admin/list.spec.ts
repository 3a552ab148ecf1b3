import { beforeAll, describe, expect, it } from 'vitest';

import { expectNoComplaints, type Visitor } from '../support/browser.js';
import { useDemo } from '../support/demo.js';

const demo = useDemo();
let visitor: Visitor;
beforeAll(async () => {
  visitor = await demo.visitAsAdmin();
});

const firstCells = async () =>
  (await visitor.page.locator('tbody tr').allInnerTexts()).map((text) => text.trim().split(/[\t\n]/)[0]);

describe('the list of 135,000 cities', () => {
  it('finds a city by its accented name', async () => {
    await visitor.page.goto('/admin/atlas/city/');
    await visitor.page.getByRole('searchbox', { name: 'Search Cities' }).fill('Zürich');
    await Promise.all([visitor.page.waitForURL(/q=Z/), visitor.page.keyboard.press('Enter')]);
    await expect.poll(firstCells).toContain('Zürich');
  });

  it('filters by country', async () => {
    await visitor.page.goto('/admin/atlas/city/');
    await visitor.page.getByLabel('Filters').getByRole('link', { name: 'Andorra' }).click();
    await visitor.page.waitForURL(/country=/);
    const countries = await visitor.page.locator('tbody tr td:nth-child(3)').allInnerTexts();
    expect(new Set(countries.map((text) => text.trim()))).toEqual(new Set(['Andorra']));
  });

  it('sorts by population both ways', async () => {
    await visitor.page.goto('/admin/atlas/city/?country=AD');
    const population = async () =>
      (await visitor.page.locator('tbody tr td:nth-child(4)').allInnerTexts()).map((text) =>
        Number(text.replaceAll(',', '')),
      );
    await visitor.page
      .getByRole('columnheader', { name: /Population/ })
      .getByRole('link')
      .first()
      .click();
    await visitor.page.waitForLoadState();
    const once = await population();
    await visitor.page
      .getByRole('columnheader', { name: /Population/ })
      .getByRole('link')
      .first()
      .click();
    await visitor.page.waitForLoadState();
    const twice = await population();
    const ascending = (values: number[]) => [...values].sort((left, right) => left - right);
    const isAscending = (values: number[]) => JSON.stringify(values) === JSON.stringify(ascending(values));
    expect(new Set([isAscending(once), isAscending(twice)])).toEqual(new Set([true, false]));
  });

  it('breaks no policy', () => {
    expectNoComplaints(visitor);
  });
});
