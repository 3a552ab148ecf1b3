import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { MadeProject, run, type Ended } from '../../support/projects/made-project.js';
import { installPacked } from '../../support/projects/packed-packages.js';
import { expectNoComplaints, launchBrowser, logIn, openVisitor } from '../support/browser.js';
import { field, messageText } from '../support/pages.js';
import { call } from '../support/swagger.js';

/** Programs load and compile; other suites may keep the machine busy meanwhile. */
const PATIENCE_MS = 180_000;

const EMAIL = 'ada@example.com';

/** What is looked at of the OpenAPI document. */
interface Document {
  readonly openapi: string;
  readonly paths: object;
}

let home: string;
let project: MadeProject;
let browser: Browser;

beforeAll(async () => {
  home = await installPacked();
  browser = await launchBrowser();
}, PATIENCE_MS);
afterAll(async () => {
  project?.leave();
  await browser?.close();
  rmSync(home, { recursive: true, force: true });
});

const installed = (program: string): string => join(home, 'node_modules', program);

/** Runs a program of an installed package in the project. */
const tool = async (program: string, ...args: readonly string[]): Promise<string> =>
  succeeds(await run(project.folder, {}, installed(program), ...args));
/** Whatever happens, the Nest CLI ends with 0. */
async function nest(...args: readonly string[]): Promise<void> {
  const shown = await tool('@nestjs/cli/bin/nest.js', 'generate', '-c', '@bowerbird/schematics', ...args);
  expect(shown).not.toContain('Failed to execute');
}
/** `npm run manage`, without npm. What did not change since the last time is not compiled again. */
async function manage(...args: readonly string[]): Promise<string> {
  await tool('typescript/bin/tsc', '--incremental');
  return succeeds(await project.manage(...args));
}

function succeeds({ code, shown }: Ended): string {
  expect(code, shown).toBe(0);
  return shown;
}

it(
  'a project that was made and an app that was generated show the new entity in the admin and in Swagger UI',
  async () => {
    succeeds(await run(home, {}, installed('create-bowerbird/dist/main.js'), 'shop', '--no-git', '--no-install'));
    project = new MadeProject(join(home, 'shop'), {});
    await nest('app', 'catalog');
    await nest('entity', 'catalog/product', 'title:string,price:decimal:8:2');
    await nest('admin', 'catalog/product');
    await nest('viewset', 'catalog/product');

    expect(await manage('makemigrations')).toContain('src/migrations/catalog/0001_initial.ts');
    await manage('migrate');
    const shown = succeeds(await project.manage('createsuperuser', '--email', EMAIL, '--generate-password'));
    const password = /^Password: (\S+)$/m.exec(shown)![1]!;

    const ended = await project.serve(async ({ origin }) => {
      const visitor = await openVisitor(browser, origin);
      await logIn(visitor.page, EMAIL, password);
      await addProduct(visitor.page);
      await findProduct(visitor.page);
      expectNoComplaints(visitor);
    });
    expect(succeeds(ended)).not.toMatch(/WARN|ERROR/);
  },
  PATIENCE_MS,
);

/** Adds a row by the admin. */
async function addProduct(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Products' }).first().click();
  await page.getByRole('link', { name: 'Add product' }).first().click();
  await field(page, 'Title').fill('A nest of twigs');
  await field(page, 'Price').fill('12.50');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL('**/admin/catalog/product/');
  expect(await messageText(page)).toContain('A nest of twigs');
}

/** Reads the API that has the row, and calls it as its page does. */
async function findProduct(page: Page): Promise<void> {
  await page.goto('/api/docs');
  await page.locator('.opblock').first().waitFor();
  expect(await page.locator('.api-user').textContent()).toBe(EMAIL);
  // Redoc is not installed in a new project.
  expect(await page.locator('.api-links').innerText()).not.toContain('Read it');
  const found = await call(page, 'products_list', {});
  expect(found).toMatchObject({
    status: '200',
    body: { count: 1, results: [{ title: 'A nest of twigs', price: '12.50' }] },
  });
  const document = (await (await page.request.get('/api/openapi.json')).json()) as Document;
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/api/products', '/api/products/{key}']));
}
