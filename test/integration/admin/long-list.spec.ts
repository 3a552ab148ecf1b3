import { Database } from 'bowerbird/orm';
import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bootShop, Product } from './shop.js';

let app: TestApp;
let admin: TestClient;
const list = '/admin/shop/product/';
const total = 135;

const names = (html: string) => [...html.matchAll(/<th scope="row"><a[^>]*>([^<]*)<\/a>/g)].map(([, name]) => name!);
const link = (html: string, pattern: RegExp) => pattern.exec(html)?.[1]?.replaceAll('&amp;', '&');
const next = (html: string) => link(html, /href="([^"]*)" rel="next"/);
const previous = (html: string) => link(html, /href="([^"]*)" rel="prev"/);
const last = (html: string) => link(html, /href="([^"]*)" aria-label="Last page"/);

async function walk(start: string, step: (html: string) => string | undefined): Promise<string[]> {
  const seen: string[] = [];
  for (let address: string | undefined = start; address !== undefined;) {
    const page = await admin.get(list + address);
    expect(page.status).toBe(200);
    seen.push(...names(page.text));
    address = step(page.text);
  }
  return seen;
}

beforeAll(async () => {
  app = await bootShop({ admin: { countLimit: 100 } });
  const rows = Array.from({ length: total }, (_, number) =>
    Object.assign(new Product(), {
      name: `Row ${number}`,
      price: `${number % 4}.00`,
      addedAt: number % 3 ? app.clock.now() : null,
    }),
  );
  await app.get(Database).save(rows);
  admin = await app.login();
});
afterAll(() => app.close());

describe('a list beyond the count limit', () => {
  it('says that there are more and offers to count exactly', async () => {
    const { text } = await admin.get(list);
    expect(text).toContain('More than 100 products');
    expect(text).toContain('href="?count=exact"');
    expect((await admin.get(`${list}?count=exact`)).text).toContain('135 products');
  });

  it.each(['', '?o=price', '?o=-price&o=addedAt', '?o=addedAt', '?o=category', '?o=-addedAt'])(
    'is walked forward and backward without losing or repeating a row: %s',
    async (order) => {
      const forward = await walk(order, next);
      expect(new Set(forward).size).toBe(total);
      expect(forward).toHaveLength(total);
      const end = last((await admin.get(list + order)).text)!;
      const pages = await walkBackward(end);
      expect(pages).toEqual(forward);
    },
  );

  it('has no page numbers, and refuses those beyond what is counted', async () => {
    expect((await admin.get(list)).text).not.toContain('aria-label="Page 2"');
    expect((await admin.get(`${list}?p=500`)).location).toBe(`${list}?e=1`);
  });

  it('runs actions on everything that matches', async () => {
    await admin.submit(list, { action: 'publish', across: 1 });
    expect(await app.objects(Product).filter({ status: 'published' }).count()).toBe(total);
  });
});

/** From the last page to the first, in the order of the list. */
async function walkBackward(start: string): Promise<string[]> {
  let seen: string[] = [];
  for (let address: string | undefined = start; address !== undefined;) {
    const { text } = await admin.get(list + address);
    seen = [...names(text), ...seen];
    address = previous(text);
  }
  return seen;
}
