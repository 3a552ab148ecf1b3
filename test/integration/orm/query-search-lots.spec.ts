import { SearchQuery } from 'bowerbird/orm';
import { describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { random } from './query-fuzz.support.js';
import { article, Article, Writer } from './search.world.js';

/** Words and what stands between them, for texts and queries that are drawn by lot. */
const LOTS = {
  words: [
    'fox',
    'Fox',
    'FOXES',
    'foxes',
    'brown',
    'Quick',
    'é',
    'É',
    'e',
    'naïve',
    'NAÏVE',
    'x1',
    '1e5',
    '12',
    'ß',
    'σας',
    'ΣΑΣ',
    'the',
  ],
  gaps: [' ', ' ', ' ', ', ', '-', '_', "'", '\n', ' … ', '😀', '/', '.', ' <b>', '&amp;'],
} as const;

/** A term of a query as it is typed, and whether the words of a text have it. */
interface Term {
  readonly typed: string;
  readonly holds: (words: readonly string[]) => boolean;
}

describe('drawn by lot', () => {
  const plain = (text: string): string[] =>
    text
      .toLowerCase()
      .replaceAll('ς', 'σ')
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '');
  const next = random(3);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const some = (most: number): string[] =>
    Array.from({ length: 1 + Math.floor(next() * most) }, () => pick(LOTS.words));
  const texts = Array.from({ length: 60 }, () => some(9).reduce((text, word) => `${text}${pick(LOTS.gaps)}${word}`));

  const positive = (): Term => {
    const [first, ...more] = some(next() < 0.3 ? 3 : 1) as [string, ...string[]];
    const wanted = plain([first, ...more].join(' '));
    if (more.length > 0)
      return {
        typed: `"${[first, ...more].join(pick([' ', '-', ', ']))}"`,
        holds: (words) => words.some((_, at) => wanted.every((word, index) => words[at + index] === word)),
      };
    if (next() < 0.3)
      return { typed: `${first}*`, holds: (words) => words.some((word) => word.startsWith(wanted[0]!)) };
    return { typed: first, holds: (words) => words.includes(wanted[0]!) };
  };
  const term = (): Term => {
    const { typed, holds } = positive();
    return next() < 0.25 ? { typed: `-${typed}`, holds: (words) => !holds(words) } : { typed, holds };
  };
  const query = (): Term => {
    const alternatives = Array.from({ length: next() < 0.3 ? 2 : 1 }, () =>
      Array.from({ length: 1 + Math.floor(next() * 2) }, term),
    );
    return {
      typed: alternatives.map((terms) => terms.map(({ typed }) => typed).join(' ')).join(' or '),
      holds: (words) => alternatives.some((terms) => terms.every(({ holds }) => holds(words))),
    };
  };
  const queries = Array.from({ length: 250 }, query);

  eachDatabase((database) => {
    it('texts and queries come together as they are read', async () => {
      const app = await openOrm({ database: database.url, entities: [Article, Writer] });
      try {
        const rows = await app.db.save(texts.map((text) => article('x', text)));
        const wrong: unknown[] = [];
        for (const { typed, holds } of queries) {
          const found = app.db.objects(Article).filter({ body__search: SearchQuery(typed, { type: 'websearch' }) });
          const ids = await found.orderBy('id').flat('id').all();
          const expected = rows.filter(({ body }) => holds(plain(body!))).map(({ id }) => id);
          if (String(ids) !== String(expected)) wrong.push({ typed, ids, expected });
        }
        expect(wrong).toEqual([]);
      } finally {
        await app.close();
      }
    });
  });
});
