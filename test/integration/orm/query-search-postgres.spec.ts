import {
  BadSearchQueryError,
  F,
  SearchHeadline,
  SearchQuery,
  SearchRank,
  SearchVector,
  TrigramDistance,
  TrigramSimilarity,
  TrigramStrictWordDistance,
  TrigramStrictWordSimilarity,
  TrigramWordDistance,
  TrigramWordSimilarity,
  Unaccent,
  Value,
  type QuerySet,
  type SearchQueryOptions,
  type SearchType,
} from 'bowerbird/orm';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { HOSTILE, random } from './query-fuzz.support.js';

@Entity()
class Page {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 200 })
  title: string;

  @Column({ type: 'text', nullable: true })
  body: string | null;

  @Column({ type: 'tsvector', nullable: true })
  vector: string | null;

  @Column({ type: 'varchar', length: 20, nullable: true })
  language: string | null;

  @ManyToOne(() => Page, { nullable: true })
  parent: Relation<Page> | null;
}

const PAGES: readonly (readonly [title: string, body: string | null])[] = [
  ['Running foxes', 'A fox ran over the hills'],
  ['The hill', 'Nothing runs here; see https://example.org/runs or mail fox@example.org'],
  ['Ärzte in Köln', null],
  ['cheese on toast', 'Cheese, cheese and more cheese'],
];

/** What only PostgreSQL has. */
describe("PostgreSQL's own full-text search", () => {
  eachDatabase((database) => {
    if (database.dialect !== 'postgres') {
      it('is not there', () => {});
      return;
    }
    let app: OrmTestApp;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Page] });
      await app.db.query('CREATE EXTENSION pg_trgm');
      await app.db.query('CREATE EXTENSION unaccent');
      await app.db.save(PAGES.map(([title, body]) => Object.assign(new Page(), { title, body })));
    });
    afterAll(() => app?.close());

    const pages = (): QuerySet<Page> => app.db.objects(Page);
    const titles = (rows: QuerySet<Page>): Promise<string[]> => rows.orderBy('id').flat('title').all();
    const english = (text: string, type: SearchType = 'plain'): SearchQuery =>
      SearchQuery(text, { type, config: 'english' });

    const query = (text: string, config: SearchQueryOptions['config']): SearchQuery =>
      SearchQuery(text, { config: config! });

    it('finds other forms of words by the dictionaries of a configuration', async () => {
      expect(await titles(pages().filter({ title__search: english('run fox') }))).toEqual(['Running foxes']);
      expect(await titles(pages().filter({ title__search: 'run' }))).toEqual([]);
      const vector = SearchVector('title', 'body', { config: 'english' });
      expect(await titles(pages().filter(vector.matches('hills')))).toEqual(['Running foxes', 'The hill']);
      expect(await titles(pages().filter(vector.matches('the')))).toEqual([]);
      expect(await titles(pages().filter(vector.matches('the hill')))).toEqual(['Running foxes', 'The hill']);
      expect(
        await titles(
          pages()
            .alias({ text: vector })
            .filter({ text__search: english('toasted') }),
        ),
      ).toEqual(['cheese on toast']);
    });

    it('takes each row apart by the configuration that it names', async () => {
      await app.db.atomic(async () => {
        const parent = await pages().create({ title: 'Les chevaux', language: 'french' });
        await pages().bulkCreate([
          { title: 'the horses', language: 'english' },
          { title: 'des chevaux', language: 'french', parent },
          { title: 'horses', language: null },
        ]);
        const own = pages().filter({ id__gte: parent.id });
        const named = SearchVector('title', { config: F('language') });
        expect(await titles(own.filter(named.matches('horse')))).toEqual(['the horses']);
        expect(await titles(own.filter(named.matches('cheval')))).toEqual(['Les chevaux', 'des chevaux']);
        expect(await titles(own.filter(named.matches('the')))).toEqual([]);
        expect(await titles(own.exclude(named.matches('horse')))).toEqual(['Les chevaux', 'des chevaux', 'horses']);
        const query = SearchQuery('horse', { config: F('language') });
        expect(await titles(own.filter({ title__search: query }))).toEqual(['the horses']);
        expect(await titles(own.exclude({ title__search: query }))).toEqual(['Les chevaux', 'des chevaux', 'horses']);
        const either = query.or(SearchQuery('cheval', { config: F('language') }));
        expect(await titles(own.filter({ title__search: either }))).toHaveLength(3);
        const theirs = SearchQuery('cheval', { config: F('parent.language') });
        expect(await titles(own.filter({ title__search: theirs }))).toEqual(['des chevaux']);
        const ranked = own.annotate({ rank: SearchRank(named, query) }).filter({ rank__gt: 0 });
        expect(await titles(ranked)).toEqual(['the horses']);
        const cut = own.annotate({ head: SearchHeadline('title', query, { config: F('language') }) });
        expect(await cut.orderBy('id').flat('head').all()).toEqual([
          'Les chevaux',
          'the <b>horses</b>',
          'des chevaux',
          null,
        ]);
        await own.update({ vector: named });
        expect(await titles(own.filter({ vector__search: query }))).toEqual(['the horses']);
        await own.delete();
      });
      const wrong = SearchVector('title', { config: F('id') as never });
      await expect(titles(pages().filter(wrong.matches('x')))).rejects.toMatchObject({ code: 'orm.query_usage' });
      expect(() => query('x', F('language')).and(query('x', 'english'))).toThrow('do not combine');
      const unknown = pages().filter(SearchVector('title', { config: Value('klingon') }).matches('x'));
      await expect(titles(unknown)).rejects.toMatchObject({ code: 'orm.refused_value' });
    });

    it('reads every type of query', async () => {
      const vector = SearchVector('title', 'body', { config: 'english' });
      const found = (text: string, type: SearchType): Promise<string[]> =>
        titles(pages().filter(vector.matches(SearchQuery(text, { type }))));
      expect(await found('ran over hill', 'phrase')).toEqual([]);
      expect(await found('ran over the hill', 'phrase')).toEqual(['Running foxes']);
      expect(await found('foxes -hills', 'websearch')).toEqual([]);
      expect(await found('cheese -hills', 'websearch')).toEqual(['cheese on toast']);
      expect(await found('fox@example.org', 'websearch')).toEqual(['The hill']);
      expect(await found('"more chees"*', 'websearch')).toEqual(['cheese on toast']);
      expect(await found('toast or köln', 'websearch')).toEqual(['Ärzte in Köln', 'cheese on toast']);
      expect(await found("'run fox' & !toast", 'raw')).toEqual(['Running foxes']);
      expect(await found('more <-> chees:*', 'raw')).toEqual(['cheese on toast']);
      expect(await found('(fox | hill) <-> nothing', 'raw')).toEqual(['The hill']);
    });

    it('looks into parts of some weights', async () => {
      const vector = SearchVector('title', { weight: 'A', config: 'english' }).plus(
        SearchVector('body', { weight: 'B', config: 'english' }),
      );
      const found = (text: string): Promise<string[]> =>
        titles(pages().filter(vector.matches(SearchQuery(text, { type: 'raw' }))));
      expect(await found('hill')).toEqual(['Running foxes', 'The hill']);
      expect(await found('hill:A')).toEqual(['The hill']);
      expect(await found('hill:B')).toEqual(['Running foxes']);
      expect(await found('hil:*AB')).toEqual(['Running foxes', 'The hill']);
    });

    it('ranks as PostgreSQL does, above 0 exactly for rows that match', async () => {
      const vector = SearchVector('title', { weight: 'A', config: 'simple' }).plus(
        SearchVector('body', { weight: 'D', config: 'simple' }),
      );
      const rank = async (text: string, options = {}): Promise<[string, number][]> =>
        pages()
          .annotate({ rank: SearchRank(vector, SearchQuery(text, { type: 'websearch' }), options) })
          .filter({ rank__gt: 0 })
          .orderBy('-rank', 'id')
          .valuesList('title', 'rank')
          .all();
      expect((await rank('hill or cheese')).map(([title]) => title)).toEqual(['cheese on toast', 'The hill']);
      const [[, usual]] = (await rank('cheese')) as [[string, number]];
      const [own] = await app.db.query<{ rank: number }[]>(
        `SELECT ts_rank(setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', body), 'cheese')::float8 AS rank
         FROM page WHERE title LIKE 'cheese%'`,
      );
      expect(usual).toBe(own!.rank);
      expect((await rank('cheese', { normalization: 2 }))[0]![1]).toBeLessThan(usual);
      expect((await rank('cheese', { coverDensity: true }))[0]![1]).toBeGreaterThan(1);
      expect((await rank('cheese', { weights: { A: 0.1, D: 0.1 } }))[0]![1]).toBeLessThan(usual);
      expect(await rank('cheese -toast')).toEqual([]);
      const [without] = await rank('-cheese');
      expect(without![1]).toBeGreaterThan(0);
      await expect(rank('cheese', { normalization: 64 })).rejects.toMatchObject({ code: 'orm.query_usage' });
    });

    it('stores vectors and searches them', async () => {
      const made = SearchVector('title', { weight: 'A', config: 'english' }).plus(
        SearchVector('body', { config: 'english' }),
      );
      expect(await pages().update({ vector: made })).toBe(4);
      expect(await titles(pages().filter({ vector__search: english('hills') }))).toEqual(['Running foxes', 'The hill']);
      expect(await titles(pages().exclude({ vector__search: english('hills') }))).toEqual([
        'Ärzte in Köln',
        'cheese on toast',
      ]);
      const ranked = pages().annotate({ rank: SearchRank('vector', english('hills')) });
      expect(await ranked.orderBy('-rank', 'id').flat('title').first()).toBe('The hill');
      expect(() => pages().filter({ vector__search: 'hills' }).toSQL()).toThrow(
        expect.objectContaining({
          code: 'orm.query_usage',
          message: expect.stringContaining('configuration that made it'),
        }),
      );
      await pages().filter({ title: 'The hill' }).update({ vector: null });
      expect(await titles(pages().filter({ vector__search: english('hills') }))).toEqual(['Running foxes']);
    });

    it('cuts out where words stand', async () => {
      const headline = async (options = {}): Promise<string | undefined> => {
        const rows = pages().filter({ title__startswith: 'Running' });
        return rows
          .annotate({ head: SearchHeadline('body', english('hill'), options) })
          .flat('head')
          .get();
      };
      expect(await headline()).toBe('A fox ran over the <b>hills</b>');
      expect(await headline({ startSel: '<i class="x\\y">', stopSel: "'</i>, MaxWords=1" })).toBe(
        'A fox ran over the <i class="x\\y">hills\'</i>, MaxWords=1',
      );
      expect(await headline({ maxWords: 3, minWords: 1 })).toContain('<b>hills</b>');
      expect(await headline({ highlightAll: true, maxFragments: 2, fragmentDelimiter: ' | ' })).toContain(
        '<b>hills</b>',
      );
      expect(await headline({ config: 'simple' })).toBe('A fox ran over the hills');
      expect(() => SearchHeadline('body', 'x', { minWords: 35, maxWords: 5 })).toThrow(/minWords/);
      const empty = pages()
        .annotate({ head: SearchHeadline('body', 'x') })
        .filter({ body: null });
      expect(await empty.flat('head').get()).toBe('');
    });

    it('knows texts that are alike', async () => {
      const alike = pages().annotate({ near: TrigramSimilarity('title', 'cheeze toast') });
      expect(await alike.orderBy('-near').flat('title').first()).toBe('cheese on toast');
      expect(await titles(pages().filter({ title__trigramSimilar: 'runing fox' }))).toEqual(['Running foxes']);
      expect(await titles(pages().filter({ body__trigramWordSimilar: 'cheeses' }))).toEqual(['cheese on toast']);
      expect(await titles(pages().filter({ body__trigramStrictWordSimilar: 'cheeses' }))).toEqual(['cheese on toast']);
      const row = await pages()
        .filter({ title: 'cheese on toast' })
        .annotate({
          distance: TrigramDistance('title', F('title')),
          word: TrigramWordSimilarity('title', 'toast'),
          wordDistance: TrigramWordDistance('title', 'toast'),
          strict: TrigramStrictWordSimilarity('title', 'toast'),
          strictDistance: TrigramStrictWordDistance('title', 'toast'),
        })
        .get();
      expect(row).toMatchObject({ distance: 0, word: 1, wordDistance: 0, strict: 1, strictDistance: 0 });
    });

    it('leaves accents out', async () => {
      expect(await titles(pages().filter({ title__unaccent: 'Arzte in Kôln' }))).toEqual(['Ärzte in Köln']);
      expect(await titles(pages().filter({ title__unaccent__icontains: 'KÖL' }))).toEqual(['Ärzte in Köln']);
      expect(await titles(pages().filter({ title__unaccent__startswith: 'Arz' }))).toEqual(['Ärzte in Köln']);
      expect(await titles(pages().filter({ title__unaccent__contains: '%' }))).toEqual([]);
      expect(await titles(pages().filter({ title__unaccent__in: ['x', 'Arzte in Koln'] }))).toEqual(['Ärzte in Köln']);
      expect(await titles(pages().filter({ title__unaccent__trigramSimilar: 'ärzte köln' }))).toEqual([
        'Ärzte in Köln',
      ]);
      expect(await titles(pages().filter({ title__unaccent__gt: 'ch' }))).toContain('cheese on toast');
      const plain = pages()
        .annotate({ plain: Unaccent('title') })
        .filter({ plain: 'Arzte in Koln' });
      expect(await plain.count()).toBe(1);
      expect(() => pages().filter({ title__unaccent__search: 'x' }).toSQL()).toThrow(
        expect.objectContaining({ code: 'orm.query_usage' }),
      );
    });

    it('never becomes an error of the database, whatever is typed', async () => {
      const next = random(11);
      const pieces = [
        ...HOSTILE,
        'fox',
        'the',
        'or',
        '-',
        '"',
        '*',
        "'",
        '&',
        '|',
        '!',
        '(',
        ')',
        ':*',
        ':A',
        '<->',
        '<2>',
        '\\',
        "\\'",
      ];
      const types: readonly SearchType[] = ['plain', 'phrase', 'websearch', 'raw'];
      const failures = new Map<string, string>();
      let answered = 0;
      for (let round = 0; round < 800; round += 1) {
        const glue = next() < 0.5 ? ' ' : '';
        const count = Math.floor(next() * 6);
        const text = Array.from({ length: count }, () => pieces[Math.floor(next() * pieces.length)]!).join(glue);
        try {
          const query = english(text, types[round % types.length]);
          const rank = SearchRank(SearchVector('title', 'body', { config: 'english' }), query, { coverDensity: true });
          const head = SearchHeadline('body', query, { startSel: text.replaceAll('\0', ''), maxFragments: 2 });
          await pages().annotate({ rank, head }).filter({ title__search: query }).orderBy('-rank').all();
          answered += 1;
        } catch (error) {
          if (!(error instanceof BadSearchQueryError)) failures.set(String(error), JSON.stringify(text));
        }
      }
      expect([...failures]).toEqual([]);
      expect(answered).toBeGreaterThan(400);
    });
  });
});
