import { Database } from 'bowerbird/orm';
import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { bootShop, Product } from './shop.js';

eachDatabase((on) => {
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
    app = await bootShop({ database: on.url, admin: { countLimit: 100 } });
    const rows = Array.from({ length: total }, (_, number) =>
      Object.assign(new Product(), {
        name: `Row ${number}`,
        price: `${number % 4}.00`,
        addedAt: number % 3 ? app.clock.now() : null,
      }),
    );
    await app.get(Database).save(rows);
    const analyze = { sqlite: 'ANALYZE', postgres: 'ANALYZE shop_product', mysql: 'ANALYZE TABLE shop_product' };
    await app.get(Database).query(analyze[on.dialect]);
    admin = await app.login();
  });
  afterAll(() => app?.close());

  describe('a list beyond the count limit', () => {
    it('says about how many there are, where the database knows it, and offers to count exactly', async () => {
      const { text } = await admin.get(list);
      expect(text).toMatch(on.dialect === 'sqlite' ? /More than 100 products/ : /About 1[234]\d products/);
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

    it('has no page numbers, and leads from those beyond what is counted to the first page', async () => {
      expect((await admin.get(list)).text).not.toContain('aria-label="Page 2"');
      expect((await admin.get(`${list}?p=500`)).location).toBe(list);
    });

    it('leads to the first page when every row of the page was deleted', async () => {
      for (const query of ['?o=name', '?q=Row&status=draft']) {
        const start = await admin.get(list + query);
        const end = last(start.text)!;
        const selected = [...(await admin.get(list + end)).text.matchAll(/name="selected" value="(\d+)"/g)].map(
          ([, id]) => Number(id),
        );
        const before = previous((await admin.get(list + end)).text)!;
        const beyond = next((await admin.get(list + before)).text)!;
        const kept = await app.objects(Product).filter({ id__in: selected }).all();
        const form = { action: 'delete_selected', selected, confirmed: 1 };
        expect((await admin.submit(list + beyond, form)).location).toBe(list + beyond);
        const gone = await admin.get(list + beyond);
        expect([gone.status, gone.location]).toEqual([302, list + query]);
        const first = await admin.get(gone.location!);
        expect(first.text).toContain(`${selected.length} products were deleted.`);
        expect(first.text).not.toContain('No products yet');
        expect(next(first.text)).toBeDefined();
        await app.get(Database).save(kept);
      }
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
});
