import { type Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { ADMIN } from '../support/accounts.js';
import { expectNoComplaints, type Visitor } from '../support/browser.js';
import { useDemo } from '../support/demo.js';
import { chosen, field, gainsFocus, messageText } from '../support/pages.js';

const demo = useDemo();
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  visitor = await demo.visit();
  ({ page } = visitor);
});

/** The accessible text of what has the focus. */
const focused = () =>
  page.evaluate(() => {
    const one = document.activeElement as HTMLElement;
    return (one.getAttribute('aria-label') ?? one.innerText ?? '').replaceAll(/\s+/g, ' ').trim();
  });

/** Presses Tab until something has the focus. */
async function tabTo(text: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if ((await focused()) === text) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab never reached "${text}"; the focus is on "${await focused()}"`);
}

/** Presses Tab until the control of a form has the focus. */
async function tabToField(label: string): Promise<void> {
  const control = page.getByRole('combobox', { name: label }).or(field(page, label)).first();
  for (let presses = 0; presses < 120; presses += 1) {
    if (await control.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached the field "${label}"`);
}

/** What is wrong with how the focus looks, if anything: it must be marked, on the screen, and not under something else. */
const focusFault = () =>
  page.evaluate(() => {
    const one = document.activeElement as HTMLElement;
    if (one === document.body) return null;
    const { outlineStyle, boxShadow } = getComputedStyle(one);
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const fault =
      outlineStyle === 'none' && boxShadow === 'none'
        ? 'unmarked'
        : top < 0 || bottom > innerHeight
          ? 'off the screen'
          : over && !one.contains(over) && !over.contains(one)
            ? `under ${over.outerHTML.slice(0, 80)}`
            : null;
    return fault && `${fault}: ${one.outerHTML.slice(0, 160)}`;
  });

describe('with the keyboard alone', () => {
  it('one logs in', async () => {
    await page.goto('/admin/');
    await page.keyboard.type(ADMIN.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(ADMIN.password);
    await Promise.all([page.waitForURL(({ pathname }) => pathname === '/admin/'), page.keyboard.press('Enter')]);
  });

  it('one skips the navigation', async () => {
    await page.keyboard.press('Tab');
    expect([await focused(), await focusFault()]).toEqual(['Skip to content', null]);
    await page.keyboard.press('Enter');
    await gainsFocus(page.locator('#content'));
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.querySelector('main')!.contains(document.activeElement))).toBe(true);
  });

  it('one finds a section', async () => {
    await page.goto('/admin/');
    await tabTo('Find a section');
    await page.keyboard.type('tag');
    expect(await page.locator('[data-bb-nav-item]:visible').allInnerTexts()).toEqual(['Tags']);
    await Promise.all([page.waitForURL('**/admin/blog/tag/'), page.keyboard.press('Enter')]);
  });

  it('one searches a list, and opens a row', async () => {
    await page.goto('/admin/blog/post/');
    await page.keyboard.press('/');
    expect(await focused()).toBe('Search Posts');
    await page.keyboard.type('banknote');
    await Promise.all([page.waitForURL(/q=banknote/), page.keyboard.press('Enter')]);
    await tabTo('Four languages on one banknote');
    expect(await focusFault()).toBe(null);
    await Promise.all([page.waitForURL(/\/change\//), page.keyboard.press('Enter')]);
  });

  it.each(['/admin/blog/post/1/change/', '/admin/blog/post/', '/admin/auth/user/add/', '/admin/blog/author/2/delete/'])(
    'every stop of %s can be seen, forwards and backwards',
    async (path) => {
      await page.goto(path);
      const faults: (string | null)[] = [];
      for (const key of ['Tab', 'Shift+Tab'])
        for (let presses = 0; presses < 70; presses += 1) {
          await page.keyboard.press(key);
          faults.push(await focusFault());
        }
      expect(faults.filter(Boolean)).toEqual([]);
    },
  );

  it('one adds a post with a tag and an author, and saves it with a shortcut', async () => {
    await page.goto('/admin/blog/post/');
    await Promise.all([page.waitForURL('**/admin/blog/post/add/'), page.keyboard.press('n')]);
    await tabToField('Title');
    await page.keyboard.type('Written without a mouse');
    await tabToField('Author');
    await page.keyboard.type('amara');
    await page.getByRole('option', { name: 'Amara Okafor' }).waitFor();
    await page.keyboard.press('Enter');
    await tabToField('Status');
    await page.keyboard.press('p');
    await tabToField('Tags');
    await page.keyboard.press('ArrowDown');
    await page.locator('[role=option]:visible').first().waitFor();
    await page.keyboard.press('ArrowDown');
    const tag = await page.locator('[role=option][aria-selected=true]:visible').innerText();
    await page.keyboard.press('Enter');
    expect(await chosen(page, 'Tags')).toEqual([tag]);
    await page.keyboard.press('Escape');
    await Promise.all([page.waitForURL('**/admin/blog/post/'), page.keyboard.press('Control+s')]);
    expect(await messageText(page)).toMatch(/Written without a mouse/);
  });

  it('one stays on a form that has changes', async () => {
    await page.goto('/admin/blog/post/1/change/');
    await tabToField('Title');
    await page.keyboard.press('End');
    await page.keyboard.type('!');
    await tabTo('Cancel');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect([await focused(), page.url()]).toEqual(['Cancel', `${demo.app.origin}/admin/blog/post/1/change/`]);
    await page.keyboard.press('Enter');
    await tabTo('Leave');
    await Promise.all([page.waitForURL('**/admin/blog/post/'), page.keyboard.press('Enter')]);
  });

  it('one deletes a post', async () => {
    await page.goto('/admin/blog/post/?q=without+a+mouse');
    await tabTo('Written without a mouse');
    await Promise.all([page.waitForURL(/\/change\//), page.keyboard.press('Enter')]);
    await tabTo('Delete');
    await Promise.all([page.waitForURL(/\/delete\//), page.keyboard.press('Enter')]);
    await page.locator('main').focus();
    for (let presses = 0; presses < 40 && !(await focused()).startsWith('Delete'); presses += 1)
      await page.keyboard.press('Tab');
    await Promise.all([page.waitForURL(/\/admin\/blog\/post\/(\?|$)/), page.keyboard.press('Enter')]);
    expect(await messageText(page)).toMatch(/Written without a mouse/);
  });

  it('one opens the account menu, leaves it, and logs out', async () => {
    await page.goto('/admin/');
    await page.locator('summary', { hasText: 'Account of' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Log out' }).isVisible()).toBe(false);
    await page.keyboard.press('Enter');
    await tabTo('Log out');
    await Promise.all([page.waitForURL('**/accounts/login/**'), page.keyboard.press('Enter')]);
    expectNoComplaints(visitor);
  });
});
