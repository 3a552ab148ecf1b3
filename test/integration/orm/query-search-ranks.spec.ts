import { SearchQuery, SearchRank, SearchVector } from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { article, Article, Writer } from './search.world.js';

describe('ranks', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Article, Writer] });
      await app.db.save([
        article('none', 'fox'),
        article('once in the body', 'quick'),
        article('quick in the title', 'and no more'),
        article('twice in the body', 'quick, and QUICK'),
        article('quick everywhere', 'quick quick quick'),
        article('both words', 'a quick fox'),
      ]);
    });
    afterAll(() => app?.close());

    const vector = SearchVector('title', { weight: 'A' }).plus(SearchVector('body', { weight: 'B' }));
    const ranked = (query: string | SearchQuery, options = {}): Promise<[string, number][]> =>
      app.db
        .objects(Article)
        .annotate({ rank: SearchRank(vector, query, options) })
        .filter({ rank__gt: 0 })
        .orderBy('-rank', 'id')
        .valuesList('title', 'rank')
        .all();
    const rounded = (rows: [string, number][]) => rows.map(([title, rank]) => [title, Number(rank.toFixed(9))]);

    it('are highest where a word stands in the heaviest place and most often, and the same on every database', async () => {
      expect(rounded(await ranked('quick'))).toEqual([
        ['quick everywhere', 0.8],
        ['quick in the title', 0.5],
        ['twice in the body', 0.266666667],
        ['once in the body', 0.2],
        ['both words', 0.2],
      ]);
    });

    it('are above 0 exactly for rows that match', async () => {
      const rows = await ranked(SearchQuery('quick -everywhere -title', { type: 'websearch' }));
      expect(rows.map(([title]) => title)).toEqual(['twice in the body', 'once in the body', 'both words']);
      const without = await ranked(SearchQuery('-quick', { type: 'websearch' }));
      expect(without).toHaveLength(1);
      expect(without[0]![1]).toBeGreaterThan(0);
      expect(await ranked('')).toEqual([]);
    });

    it('regard each of the alternatives', async () => {
      const rows = await ranked(SearchQuery('quick or fox', { type: 'websearch' }));
      expect(rounded(rows.filter(([title]) => title === 'both words' || title === 'none'))).toEqual([
        ['both words', 0.2],
        ['none', 0.1],
      ]);
    });

    it('count words that follow each other, and beginnings', async () => {
      expect(rounded(await ranked(SearchQuery('quick fox', { type: 'phrase' })))).toEqual([['both words', 0.2]]);
      expect(rounded(await ranked(SearchQuery('"quick qui"*', { type: 'websearch' })))).toEqual([
        ['quick everywhere', 0.266666667],
      ]);
      expect(rounded(await ranked(SearchQuery('qu*', { type: 'websearch' })))[0]).toEqual(['quick everywhere', 0.8]);
    });

    it('take other weights', async () => {
      expect(rounded(await ranked('quick', { weights: { A: 0.1, B: 1 } }))).toEqual([
        ['quick everywhere', 0.8],
        ['twice in the body', 0.666666667],
        ['once in the body', 0.5],
        ['both words', 0.5],
        ['quick in the title', 0.05],
      ]);
    });

    it('rank texts without a vector', async () => {
      const rows = app.db.objects(Article).annotate({ rank: SearchRank('body', 'quick') });
      expect(await rows.orderBy('-rank', 'id').flat('title').first()).toBe('quick everywhere');
      expect(await rows.filter({ rank: 0 }).count()).toBe(2);
    });
  });
});
