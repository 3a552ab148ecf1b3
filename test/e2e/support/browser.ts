import { existsSync } from 'node:fs';

import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';

const EXECUTABLE = process.env.BOWERBIRD_TEST_BROWSER || '/usr/bin/chromium';
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long a page may take for one step; shorter than a test, so that the failing step is named. */
const PATIENCE_MS = 10_000;

/** A real browser. @throws Error when there is none: a suite that needs it must not pass without it */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) throw new Error(`No browser at ${EXECUTABLE}; set BOWERBIRD_TEST_BROWSER`);
  return chromium.launch({ executablePath: EXECUTABLE, args: QUIET });
}

/** A visitor's window, which remembers everything that a page should not have said. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts and violations of the content security policy so far. */
  readonly complaints: readonly string[];
}

/** Opens a window of its own, with its own cookies. */
export async function openVisitor(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  context.on('page', (page) => listen(page, complaints));
  const page = await context.newPage();
  return { context, page, complaints };
}

function listen(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(`${page.url()}: ${message.text()}`);
  });
}

/** Logs in through the login page. */
export async function logIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/admin/');
  await page.getByLabel('E-mail address').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(({ pathname }) => pathname === '/admin/');
}

/** Fails with the list when the visitor saw a script error or a violation of the content security policy. */
export function expectNoComplaints(visitor: Visitor): void {
  expect(visitor.complaints).toEqual([]);
}
