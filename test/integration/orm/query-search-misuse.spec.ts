import { FrameworkError } from 'bowerbird/core';
import {
  BadSearchQueryError,
  SearchHeadline,
  SearchQuery,
  SearchRank,
  SearchVector,
  TrigramSimilarity,
  Unaccent,
  Value,
  type QuerySet,
  type SearchType,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { HOSTILE, random } from './query-fuzz.support.js';
import { article, Article, Writer } from './search.world.js';

describe('what cannot be searched', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Article, Writer] });
      await app.db.save(article('The quick fox', 'it\'s "there"'));
    });
    afterAll(() => app?.close());

    const rows = (): QuerySet => app.db.objects(Article).untyped();
    const failure = async (work: () => unknown): Promise<unknown> => {
      try {
        return await work();
      } catch (error) {
        if (error instanceof FrameworkError) return { code: error.code, status: error.status };
        throw error;
      }
    };
    const usage = { code: 'orm.query_usage' };

    it('is refused with 400 where it comes from outside', () => {
      const refused: readonly [string, SearchType][] = [
        ['x'.repeat(501), 'plain'],
        ['a '.repeat(60), 'websearch'],
        ['quick &', 'raw'],
        ['(quick', 'raw'],
        ['quick fox', 'raw'],
        ['quick <0> fox', 'raw'],
        ['quick <20000> fox', 'raw'],
        ["'quick", 'raw'],
        ['!', 'raw'],
        [`${'('.repeat(100)}x${')'.repeat(100)}`, 'raw'],
      ];
      for (const [text, type] of refused) {
        const error = (() => {
          try {
            return SearchQuery(text, { type });
          } catch (problem) {
            return problem;
          }
        })();
        expect(error, text).toBeInstanceOf(BadSearchQueryError);
        expect(error).toMatchObject({ code: 'orm.bad_search_query', status: 400 });
      }
    });

    it('is refused before it runs where words alone cannot say it', async () => {
      for (const text of ['quick <60> fox', '(a | b) <-> c', 'fox:A'])
        expect(
          await failure(() =>
            rows()
              .filter({ title__search: SearchQuery(text, { type: 'raw' }) })
              .count(),
          ),
        ).toEqual({
          code: 'orm.bad_search_query',
          status: 400,
        });
    });

    it('is a lookup of texts, and the only one of vectors', async () => {
      expect(await failure(() => rows().filter({ views__search: 'x' }).count())).toMatchObject({
        code: 'orm.unknown_lookup',
      });
      expect(await failure(() => rows().filter({ title__search: 5 }).count())).toMatchObject({
        code: 'orm.bad_lookup_value',
      });
      expect(await failure(() => rows().filter({ title__search: null }).count())).toMatchObject({
        code: 'orm.bad_lookup_value',
      });
      const named = rows().alias({ text: SearchVector('title', 'body') });
      expect(await failure(() => named.filter({ text__icontains: 'x' }).count())).toMatchObject({
        code: 'orm.unknown_lookup',
      });
      expect(await failure(() => rows().filter(SearchVector('views').matches('x')).count())).toMatchObject(usage);
      expect(
        await failure(() =>
          rows()
            .annotate({ r: SearchRank('views', 'x') })
            .all(),
        ),
      ).toMatchObject(usage);
      expect(await failure(() => SearchVector('title', { weight: 'E' as 'A' }))).toMatchObject(usage);
      expect(await failure(() => SearchVector('title').plus(SearchVector('body', { config: 'simple' })))).toMatchObject(
        usage,
      );
      expect(await failure(() => SearchVector('title', { config: "x'; --" }))).toMatchObject(usage);
      expect(
        await failure(() =>
          rows()
            .annotate({ r: SearchRank('title', 'x', { normalization: 2 }) })
            .all(),
        ),
      ).toMatchObject(usage);
    });

    it('is refused where the database is another one', async () => {
      const elsewhere: readonly [where: string, query: () => Promise<unknown>][] = [
        [
          'postgres',
          () =>
            rows()
              .filter({ title__search: SearchQuery('x', { config: 'simple' }) })
              .count(),
        ],
        [
          'postgres',
          () =>
            rows()
              .annotate({ r: SearchRank(SearchVector('title', { config: 'simple' }), 'x') })
              .all(),
        ],
        [
          'postgres',
          () =>
            rows()
              .filter({ title__search: SearchQuery('x', { config: Value('simple') }) })
              .count(),
        ],
        [
          'postgres',
          () =>
            rows()
              .annotate({ r: SearchHeadline('title', 'quick') })
              .all(),
        ],
        [
          'extension',
          () =>
            rows()
              .annotate({ r: TrigramSimilarity('title', 'quick') })
              .all(),
        ],
        ['extension', () => rows().filter({ title__trigramSimilar: 'quick' }).all()],
        ['extension', () => rows().filter({ title__unaccent: 'quick' }).all()],
        [
          'extension',
          () =>
            rows()
              .annotate({ r: Unaccent('title') })
              .all(),
        ],
        [
          'nowhere',
          () =>
            rows()
              .filter(SearchVector('title', { engine: 'fulltext' }).matches('quick'))
              .all(),
        ],
      ];
      for (const [where, query] of elsewhere) {
        const answer = await failure(query);
        if (database.dialect !== 'postgres' || where === 'nowhere') expect(answer).toMatchObject(usage);
        else if (where === 'extension') expect(answer).toMatchObject({ code: 'orm.unknown_function' });
        else expect(answer).not.toHaveProperty('code');
      }
    });

    it('never becomes an error of the database, whatever is typed', async () => {
      const next = random(7);
      const pieces = [
        ...HOSTILE,
        ...`quick fox the or OR - " * ' & | ! ( ) : :* :AB <-> <2> < > \\ $ ^ [ ] { } + ? . / # ~ @ %`.split(' '),
        ...['\n', '\u0301', '\u200d', 'é', 'ß', '👩‍👩‍👧', '\udc00'].map(String),
      ];
      const types: readonly SearchType[] = ['plain', 'phrase', 'websearch', 'raw'];
      const failures = new Map<string, string>();
      let answered = 0;
      for (let round = 0; round < 1_200; round += 1) {
        const count = Math.floor(next() * 6);
        const glue = next() < 0.5 ? ' ' : '';
        const text = Array.from({ length: count }, () => pieces[Math.floor(next() * pieces.length)]!).join(glue);
        try {
          const query = SearchQuery(text, { type: types[round % types.length]! });
          const rank = SearchRank(SearchVector('title', 'body'), query);
          await rows().annotate({ rank }).filter({ body__search: query }).orderBy('-rank').all();
          answered += 1;
        } catch (error) {
          const typed = error instanceof BadSearchQueryError && error.status === 400;
          if (!typed) failures.set(String(error), JSON.stringify(text));
        }
      }
      expect([...failures]).toEqual([]);
      expect(answered).toBeGreaterThan(800);
    });
  });
});
