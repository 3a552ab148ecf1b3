import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { mailDrivers, Mailer } from 'bowerbird/mail';
import { createTestApp, type TestApp } from 'bowerbird/testing';
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectAccessible } from '../support/accessibility.js';
import { expectNoComplaints, launchBrowser, openVisitor } from '../support/browser.js';

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>';

describe('mail in development', () => {
  let folder: string;
  let app: TestApp;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bowerbird-preview-'));
    writeFileSync(join(folder, 'package.json'), '{}');
    const mail = { driver: mailDrivers.preview() };
    const off = { api: false, audit: false } as const;
    [app, browser] = await Promise.all([
      createTestApp({ root: `${folder}/`, mail, admin: false, ...off }, { mail: 'settings' }),
      launchBrowser(),
    ]);
    const send = (subject: string, more = {}) =>
      app.get(Mailer).send({ to: 'Ann Lee <ann@example.com>', subject, text: 'See https://example.com/x.', ...more });
    await send('Only text');
    await send('A subject that is far too long for the list beside it, whatever the width of the window may be', {
      html: '<style>h1 { color: #00f }</style><h1>On its way</h1><img src="cid:logo" alt="Logo"><p><a href="/away">Away</a></p>',
      attachments: [
        { filename: 'logo.svg', content: LOGO, inline: 'logo' },
        { filename: 'invoice.pdf', content: 'pdf' },
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is shown as its reader sees it, and apart from the page', async () => {
    const visitor = await openVisitor(browser, app.origin, { colorScheme: 'dark' });
    const { page } = visitor;
    await page.goto('/__mail');
    const frame = page.frameLocator('iframe');
    const heading = frame.getByRole('heading', { name: 'On its way' });
    await heading.waitFor();
    expect(await heading.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(0, 0, 255)');
    expect(
      await frame.getByAltText('Logo').evaluate((image) => (image as HTMLImageElement).naturalWidth),
    ).toBeGreaterThan(0);
    expect(await heading.evaluate(() => window.origin)).toBe('null');
    await expectAccessible(page);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'invoice.pdf' }).click();
    expect((await download).suggestedFilename()).toBe('invoice.pdf');
    await page.getByRole('link', { name: 'Only text' }).click();
    expect(await page.locator('pre a').getAttribute('href')).toBe('https://example.com/x');
    await page.getByRole('link', { name: 'Headers' }).click();
    await page.getByText('Message-ID').waitFor();
    await expectAccessible(page);
    expectNoComplaints(visitor);
    await visitor.context.close();
  });

  it('fits a phone: the list first, then one mail, and nothing when all is forgotten', async () => {
    const visitor = await openVisitor(browser, app.origin, { viewport: { width: 390, height: 800 } });
    const { page } = visitor;
    await page.goto('/__mail');
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect([await page.locator('.mail').isVisible(), await width()]).toEqual([false, 390]);
    await expectAccessible(page);
    await page.getByRole('link', { name: 'A subject that is far too long' }).click();
    await page.frameLocator('iframe').getByRole('heading').waitFor();
    expect([await page.locator('.mails').isVisible(), await width()]).toEqual([false, 390]);
    await expectAccessible(page);
    await page.getByRole('link', { name: 'All mails' }).click();
    await page.getByRole('button', { name: 'Forget all' }).click();
    await page.getByRole('heading', { name: 'No mail yet' }).waitFor();
    expectNoComplaints(visitor);
    await visitor.context.close();
  });
});
