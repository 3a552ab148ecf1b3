import {
  Concat,
  F,
  Q,
  SearchQuery,
  SearchRank,
  SearchVector,
  StringAgg,
  type QuerySet,
  type SearchType,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { article, Article, Writer } from './search.world.js';

const TITLES: readonly (readonly [title: string, body?: string])[] = [
  ['The Quick brown fox', 'jumps over the lazy dog'],
  ['Slow quick', 'a brown-fox, QUICK'],
  ['Köln am Rhein', "it's quick, isn't it? A brown\n\tfox"],
  ['nothing'],
  ['foo_bar foobar', 'mail a.b@example.org, 1e5a9c <b>bold</b>&amp;'],
  ['ΟΔΟΣ οδός Straße STRASSE', 'İstanbul ısı ISI'],
  ['日本語 テスト', 'москва МОСКВА 東京、大阪 😀smile'],
  ['-', 'the The THE'],
];

/** What each text finds, by the numbers of the titles from 0. */
const FINDS: readonly (readonly [type: SearchType, text: string, rows: readonly number[]])[] = [
  ['plain', 'quick', [0, 1, 2]],
  ['plain', 'QuIcK', [0, 1, 2]],
  ['plain', 'quick dog', [0]],
  ['plain', 'dog quick', [0]],
  ['plain', 'quic', []],
  ['plain', 'brown fox', [0, 1, 2]],
  ['plain', 'quick -slow', [1]],
  ['plain', 'köln', [2]],
  ['plain', 'KÖLN', [2]],
  ['plain', 'Ko\u0308ln', [2]],
  ['plain', 'koln', []],
  ['plain', 'the', [0, 7]],
  ['plain', 'a', [1, 2, 4]],
  ['plain', 'foo', [4]],
  ['plain', 'foobar', [4]],
  ['plain', 'foo_bar', [4]],
  ['plain', 'example', [4]],
  ['plain', '1e5a9c', [4]],
  ['plain', '1e5', []],
  ['plain', 'bold', [4]],
  ['plain', 'b', [4]],
  ['plain', "isn't", [2]],
  ['plain', 'οδος', [5]],
  ['plain', 'οδοσ', [5]],
  ['plain', 'ΟΔΌΣ', [5]],
  ['plain', 'strasse', [5]],
  ['plain', 'STRAẞE', [5]],
  ['plain', 'İSTANBUL', [5]],
  ['plain', 'istanbul', []],
  ['plain', 'isi', [5]],
  ['plain', 'ısı', [5]],
  ['plain', 'МоскВа', [6]],
  ['plain', '日本語', [6]],
  ['plain', '日本', []],
  ['plain', '大阪', [6]],
  ['plain', 'smile', [6]],
  ['plain', '😀', []],
  ['plain', '', []],
  ['plain', ' . - ! ', []],
  ['phrase', 'brown fox', [0, 1, 2]],
  ['phrase', 'fox brown', []],
  ['phrase', 'quick brown fox', [0]],
  ['phrase', 'fox jumps', [0]],
  ['phrase', 'row fo', []],
  ['websearch', 'quick -slow', [0, 2]],
  ['websearch', 'quick -"brown fox jumps"', [1, 2]],
  ['websearch', '"brown fox" lazy', [0]],
  ['websearch', '-quick', [3, 4, 5, 6, 7]],
  ['websearch', 'lazy or köln', [0, 2]],
  ['websearch', 'lazy OR köln quick', [0, 2]],
  ['websearch', 'or', []],
  ['websearch', 'quic*', [0, 1, 2]],
  ['websearch', '"brown fo"*', [0, 1, 2]],
  ['websearch', 'foo*', [4]],
  ['websearch', '*', []],
  ['websearch', '"', []],
  ['websearch', '"lazy dog', [0]],
  ['websearch', 'brown-fox', [0, 1, 2]],
  ['websearch', '--slow quick', [0, 2]],
  ['websearch', 'quick - slow', [1]],
  ['raw', 'quick & !slow', [0, 2]],
  ['raw', 'lazy | köln', [0, 2]],
  ['raw', 'quick & (lazy | köln)', [0, 2]],
  ['raw', "'brown fox' & !dog", [1, 2]],
  ['raw', 'quick <-> brown', [0]],
  ['raw', 'quick <2> fox', [0]],
  ['raw', 'quick <3> fox', [1]],
  ['raw', 'quick <4> fox', []],
  ['raw', 'fo:* & quic:*', [0, 1, 2]],
  ['raw', '!quick & !the', [3, 4, 5, 6]],
  ['raw', '', []],
];

describe('searching texts', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let stored: readonly Article[];
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Article, Writer] });
      const ann = await app.db.save(Object.assign(new Writer(), { name: 'Ann Quick' }));
      const bob = await app.db.save(Object.assign(new Writer(), { name: 'Bob' }));
      stored = await app.db.save(
        TITLES.map(([title, body], index) => article(title, body ?? null, index < 2 ? ann : null)),
      );
      await app.db.objects(Article).filter({ id: stored[3]!.id }).update({ writer: bob });
    });
    afterAll(() => app?.close());

    const articles = (): QuerySet<Article> => app.db.objects(Article);
    const numbers = async (rows: QuerySet<Article>): Promise<number[]> =>
      (await rows.orderBy('id').flat('id').all()).map((id) => stored.findIndex((row) => row.id === id));
    const found = (query: string | SearchQuery): Promise<number[]> =>
      numbers(articles().filter(SearchVector('title', 'body').matches(query)));

    it.each(FINDS)('%s %j', async (type, text, rows) => {
      expect(await found(SearchQuery(text, { type }))).toEqual(rows);
    });

    it('takes a bare text for all of its words', async () => {
      expect(await found('dog quick')).toEqual([0]);
      expect(await numbers(articles().filter({ title__search: 'slow quick' }))).toEqual([1]);
      expect(await numbers(articles().filter({ body__search: 'quick' }))).toEqual([1, 2]);
    });

    it('combines queries', async () => {
      const [quick, slow, lazy] = [
        SearchQuery('quick'),
        SearchQuery('slow'),
        SearchQuery('lazy dog', { type: 'phrase' }),
      ];
      expect(await found(quick.and(slow))).toEqual([1]);
      expect(await found(slow.or(lazy))).toEqual([0, 1]);
      expect(await found(quick.and(slow.or(lazy).not()))).toEqual([2]);
      expect(await found(SearchQuery('').or(slow))).toEqual([1]);
      expect(await found(SearchQuery('').not())).toEqual([]);
    });

    it('takes NULL for a text without words, in exclusions as well', async () => {
      const none = SearchQuery('-quick', { type: 'websearch' });
      expect(await numbers(articles().filter({ body__search: none }))).toEqual([0, 3, 4, 5, 6, 7]);
      expect(await numbers(articles().exclude({ body__search: 'quick' }))).toEqual([0, 3, 4, 5, 6, 7]);
      expect(await numbers(articles().filter(Q({ body__search: 'quick' }).not()))).toEqual([0, 3, 4, 5, 6, 7]);
    });

    it('goes over relations, and by names of vectors and of other texts', async () => {
      expect(await numbers(articles().filter({ 'writer.name__search': 'quick' }))).toEqual([0, 1]);
      const writers = app.db.objects(Writer).filter({ 'articles.title__search': 'quick fox' });
      expect(await writers.flat('name').all()).toEqual(['Ann Quick']);
      const text = SearchVector('title', F('body'), 'writer.name');
      expect(await numbers(articles().alias({ text }).filter({ text__search: 'bob nothing' }))).toEqual([3]);
      const both = { both: Concat(F('title'), ' - ', F('body')) };
      expect(await numbers(articles().alias(both).filter({ both__search: 'slow fox' }))).toEqual([1]);
      const all = SearchVector(StringAgg('articles.title', ' '), 'name');
      const names = app.db.objects(Writer).alias({ all }).filter({ all__search: 'slow ann' });
      expect(await names.flat('name').all()).toEqual(['Ann Quick']);
    });

    it('counts, pages, changes and removes what it finds', async () => {
      const quick = articles().filter({ title__search: 'quick' });
      expect(await quick.count()).toBe(2);
      expect((await quick.orderBy('id').page({ size: 1 })).next).not.toBeNull();
      expect(await quick.update({ views: 1 })).toBe(2);
      const copy = await app.db.save(article('only quickly here'));
      expect(await articles().filter({ title__search: 'quickly' }).delete()).toBe(1);
      expect(await articles().filter({ id: copy.id }).exists()).toBe(false);
    });

    it('sees rows of its own transaction', async () => {
      await app.db
        .atomic(async () => {
          await app.db.save(article('zebra'));
          expect(await articles().filter({ title__search: 'Zebra' }).count()).toBe(1);
          throw new Error('back');
        })
        .catch(() => undefined);
      expect(await articles().filter({ title__search: 'zebra' }).count()).toBe(0);
    });

    it('takes letters of every alphabet for the same in all of their cases', async () => {
      const letters = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code)).filter((letter) => {
        const other = letter.toLowerCase();
        return other !== letter && other.length === 1 && !/[\u2000-\u2bff]/.test(letter);
      });
      expect(letters.length).toBeGreaterThan(1_000);
      const row = await app.db.save(article('letters', letters.join(' ')));
      const missing: string[] = [];
      for (let start = 0; start < letters.length; start += 50) {
        const small = letters.slice(start, start + 50).map((letter) => letter.toLowerCase());
        const query = SearchQuery(small.join(' '));
        if (!(await articles().filter({ id: row.id, body__search: query }).exists())) missing.push(small.join(''));
      }
      expect(missing).toEqual([]);
      await app.db.remove(row);
    });

    it('finds words that follow each other wherever they stand in a long text', async () => {
      const row = await app.db.save(article('long', `${'the word '.repeat(30_000)} the fox ${'x y '.repeat(1_000)}`));
      const here = articles().filter({ id: row.id });
      expect(await here.filter({ body__search: SearchQuery('the fox', { type: 'phrase' }) }).exists()).toBe(true);
      expect(await here.filter({ body__search: SearchQuery('word fox', { type: 'phrase' }) }).exists()).toBe(false);
      expect(
        await here
          .annotate({ rank: SearchRank('body', 'fox') })
          .flat('rank')
          .get(),
      ).toBe(0.05);
      await app.db.remove(row);
    });
  });
});
