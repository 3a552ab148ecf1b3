// `node scripts/screenshots.mjs`: takes the pictures of the documentation from the built demo, on a database of its own.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { findBrowser } from '../test/support/services/browser.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const main = join(root, 'apps/demo/dist/main.js');
const target = join(root, 'docs/assets');
const folder = mkdtempSync(join(tmpdir(), 'bowerbird-screenshots-'));

const ADMIN = { email: 'admin@example.com', first: 'Ada', last: 'Byron' };
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const PAGES = {
  index: '/admin/',
  list: '/admin/atlas/city/',
  form: '/admin/blog/post/1/change/',
  delete: '/admin/atlas/country/CH/delete/',
  history: '/admin/blog/post/1/history/',
};

const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const env = {
  ...process.env,
  NODE_ENV: 'development',
  SECRET_KEY: randomBytes(48).toString('base64url'),
  DATABASE_URL: `sqlite:${join(folder, 'demo.sqlite3')}`,
  HOST: '127.0.0.1',
  PORT: String(port),
};

let server;
try {
  const browserFound = findBrowser();
  if (!browserFound.available) throw new Error(`There is no browser: ${browserFound.reason}`);
  run('scripts/build.mjs');
  run(main, 'migrate');
  run(main, 'loadatlas');
  run(main, 'seedblog');
  const account = run(main, 'createsuperuser', '--email', ADMIN.email, '--generate-password');
  const password = /^Password: (\S+)$/m.exec(account)[1];
  server = spawn('node', [main], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  await answering();
  mkdirSync(target, { recursive: true });
  await takeAll(browserFound.path, password);
} finally {
  server?.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

async function takeAll(executablePath, password) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const first = await logIn(browser, password, {});
  await makeChanges(first.page);
  const storageState = await first.context.storageState();
  for (const [size, viewport] of Object.entries(SIZES))
    for (const colorScheme of ['light', 'dark']) {
      const look = { viewport, colorScheme, hasTouch: size === 'phone', isMobile: size === 'phone' };
      const visitor = await browser.newPage({ ...look, baseURL: origin });
      await take(visitor, 'login', '/accounts/login/', colorScheme, size);
      const page = await browser.newPage({ ...look, baseURL: origin, storageState });
      for (const [name, path] of Object.entries(PAGES)) await take(page, name, path, colorScheme, size);
    }
  await browser.close();
}

async function take(page, name, path, colorScheme, size) {
  await page.goto(path, { waitUntil: 'networkidle' });
  await page.screenshot({ path: join(target, `${name}-${colorScheme}-${size}.png`) });
}

async function logIn(browser, password, look) {
  const context = await browser.newContext({ ...look, baseURL: origin });
  const page = await context.newPage();
  await page.goto('/accounts/login/?next=/admin/');
  await page.getByLabel('E-mail address').fill(ADMIN.email);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(({ pathname }) => pathname === '/admin/');
  return { context, page };
}

/** A few edits, so that there is something to see in the history and among the recent changes. */
async function makeChanges(page) {
  await change(page, '/admin/auth/user/1/change/', { firstName: ADMIN.first, lastName: ADMIN.last });
  await change(page, '/admin/atlas/city/2657896/change/', { population: '447082' });
  await change(page, '/admin/atlas/country/CH/change/', { subregion: 'Alpine Europe' });
  await change(page, '/admin/blog/post/3/change/', { readingMinutes: '4' });
  await change(page, '/admin/blog/post/1/change/', { status: 'review' });
  await page.goto('/admin/blog/post/1/change/');
  await page.locator('[name=title]').fill('Why capital cities move, and what moves with them');
  await page.locator('[name=status]').selectOption('published');
  await page.getByRole('combobox', { name: 'Tags' }).fill('Maps');
  await page.getByRole('option').filter({ hasText: 'Maps', visible: true }).click();
  await save(page);
}

async function change(page, path, values) {
  await page.goto(path);
  for (const [name, value] of Object.entries(values)) {
    const control = page.locator(`form [name="${name}"]`);
    if ((await control.evaluate(({ tagName }) => tagName)) === 'SELECT') await control.selectOption(value);
    else await control.fill(value);
  }
  await save(page);
}

async function save(page) {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.bb-message-success').waitFor();
}

function run(...command) {
  const { status, stdout } = spawnSync('node', command, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
  return String(stdout);
}

async function answering() {
  for (let tries = 0; tries < 120; tries += 1) {
    if (
      await fetch(`${origin}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await setTimeout(250);
  }
  throw new Error('The demo does not answer');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}
