import {
  Cast,
  Count,
  F,
  Greatest,
  Least,
  Left,
  Lower,
  Max,
  Min,
  Now,
  Q,
  Rank,
  StringAgg,
  Trim,
  Upper,
  Window,
  type QuerySet,
} from 'bowerbird/orm';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Term {
  @PrimaryColumn()
  id: number;

  @Column({ length: 40 })
  text: string;

  @Column({ type: 'varchar', length: 40, nullable: true })
  other: string | null;
}

/** Texts that languages, collations and the padding of short texts would order in other ways. */
const TEXTS = [
  'a',
  'A',
  'a ',
  ' a',
  'a\t',
  'á',
  'Á',
  'ab',
  'a b',
  'a-b',
  'B',
  'b',
  'z',
  'Z',
  'é',
  'Émile',
  'emile',
  'ö',
  'Öl',
  'ol',
  '',
  '10',
  '9',
  '日本',
  '\uff71',
  '😀',
  'straße',
  'strasse',
];

/** By code points, which is also the order of the bytes of UTF-8. */
const byCodePoints = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));
const lower = (text: string): string => text.toLowerCase();
/** Databases make one letter of each letter. */
const upper = (text: string): string =>
  text
    .split('ß')
    .map((part) => part.toUpperCase())
    .join('ß');
const sorted = (texts: readonly string[]): string[] => [...texts].sort(byCodePoints);

/** The ids of texts that pass a test, in their order. */
const passing = (test: (text: string) => boolean): number[] =>
  TEXTS.flatMap((text, index) => (test(text) ? [index + 1] : []));
/** The ids of all texts in the order of what is made of them. */
const ordered = (make: (text: string) => string): number[] =>
  TEXTS.map((text, index) => ({ id: index + 1, key: make(text) }))
    .sort((one, other) => byCodePoints(one.key, other.key) || one.id - other.id)
    .map(({ id }) => id);

/** What the servers would take if nobody told them. */
const IGNORANT = 'ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci';

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openOrm({ database: database.url, entities: [Term], synchronize: false });
    if (database.dialect === 'mysql') await app.db.query(IGNORANT);
    await app.db.dataSource.synchronize();
    await app.db.objects(Term).bulkCreate(TEXTS.map((text, index) => ({ id: index + 1, text, other: text })));
  });
  afterAll(() => app?.close());

  const terms = (): QuerySet<Term> => app.db.objects(Term);
  const ids = (rows: QuerySet<Term>): Promise<number[]> => rows.orderBy('id').flat('id').all();

  describe('texts that are made of others', () => {
    it.each(['a', 'a ', 'b', 'é', 'ö', 'z', '', '日本', '😀', 'strasse'])(
      'compare with %j by code points',
      async (word) => {
        const than = (holds: (order: number) => boolean): number[] =>
          passing((text) => holds(byCodePoints(lower(text), word)));
        expect(await ids(terms().filter({ text__lower__gt: word }))).toEqual(than((order) => order > 0));
        expect(await ids(terms().filter({ text__lower__gte: word }))).toEqual(than((order) => order >= 0));
        expect(await ids(terms().filter({ text__lower__lt: word }))).toEqual(than((order) => order < 0));
        expect(await ids(terms().filter({ text__lower__lte: word }))).toEqual(than((order) => order <= 0));
        expect(await ids(terms().filter({ text__lower: word }))).toEqual(than((order) => order === 0));
        expect(await ids(terms().exclude({ text__lower__gt: word }))).toEqual(than((order) => order <= 0));
        const named = terms().alias({ made: Lower('text') });
        expect(await ids(named.filter({ made__gt: word }))).toEqual(than((order) => order > 0));
        expect(await ids(named.filter({ made__lte: word }))).toEqual(than((order) => order <= 0));
        expect(await ids(named.filter({ made__upper__lower__gte: word }))).toEqual(than((order) => order >= 0));
      },
    );

    it('lie between others by code points', async () => {
      const between = (least: string, most: string, make: (text: string) => string): number[] =>
        passing((text) => byCodePoints(make(text), least) >= 0 && byCodePoints(make(text), most) <= 0);
      expect(await ids(terms().filter({ text__lower__range: ['a', 'b'] }))).toEqual(between('a', 'b', lower));
      expect(await ids(terms().filter({ text__upper__range: ['A', 'A '] }))).toEqual(between('A', 'A ', upper));
      const trimmed = (text: string): string => text.replace(/^ +| +$/g, '');
      expect(await ids(terms().filter({ text__trim__range: ['A', 'a\t'] }))).toEqual(between('A', 'a\t', trimmed));
      expect(await ids(terms().filter({ text__trim__gt: 'a' }))).toEqual(
        passing((text) => byCodePoints(trimmed(text), 'a') > 0),
      );
    });

    it('compare with each other by code points', async () => {
      expect(await ids(terms().filter({ text__gt: Lower('other') }))).toEqual([]);
      expect(await ids(terms().filter({ text__lt: Lower('other') }))).toEqual(
        passing((text) => byCodePoints(text, lower(text)) < 0),
      );
      const found = await terms()
        .annotate({ most: Greatest(Lower('text'), Left('other', 1)), least: Least(Lower('text'), Left('other', 1)) })
        .orderBy('id')
        .valuesList('most', 'least')
        .all();
      expect(found).toEqual(TEXTS.map((text) => sorted([lower(text), Array.from(text)[0] ?? '']).reverse()));
    });

    it('are ordered by code points', async () => {
      const inOrder = (rows: QuerySet<Term>): Promise<number[]> => rows.flat('id').all();
      expect(await inOrder(terms().orderBy(Lower('text'), 'id'))).toEqual(ordered(lower));
      expect(await inOrder(terms().orderBy(Lower('text').desc(), F('id').desc()))).toEqual(ordered(lower).reverse());
      expect(await inOrder(terms().orderBy(Trim('text'), 'id'))).toEqual(
        ordered((text) => text.replace(/^ +| +$/g, '')),
      );
      expect(
        await inOrder(
          terms()
            .annotate({ made: Upper('text') })
            .orderBy('made', 'id'),
        ),
      ).toEqual(ordered(upper));
      const ranks = terms().annotate({ rank: Window(Rank(), { orderBy: Lower('text').asc() }) });
      expect(await inOrder(ranks.orderBy('rank', 'id'))).toEqual(ordered(lower));
      const joined = await terms().aggregate({ all: StringAgg(Lower('text'), '|', { orderBy: Lower('text').asc() }) });
      expect(joined.all).toBe(sorted(TEXTS.map(lower)).join('|'));
    });

    it('stand beside large integers, which are ordered as numbers', async () => {
      const rows = terms().annotate({ x: Cast('id', 'bigint').plus(1), day: Cast(Now(), 'date') });
      expect(await rows.orderBy('-x').flat('id').all()).toEqual(TEXTS.map((_, index) => TEXTS.length - index));
      const groups = rows.values('day').annotate({ most: Max(Cast('id', 'bigint')) });
      expect((await groups.orderBy('day', 'most').all()).map(({ most }) => most)).toEqual([String(TEXTS.length)]);
      const some = rows.values('id').annotate({ most: Max('id', { filter: Q({ id__gt: 2 }) }) });
      const ends = await some.orderBy('-most').flat('most').all();
      expect([ends[0], ends.at(-1)]).toEqual([null, 3]);
    });

    it('have one letter for each letter', async () => {
      await terms().bulkCreate([{ id: 100, text: 'ΟΔΟΣ İ', other: 'ﬁn ß' }]);
      const one = terms().filter({ id: 100 });
      expect(
        await one
          .annotate({ small: Lower('text'), large: Upper('other') })
          .values('small', 'large')
          .get(),
      ).toEqual({
        small: 'οδοσ i',
        large: 'ﬁN ß',
      });
      expect(await ids(one.filter({ text__icontains: 'οδοσ' }))).toEqual([100]);
      await one.delete();
    });

    it('are paged by code points', async () => {
      const rows = terms().orderBy(Lower('text'), 'id');
      const found: number[] = [];
      for (let after: string | undefined, more = true; more;) {
        const page = await rows.page({ size: 5, after });
        found.push(...page.rows.map(({ id }) => id));
        after = page.next ?? undefined;
        more = after !== undefined;
      }
      expect(found).toEqual(ordered(lower));
    });

    it('have a least and a greatest one by code points', async () => {
      const made = sorted(TEXTS.map(lower));
      expect(await terms().aggregate({ least: Min(Lower('text')), most: Max(Lower('text')) })).toEqual({
        least: made[0],
        most: made.at(-1),
      });
      const some = terms().filter({ text__in: ['a', 'a ', 'á', 'A'] });
      expect(await some.aggregate({ least: Min(Lower('text')), most: Max(Lower('text')) })).toEqual({
        least: 'a',
        most: 'á',
      });
      const windows = some.annotate({ most: Window(Max(Lower('text')), { partitionBy: Trim(Lower('text')) }) });
      expect(await windows.orderBy('id').flat('most').all()).toEqual(['a ', 'a ', 'a ', 'á']);
    });

    it('are told apart by every letter and space', async () => {
      const different = new Set(TEXTS.map(lower));
      const made = terms().annotate({ made: Lower('text') });
      const distinct = await made.values('made').distinct().all();
      expect(sorted(distinct.map(({ made: text }) => text))).toEqual(sorted([...different]));
      expect(await terms().aggregate({ n: Count(Lower('text'), { distinct: true }) })).toEqual({ n: different.size });
      const groups = await made
        .values('made')
        .annotate({ n: Count('id') })
        .orderBy('made')
        .valuesList('made', 'n')
        .all();
      expect(groups).toEqual(
        sorted([...different]).map((text) => [text, TEXTS.filter((each) => lower(each) === text).length]),
      );
      const places = terms().annotate({ n: Window(Count('id'), { partitionBy: Lower('text') }) });
      expect(await places.orderBy('id').flat('n').all()).toEqual(
        TEXTS.map((text) => TEXTS.filter((each) => lower(each) === lower(text)).length),
      );
      const one = made.filter(Q({ text: 'a' })).values('made');
      const other = made.filter(Q({ text__in: ['a ', 'á', 'A'] })).values('made');
      expect(sorted((await one.union(other).all()).map(({ made: text }) => text))).toEqual(['a', 'a ', 'á']);
    });
  });

  describe('texts of columns', () => {
    beforeAll(async () => {
      if (database.dialect !== 'mysql') return;
      const [{ version }] = (await app.db.query<{ version: string }[]>('SELECT VERSION() AS version')) as [
        { version: string },
      ];
      const collation = /mariadb/i.test(version) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
      await app.db.query(`ALTER TABLE term CONVERT TO CHARACTER SET utf8mb4 COLLATE ${collation}`);
    });

    it.each(['a', 'a ', 'b', 'é', 'z', '😀'])(
      'compare with %j by code points, as migrations make them',
      async (word) => {
        expect(await ids(terms().filter({ text__gt: word }))).toEqual(passing((text) => byCodePoints(text, word) > 0));
        expect(await ids(terms().filter({ text__lte: word }))).toEqual(
          passing((text) => byCodePoints(text, word) <= 0),
        );
      },
    );

    it('are ordered by code points, as migrations make them', async () => {
      expect(await terms().orderBy('text').flat('id').all()).toEqual(ordered((text) => text));
      expect(await terms().aggregate({ least: Min('text'), most: Max('text') })).toEqual({ least: '', most: '😀' });
    });
  });
});
