import { type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** What the page says about what was just done. */
export function messageText(page: Page): Promise<string> {
  return page.locator('.bb-messages').innerText();
}

/** What the page refuses or warns of. */
export function alertText(page: Page): Promise<string> {
  return page.getByRole('alert').first().innerText();
}

/** The control of a form that has exactly this label; the mark of required fields does not count. */
export function field(page: Page, label: string): Locator {
  return page.getByLabel(new RegExp(`^\\s*${label.replaceAll(/[()]/g, '\\$&')}\\*?\\s*$`));
}

/** Finds a row in a relation field and chooses it without touching the mouse. */
export async function chooseByKeyboard(page: Page, field: string, text: string): Promise<void> {
  const box = page.getByRole('combobox', { name: field });
  await box.focus();
  await page.keyboard.type(text);
  await page.getByRole('option', { name: text }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}

/** Names of the rows that are chosen in a relation field for several. */
export function chosen(page: Page, field: string): Promise<string[]> {
  return page
    .getByRole('list', { name: `Chosen: ${field}` })
    .locator('li > span')
    .allInnerTexts();
}

/** Waits until this element has the focus: scripts give it after the page is there. Fails when it never gets it. */
export async function gainsFocus(element: Locator): Promise<void> {
  await expect.poll(() => element.evaluate((one) => one === document.activeElement)).toBe(true);
}
