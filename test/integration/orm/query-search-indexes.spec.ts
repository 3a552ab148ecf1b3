import { Migrator, SearchQuery, SearchRank, SearchVector, TableIndex, type QuerySet } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { random } from './query-fuzz.support.js';

@Entity()
@TableIndex<Note>('note_text', { fields: ['title', 'body'], fullText: true })
class Note {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 100 })
  title: string;

  @Column({ type: 'text', nullable: true })
  body: string | null;

  @Column({ type: 'text', nullable: true })
  other: string | null;
}

const note = (title: string, body: string | null = null): Note =>
  Object.assign(new Note(), { title, body, other: null });

const WORDS = [
  'fox',
  'Fox',
  'é',
  'ÉTÉ',
  'Жук',
  'жуки',
  'ΟΔΟΣ',
  'οδός',
  'οδος',
  '1e5a',
  '1e5',
  '12',
  'x1',
  'a.b',
  'c@d.e',
  '-5',
  'ı',
  'I',
  'e\u0301',
  'İz',
];

describe('an index over the searched fields', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Note], synchronize: false });
      await app.get(Migrator).syncSchema();
    });
    afterAll(() => app?.close());

    const notes = (): QuerySet<Note> => app.db.objects(Note);

    it('changes no answer', async () => {
      const next = random(5);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
      const text = (): string => Array.from({ length: 6 }, () => pick(WORDS)).join(pick([' ', ', ', '/']));
      const rows = await app.db.save(Array.from({ length: 200 }, () => note(text(), next() < 0.3 ? null : text())));
      const wrong: string[] = [];
      await app.db.atomic(async () => {
        if (database.dialect === 'postgres') await app.db.query('SET LOCAL enable_seqscan = off');
        for (let round = 0; round < 150; round += 1) {
          const typed = Array.from(
            { length: 1 + Math.floor(next() * 2) },
            () => `${pick(['', '', '-'])}${pick(WORDS)}${pick(['', '', '*'])}`,
          );
          const query = SearchQuery(typed.join(pick([' ', ' or '])), { type: 'websearch' });
          const [indexed, plain] = [SearchVector('title', 'body'), SearchVector('title', 'body', 'other')];
          const ids = (rows: QuerySet<Note>): Promise<number[]> => rows.orderBy('id').flat('id').all();
          const [found, expected] = [
            await ids(notes().filter(indexed.matches(query))),
            await ids(notes().filter(plain.matches(query))),
          ];
          if (String(found) !== String(expected))
            wrong.push(`${typed.join(' ')}: ${found.length}, not ${expected.length}`);
        }
      });
      expect(wrong).toEqual([]);
      expect(
        await notes()
          .filter({ id__in: rows.map(({ id }) => id) })
          .delete(),
      ).toBe(200);
    });

    it('is asked by PostgreSQL for words that it knows', async () => {
      if (database.dialect !== 'postgres') return;
      await app.db.save([note('Köln', 'am Rhein'), note('x²', 'fox')]);
      const plan = (query: QuerySet<Note>): Promise<string> =>
        app.db.atomic(async () => {
          await app.db.query('SET LOCAL enable_seqscan = off');
          return query.explain();
        });
      const both = SearchVector('title', 'body');
      for (const query of ['köln', 'kö*', '"am rhein" fox', 'köln or fox', 'fox -rhein'])
        expect(await plan(notes().filter(both.matches(SearchQuery(query, { type: 'websearch' }))))).toContain(
          'note_text',
        );
      expect(await plan(notes().filter({ body__search: 'rhein' }))).toContain('note_text');
      for (const query of ['-fox', '1e5a', 'e\u0301\u0323', '-fox or köln'])
        expect(await plan(notes().filter(both.matches(SearchQuery(query, { type: 'websearch' }))))).not.toContain(
          'note_text',
        );
      expect(await plan(notes().filter({ other__search: 'x' }))).not.toContain('note_text');
      expect(await notes().filter({ body__search: 'rhein' }).count()).toBe(1);
      expect(await notes().filter({ title__search: 'rhein' }).count()).toBe(0);
      await notes().delete();
    });
  });
});

describe("MySQL's own full-text search", () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Note], synchronize: false });
      await app.get(Migrator).syncSchema();
      await app.db.save([
        note('Quick fox', 'The quick brown fox, quick as the wind'),
        note('QUICK'),
        note('slow and quick', 'a brown dog'),
        note('Of or at', 'to be or not'),
        note('nothing', 'in here'),
        note('more', 'of that'),
      ]);
    });
    afterAll(() => app?.close());

    const notes = (): QuerySet<Note> => app.db.objects(Note);
    const vector = SearchVector('title', 'body', { engine: 'fulltext' });
    const found = (text: string): Promise<string[]> =>
      notes()
        .filter(vector.matches(SearchQuery(text, { type: 'websearch' })))
        .orderBy('id')
        .flat('title')
        .all();

    if (database.dialect !== 'mysql') {
      it('is not there', async () => {
        await expect(found('quick')).rejects.toMatchObject({ code: 'orm.query_usage', message: /is not there on/ });
      });
      return;
    }

    it('finds words as the server sees them', async () => {
      expect(await found('quick')).toEqual(['Quick fox', 'QUICK', 'slow and quick']);
      expect(await found('quick -slow')).toEqual(['Quick fox', 'QUICK']);
      expect(await found('brown quick')).toEqual(['Quick fox', 'slow and quick']);
      expect(await found('"brown fox"')).toEqual(['Quick fox']);
      expect(await found('nothing or slow')).toEqual(['slow and quick', 'nothing']);
      expect(await found('noth*')).toEqual(['nothing']);
      expect(await found('-quick')).toEqual(['Of or at', 'nothing', 'more']);
      expect(await found('dog or -quick')).toEqual(['slow and quick', 'Of or at', 'nothing', 'more']);
      expect(await found('')).toEqual([]);
    });

    it('leaves out stop words and words of two letters, which search finds', async () => {
      expect(await found('or')).toEqual([]);
      expect(await found('of')).toEqual([]);
      expect(await notes().filter(SearchVector('title', 'body').matches('of')).count()).toBe(2);
    });

    it('does not see what its own transaction has stored, which search does', async () => {
      await app.db
        .atomic(async () => {
          await app.db.save(note('zebra'));
          expect(await found('zebra')).toEqual([]);
          expect(await notes().filter({ title__search: 'zebra' }).count()).toBe(1);
          throw new Error('back');
        })
        .catch((error: Error) => expect(error.message).toBe('back'));
      await app.db.save(note('zebra'));
      expect(await found('zebra')).toEqual(['zebra']);
    });

    it('ranks in its own way, above 0 exactly for rows that match', async () => {
      const rank = (text: string): QuerySet =>
        notes()
          .untyped()
          .annotate({ rank: SearchRank(vector, SearchQuery(text, { type: 'websearch' })) })
          .filter({ rank__gt: 0 })
          .orderBy('-rank', 'id');
      expect(await rank('quick').flat('title').first()).toBe('Quick fox');
      expect(await rank('quick -slow').flat('title').all()).toEqual(['Quick fox', 'QUICK']);
      expect(await rank('-quick').count()).toBe(4);
      expect(await rank('').count()).toBe(0);
      expect(() =>
        notes()
          .annotate({ rank: SearchRank(vector, 'x', { normalization: 2 }) })
          .toSQL(),
      ).toThrow(/no options/);
    });

    it('asks an index over exactly its fields', () => {
      const refused = (query: QuerySet<Note>): void =>
        expect(() => query.toSQL()).toThrow(/no full-text index over exactly/);
      refused(notes().filter(SearchVector('title', { engine: 'fulltext' }).matches('x')));
      refused(notes().filter(SearchVector('title', 'other', { engine: 'fulltext' }).matches('x')));
      expect(() =>
        notes()
          .filter(vector.matches(SearchQuery('x', { config: 'english' })))
          .toSQL(),
      ).toThrow(/no config/);
      expect(() => SearchVector('title', { engine: 'fulltext', config: 'english' })).toThrow(/neither a config/);
      const near = SearchQuery('quick <2> fox', { type: 'raw' });
      expect(() => notes().filter(vector.matches(near)).toSQL()).toThrow(
        expect.objectContaining({ code: 'orm.bad_search_query' }),
      );
      expect(
        notes()
          .filter(SearchVector('body', 'title', { engine: 'fulltext' }).matches('x'))
          .toSQL().sql,
      ).toContain('MATCH(');
    });
  });
});
