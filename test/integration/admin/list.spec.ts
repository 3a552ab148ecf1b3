import { Database } from 'bowerbird/orm';
import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { staff } from './library.js';
import { bootShop, Category, Code, Label, Product } from './shop.js';

eachDatabase((on) => {
  let app: TestApp;
  let admin: TestClient;
  let tools: Category;
  let toys: Category;
  let red: Label;
  let blue: Label;
  const label = (word: 'red' | 'blue') => (word === 'red' ? red : blue);
  const list = '/admin/shop/product/';

  /** The names in the first column, in the order of the page. */
  function names(html: string): string[] {
    return [...html.matchAll(/<th scope="row"><a[^>]*>([^<]*)<\/a>/g)].map(([, name]) => name!);
  }

  async function namesAt(query: string): Promise<string[]> {
    const page = await admin.get(list + query);
    expect(page.status, page.location).toBe(200);
    return names(page.text);
  }

  async function add(values: Partial<Product>): Promise<Product> {
    return app.get(Database).save(Object.assign(new Product(), values));
  }

  beforeAll(async () => {
    app = await bootShop({ database: on.url });
    const database = app.get(Database);
    tools = await database.save(Object.assign(new Category(), { name: 'Tools' }));
    toys = await database.save(Object.assign(new Category(), { name: 'Toys' }));
    [red, blue] = [Object.assign(new Label(), { word: 'red' }), Object.assign(new Label(), { word: 'blue' })];
    await database.save([red, blue]);
    const today = app.clock.now();
    await add({
      name: 'Hammer',
      price: '12.50',
      category: tools,
      status: 'published',
      inStock: true,
      homepage: 'https://example.com/hammer',
      addedAt: today,
      labels: [red, blue],
    });
    await add({
      name: 'Claw hammer',
      price: '20.00',
      category: tools,
      inStock: false,
      homepage: 'javascript:alert(1)',
      addedAt: new Date(today.getTime() - 40 * 86_400_000),
    });
    await add({
      name: 'Robot "Zed" New York',
      price: '7.00',
      category: toys,
      status: 'published',
      inStock: true,
      homepage: '',
      labels: [red],
    });
    await add({ name: '<script>alert(1)</script>', price: '7.00', category: null, inStock: null });
    admin = await app.login();
  });
  afterAll(() => app?.close());

  describe('the list', () => {
    it('shows values by their kind and escapes them', async () => {
      const { text } = await admin.get(list);
      expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(text).not.toContain('<script>alert');
      expect(text).toContain('<span class="bb-badge-green">Published</span>');
      expect(text).toContain('<td class="bb-number">12.50</td>');
      expect(text).toContain('<td class="bb-number">6.25</td>');
      expect(text).toContain('<td>Hammer!</td>');
      expect(text).toContain('<span class="bb-hidden">Yes</span>');
      expect(text).toContain('<span class="bb-hidden">Unknown</span>');
      expect(text).toContain('<span class="bb-empty">–</span>');
    });

    it('links only addresses of the web', async () => {
      const { text } = await admin.get(list);
      expect(text).toContain('<a href="https://example.com/hammer"');
      expect(text).toContain('<td>javascript:alert(1)</td>');
      expect(text).not.toMatch(/href="javascript:/);
    });

    it('puts the newest row first where nothing else is said', async () => {
      expect(await namesAt('')).toEqual([
        '&lt;script&gt;alert(1)&lt;/script&gt;',
        'Robot &quot;Zed&quot; New York',
        'Claw hammer',
        'Hammer',
      ]);
    });

    it('sorts by several columns', async () => {
      expect(await namesAt('?o=price&o=-name')).toEqual([
        'Robot &quot;Zed&quot; New York',
        '&lt;script&gt;alert(1)&lt;/script&gt;',
        'Hammer',
        'Claw hammer',
      ]);
      expect(await namesAt('?o=-half&q=hammer')).toEqual(['Claw hammer', 'Hammer']);
      expect(await namesAt('?o=category.name&o=name&q=hammer')).toEqual(['Claw hammer', 'Hammer']);
    });

    it('marks the sorted columns and links to the next order', async () => {
      const { text } = await admin.get(`${list}?o=-price&o=name`);
      expect(text).toContain('aria-sort="descending"');
      expect(text).toContain('href="?o=price&amp;o=name"');
      expect(text).toContain('aria-label="Do not sort by Price"');
    });

    it('marks the order that it has by itself, and turns it', async () => {
      const { text } = await admin.get('/admin/shop/category/');
      expect(text).toMatch(/aria-sort="ascending">\s*<a class="bb-sort" href="\?o=-name"/);
      expect(text).not.toContain('Do not sort by');
      const turned = await admin.get('/admin/shop/category/?o=-name');
      expect(turned.text).toMatch(/aria-sort="descending">\s*<a class="bb-sort" href="\?o=name"/);
    });

    it('keeps the address of the list in the links to rows', async () => {
      const { text } = await admin.get(`${list}?q=claw`);
      expect(text).toMatch(/href="\/admin\/shop\/product\/\d+\/change\/\?_list=q%3Dclaw"/);
    });

    it('is never kept by a cache', async () => {
      expect((await admin.get(list)).header('cache-control')).toContain('no-store');
    });

    it('writes keys so that they survive in addresses', async () => {
      await app.get(Database).save(Object.assign(new Code(), { code: 'a/b%2F"c\' d' }));
      const { text } = await admin.get('/admin/shop/code/');
      expect(text).toContain('/admin/shop/code/a_2Fb_252F_22c_27_20d/change/');
    });
  });

  describe('the search', () => {
    it.each([
      ['hammer', ['Claw hammer', 'Hammer']],
      ['HAMMER claw', ['Claw hammer']],
      ['hammer tools', ['Claw hammer', 'Hammer']],
      ['"new york"', ['Robot &quot;Zed&quot; New York']],
      ["'York New'", []],
      ['1', ['&lt;script&gt;alert(1)&lt;/script&gt;', 'Hammer']],
      ['re', ['Robot &quot;Zed&quot; New York', 'Hammer']],
      ['ed', ['Robot &quot;Zed&quot; New York']],
      ['toys blue', []],
    ])('finds %s', async (text, found) => {
      expect(await namesAt(`?q=${encodeURIComponent(text)}`)).toEqual(found);
    });

    it('says when nothing matches, and how to see everything', async () => {
      const { text } = await admin.get(`${list}?q=xyzzy`);
      expect(text).toContain('Nothing matches');
      expect(text).toContain(`href="${list}"`);
    });

    it('returns a row once although several related rows match', async () => {
      expect(await namesAt('?labels=1&labels=2')).toEqual(['Robot &quot;Zed&quot; New York', 'Hammer']);
    });
  });

  describe('filters', () => {
    it.each([
      ['status=published', ['Robot &quot;Zed&quot; New York', 'Hammer']],
      ['status=published&inStock=1&q=ham', ['Hammer']],
      ['inStock=', ['&lt;script&gt;alert(1)&lt;/script&gt;']],
      ['inStock=0', ['Claw hammer']],
      ['category=1', ['Claw hammer', 'Hammer']],
      ['category=1&category=', ['&lt;script&gt;alert(1)&lt;/script&gt;', 'Claw hammer', 'Hammer']],
      ['addedAt=today', ['Hammer']],
      ['addedAt=none', ['&lt;script&gt;alert(1)&lt;/script&gt;', 'Robot &quot;Zed&quot; New York']],
      ['homepage__empty=1', ['&lt;script&gt;alert(1)&lt;/script&gt;', 'Robot &quot;Zed&quot; New York']],
      ['homepage__empty=0', ['Claw hammer', 'Hammer']],
      ['labels=2', ['Hammer']],
      ['labels=', ['&lt;script&gt;alert(1)&lt;/script&gt;', 'Claw hammer']],
    ])('%s', async (query, found) => {
      expect(await namesAt(`?${query}`)).toEqual(found);
    });

    it('take days as bounds', async () => {
      const day = app.clock.now().toISOString().slice(0, 10);
      expect(await namesAt(`?addedAt__from=${day}`)).toEqual(['Hammer']);
      expect(await namesAt(`?addedAt__to=${day}`)).toEqual(['Claw hammer', 'Hammer']);
    });

    it('are marked, can be removed one by one and all together', async () => {
      const { text } = await admin.get(`${list}?status=published&category=1&q=ham`);
      expect(text).toContain('aria-label="Remove Status: Published"');
      expect(text).toContain('aria-label="Remove Category: Tools"');
      expect(text).toContain('href="?q=ham&amp;category=1"');
      expect(text).toContain('href="?q=ham">Clear all');
    });

    it('count what each value would leave, under the search and the other filters', async () => {
      const { text } = await admin.get(`${list}?facets=1&inStock=1`);
      expect(text).toMatch(/Published<\/span><span class="bb-choice-count">2</);
      expect(text).toMatch(/Tools<\/span><span class="bb-choice-count">1</);
      expect(text).toMatch(/>No<\/span><span class="bb-choice-count">1</);
    });

    it('find related rows by text', async () => {
      const { text } = await admin.get(`${list}?category__find=toy`);
      expect(text).toContain('<span>Toys</span>');
      expect(text).not.toContain('<span>Tools</span>');
    });
  });

  describe('an address that cannot be understood', () => {
    it.each([
      'colour=red',
      'password__startswith=a',
      'o=nothing',
      'o=labels',
      'p=0',
      'p=abc',
      'p=9999999',
      'inStock=maybe',
      'addedAt=tomorrow',
      'addedAt__from=2026-02-30',
      'category=abc',
      'category=1%27%20OR%201=1',
      'after=garbage',
      'after=W10',
      'homepage__empty=2',
      '__proto__=1',
      'constructor=1',
      `q=${'x'.repeat(300)}`,
      'status=&status=x',
    ])('leads to the clean list: %s', async (query) => {
      const answer = await admin.get(`${list}?${query}`);
      expect([answer.status, answer.location]).toEqual([302, `${list}?e=1`]);
    });

    it('with a NUL byte is refused before it reaches the list', async () => {
      expect((await admin.get(`${list}?q=%00`)).status).toBe(400);
    });

    it('is explained there', async () => {
      expect((await admin.get(`${list}?e=1`)).text).toContain('The address could not be understood');
    });

    it('is an error page when it comes again', async () => {
      expect((await admin.get(`${list}?e=1&colour=red`)).status).toBe(400);
    });
  });

  describe('statements', () => {
    const clerk = () =>
      staff(app, 'clerk@example.com', [
        'shop.view_product',
        'shop.change_product',
        'shop.view_category',
        'shop.view_label',
      ]);

    it('are at most six for staff with two relation filters active', async () => {
      const client = await clerk();
      for (let number = 0; number < 12; number += 1)
        await add({ name: `Many ${number}`, price: '1.00', category: toys, labels: [label('red')] });
      const address = `${list}?category=${toys.id}&labels=${label('red').id}&labels=${label('blue').id}`;
      for (const query of ['', '&open=labels', '&q=many', '&category=', '&category__find=Tools']) {
        app.clock.advance('5s');
        const log = await app.queries(() => client.get(address + query));
        expect(log.length, `${query}\n${log.map(({ sql }) => sql).join('\n')}`).toBeLessThanOrEqual(6);
      }
      const { text } = await client.get(address);
      for (const chip of ['Category: Toys', 'Labels: red', 'Labels: blue'])
        expect(text).toContain(`aria-label="Remove ${chip}"`);
      expect(text).toMatch(/aria-current="true"><span>blue<\/span>[^]*aria-current="true"><span>red<\/span>/);
      await app.objects(Product).filter({ name__startswith: 'Many' }).delete();
    });

    it('are one more with counts, however many values the filters have', async () => {
      const categories = await app
        .get(Database)
        .save(Array.from({ length: 28 }, (_, index) => Object.assign(new Category(), { name: `Extra ${index}` })));
      const address = `${list}?category=${tools.id}&inStock=1`;
      app.clock.advance('5s');
      const plain = await app.queries(() => admin.get(address));
      const counted = await app.queries(() => admin.get(`${address}&facets=1`));
      expect(counted.length, counted.map(({ sql }) => sql).join('\n')).toBeLessThanOrEqual(plain.length + 1);
      const { text } = await admin.get(`${address}&facets=1`);
      expect(text).toMatch(/Tools<\/span><span class="bb-choice-count">1</);
      expect(text).toMatch(/Toys<\/span><span class="bb-choice-count">1</);
      expect(text).toMatch(/Extra 27<\/span><span class="bb-choice-count">0</);
      expect(text.indexOf('<span>Extra 9<')).toBeLessThan(text.indexOf('<span>Extra 10<'));
      await app.get(Database).remove(categories);
    });

    it('do not grow with the rows, and are at most six', async () => {
      const few = await app.queries(() => admin.get(list));
      expect(few.length, few.map(({ sql }) => sql).join('\n')).toBeLessThanOrEqual(6);
      for (let number = 0; number < 30; number += 1)
        await add({ name: `Extra ${number}`, price: '1.00', category: toys });
      const many = await app.queries(() => admin.get(list));
      expect(many.length, many.map(({ sql }) => sql).join('\n')).toBeLessThanOrEqual(6);
      await app.objects(Product).filter({ name__startswith: 'Extra' }).delete();
    });
  });

  describe('pages', () => {
    beforeAll(async () => {
      for (let number = 0; number < 35; number += 1)
        await add({ name: `Page ${String(number).padStart(2, '0')}`, price: '3.00' });
    });
    afterAll(() => app.objects(Product).filter({ name__startswith: 'Page' }).delete());

    it('have numbers while the list is short', async () => {
      expect(await namesAt('?q=Page&o=name&p=2')).toEqual(
        Array.from({ length: 10 }, (_, index) => `Page ${index + 10}`),
      );
      const { text } = await admin.get(`${list}?q=Page&p=2`);
      expect(text).toContain('11–20 of 35');
      expect(text).toContain('<span class="bb-page" aria-current="page">2</span>');
    });

    it.each(['p=99', 'p=9999', 'p=3&q=Robot'])('that are gone lead to the first one: %s', async (query) => {
      const kept = query.replace(/p=\d+&?/, '');
      const answer = await admin.get(`${list}?${query}`);
      expect([answer.status, answer.location]).toEqual([302, kept === '' ? list : `${list}?${kept}`]);
    });

    it('lead to the first one with search, filters and order after all rows of the last one were deleted', async () => {
      for (let number = 0; number < 12; number += 1)
        await add({ name: `Gone ${String(number).padStart(2, '0')}`, price: '3.00', status: 'published' });
      const last = `${list}?q=Gone&status=published&o=name&p=2`;
      const selected = (
        await app
          .objects(Product)
          .filter({ name__in: ['Gone 10', 'Gone 11'] })
          .all()
      ).map(({ id }) => id);
      const answer = await admin.submit(last, { action: 'delete_selected', selected, confirmed: 1 });
      expect([answer.status, answer.location]).toEqual([303, last]);
      const next = await admin.get(last);
      expect([next.status, next.location]).toEqual([302, `${list}?q=Gone&status=published&o=name`]);
      const first = await admin.get(next.location!);
      expect(first.text).toContain('2 products were deleted.');
      expect(names(first.text)).toHaveLength(10);
      await app.objects(Product).filter({ name__startswith: 'Gone' }).delete();
    });

    it('lead to every row exactly once', async () => {
      const seen: string[] = [];
      let address: string | undefined = '?q=Page&o=price';
      while (address) {
        const { text } = await admin.get(list + address);
        seen.push(...names(text));
        address = /<a class="bb-page bb-page-step" href="([^"]*)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
      }
      expect(seen.sort()).toEqual(Array.from({ length: 35 }, (_, index) => `Page ${String(index).padStart(2, '0')}`));
    });
  });

  describe('actions', () => {
    const keys = async (...wanted: string[]) =>
      (await app.objects(Product).filter({ name__in: wanted }).all()).map(({ id }) => id);

    it('run on the selected rows', async () => {
      const rows = await Promise.all(['Act 1', 'Act 2', 'Act 3'].map((name) => add({ name, price: '1.00' })));
      const answer = await admin.submit(`${list}?q=Act`, {
        action: 'publish',
        selected: rows.slice(0, 2).map(({ id }) => id),
      });
      expect([answer.status, answer.location]).toEqual([303, `${list}?q=Act`]);
      expect((await admin.get(list)).text).toContain('2 published.');
      const stored = await app.objects(Product).filter({ name__startswith: 'Act' }).orderBy('name').all();
      expect(stored.map(({ status }) => status)).toEqual(['published', 'published', 'draft']);
    });

    it('run on everything that matches, across pages', async () => {
      await admin.submit(`${list}?q=Act`, { action: 'publish', across: 1 });
      expect(await app.objects(Product).filter({ name__startswith: 'Act', status: 'published' }).count()).toBe(3);
    });

    it('ask first where they want it', async () => {
      const [id] = await keys('Act 1');
      const asked = await admin.submit(list, { action: 'archive', selected: [id!] });
      expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('Archive these products?')]);
      expect(asked.text).toContain('Act 1');
      expect(await app.objects(Product).filter({ id: id!, status: 'published' }).exists()).toBe(true);
      await admin.post(list, { action: 'archive', selected: [id!], confirmed: 1 });
      expect(await app.objects(Product).filter({ id: id!, status: 'draft' }).exists()).toBe(true);
    });

    it('delete after a confirmation', async () => {
      const ids = await keys('Act 1', 'Act 2', 'Act 3');
      expect((await admin.submit(list, { action: 'delete_selected', selected: ids })).text).toContain(
        'Delete 3 products?',
      );
      await admin.post(list, { action: 'delete_selected', selected: ids, confirmed: 1 });
      expect(await app.objects(Product).filter({ name__startswith: 'Act' }).count()).toBe(0);
      expect((await admin.get(list)).text).toContain('3 products were deleted.');
    });

    it('do nothing when other rows need the selected ones', async () => {
      const form = { action: 'delete_selected', selected: [tools.id], confirmed: 1 };
      expect((await admin.submit('/admin/shop/category/', form)).text).toContain(
        'Other rows need what you want to delete',
      );
      expect(await app.objects(Category).filter({ id: tools.id }).exists()).toBe(true);
    });

    it('do nothing without a selection', async () => {
      const answer = await admin.submit(list, { action: 'publish' });
      expect(answer.status).toBe(303);
      expect((await admin.get(list)).text).toContain('Select rows first');
    });

    it('ignore keys of rows that do not exist', async () => {
      await admin.submit(list, { action: 'publish', selected: [999_999] });
      expect((await admin.get(list)).text).toContain('Select rows first');
    });

    it.each([
      { action: 'nothing', selected: [1] },
      { action: 'publish', selected: ['../1'] },
      { action: 'publish', selected: ['abc'] },
      { action: '__proto__', selected: [1] },
    ])('that are forged are refused: %j', async (form) => {
      expect((await admin.submit(list, form)).status).toBe(400);
    });

    it('take as many selected rows as a page can have, and no more one by one', async () => {
      const keysOf = (count: number) => Array.from({ length: count }, (_, index) => 1_000_000 + index);
      expect((await admin.submit(list, { action: 'publish', selected: keysOf(500) })).status).toBe(303);
      const refused = await admin.submit(list, { action: 'publish', selected: keysOf(501) });
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('At most 500 rows')]);
    });

    it('need the token', async () => {
      expect((await admin.post(list, { action: 'publish', selected: [1] }, { csrf: false })).status).toBe(403);
    });
  });
});
