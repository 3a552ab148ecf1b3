import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Word {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 100 })
  text: string;

  @Column({ type: 'text', nullable: true })
  long: string | null;
}

const WORDS = [
  'cafe',
  'Cafe',
  'café',
  'CAFÉ',
  'cafe ',
  '50%',
  '500',
  'a_b',
  'axb',
  'a\\b',
  'a!b',
  '!',
  '',
  'naïve',
  '日本語',
  '😀 smile',
  "o'neil",
  '"quoted"',
  'x*y',
  'x?y',
  '[z]',
];

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openOrm({ database: database.url, entities: [Word], synchronize: false });
    // A collation that ignores case and accents, as servers have it by default.
    if (database.dialect === 'mysql')
      await app.db.query('ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci');
    await app.db.dataSource.synchronize();
    await app.db.save(WORDS.map((text) => Object.assign(new Word(), { text, long: text })));
    await app.db.save(Object.assign(new Word(), { text: 'null', long: null }));
  });
  afterAll(() => app?.close());

  const found = (lookup: string, value: unknown): Promise<string[]> =>
    app.db
      .objects<object>(Word)
      .filter({ [lookup]: value })
      .orderBy('id')
      .flat('text')
      .all() as Promise<string[]>;

  const cases: readonly [lookup: string, value: unknown, expected: readonly string[]][] = [
    ['exact', 'cafe', ['cafe']],
    ['exact', 'cafe ', ['cafe ']],
    ['exact', 'café', ['café']],
    ['exact', '', ['']],
    ['exact', '😀 smile', ['😀 smile']],
    ['iexact', 'CAFE', ['cafe', 'Cafe']],
    ['iexact', 'Café', ['café', 'CAFÉ']],
    ['iexact', 'a_b', ['a_b']],
    ['in', ['cafe', 'CAFÉ', 'nope'], ['cafe', 'CAFÉ']],
    ['contains', 'af', ['cafe', 'Cafe', 'café', 'cafe ']],
    ['contains', '50%', ['50%']],
    ['contains', '_', ['a_b']],
    ['contains', '\\', ['a\\b']],
    ['contains', '!', ['a!b', '!']],
    ['contains', "'", ["o'neil"]],
    ['contains', '"', ['"quoted"']],
    ['contains', '*', ['x*y']],
    ['contains', '[', ['[z]']],
    ['contains', 'é', ['café']],
    ['contains', '本', ['日本語']],
    ['icontains', 'CAF', ['cafe', 'Cafe', 'café', 'CAFÉ', 'cafe ']],
    ['icontains', 'FÉ', ['café', 'CAFÉ']],
    ['icontains', 'A_B', ['a_b']],
    ['icontains', '%', ['50%']],
    ['icontains', 'NAÏ', ['naïve']],
    ['startswith', 'Ca', ['Cafe']],
    ['startswith', '50', ['50%', '500']],
    ['istartswith', 'CA', ['cafe', 'Cafe', 'café', 'CAFÉ', 'cafe ']],
    ['endswith', 'fe', ['cafe', 'Cafe']],
    ['endswith', ' ', ['cafe ']],
    ['iendswith', 'FÉ', ['café', 'CAFÉ']],
    ['iendswith', 'SMILE', ['😀 smile']],
    ['startswith', '', [...WORDS, 'null']],
    ['endswith', '', [...WORDS, 'null']],
    ['icontains', '', [...WORDS, 'null']],
  ];

  describe('text lookups', () => {
    it.each(cases)('%s %j', async (lookup, value, expected) => {
      expect(await found(`text__${lookup}`, value)).toEqual(expected);
    });

    it('regard no NULL as text', async () => {
      expect(await found('long__contains', '')).toEqual(WORDS);
      expect(await found('long__endswith', '')).toEqual(WORDS);
    });

    it('take needles of any length', async () => {
      for (const lookup of ['exact', 'contains', 'icontains', 'istartswith', 'endswith'])
        expect(await found(`text__${lookup}`, 'é%x'.repeat(30_000))).toEqual([]);
    });

    it('bind what looks like SQL', async () => {
      expect(await found('text', "' OR 1=1 --")).toEqual([]);
      expect(await found('text__in', ["'; DROP TABLE word; --", '${x}', '$1', '?', ':a'])).toEqual([]);
      expect(await found('text__contains', "%' OR '1'='1")).toEqual([]);
    });
  });
});
