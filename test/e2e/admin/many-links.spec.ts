import { Database } from 'bowerbird/orm';
import { TEST_PASSWORD, type TestApp } from 'bowerbird/testing';
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { make } from '../../integration/admin/library.js';
import { bootLinks, Post, Tag } from '../../integration/admin/links.js';
import { expectAccessible } from '../support/accessibility.js';
import { launchBrowser, logIn, openVisitor, type Visitor } from '../support/browser.js';

let app: TestApp;
let db: Database;
let browser: Browser;
let visitor: Visitor;
let post: Post;
let tags: Tag[];

beforeAll(async () => {
  app = await bootLinks();
  db = app.get(Database);
  tags = await db.save(
    Array.from({ length: 1_100 }, (_, index) => make(Tag, { word: `tag ${String(index).padStart(4, '0')}` })),
  );
  await db.save(make(Tag, { word: 'unused' }));
  post = await db.save(make(Post, { title: 'Popular' }));
  await db.related(post, 'tags').set(tags);
  await app.createUser({ email: 'root@example.com', isStaff: true, isSuperuser: true });
  browser = await launchBrowser();
  visitor = await openVisitor(browser, app.origin);
  await logIn(visitor.page, 'root@example.com', TEST_PASSWORD);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

it('a row with many links: those of the page are removed, others are searched, added and removed', async () => {
  const { page } = visitor;
  await page.goto(`/admin/links/post/${post.id}/change/`);
  await expect.poll(() => page.locator('.bb-token').count()).toBe(50);
  await page.getByText('1,100 linked. The first 50 are listed; search to find others.').waitFor();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Remove tag 0007' }).click();
  const search = page.getByRole('combobox', { name: 'Tags' });
  await search.fill('unused');
  await page.getByRole('option', { name: 'unused' }).click();
  await search.fill('tag 0007');
  await page.locator('[role=option]:not([data-chosen])', { hasText: 'tag 0007' }).waitFor();
  await search.fill('tag 0900');
  await page.locator('[role=option][data-chosen]', { hasText: 'tag 0900' }).waitFor();
  await page.getByRole('option', { name: 'tag 0900' }).click();
  await page.getByRole('button', { name: 'Remove tag 0900' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The post was saved').waitFor();

  const words = (await db.objects(Post).prefetchRelated('tags').get({ id: post.id })).tags.map(({ word }) => word);
  expect(words).toHaveLength(1_099);
  expect(words).toContain('unused');
  for (const gone of ['tag 0007', 'tag 0900']) expect(words).not.toContain(gone);
  expect(visitor.complaints).toEqual([]);
});
