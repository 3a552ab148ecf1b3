import { describe, expect, it } from 'vitest';

import { Q } from '#orm';

import { ExpressionError, readExpression } from './filter-expression.js';
import { type FilterParameter } from './filter-parameter.js';
import { readerOfKind } from './filter-value.js';

const filter = (name: string, list = false): [string, FilterParameter] => [
  name,
  {
    description: { name, description: '', schema: {} },
    reader: readerOfKind('text'),
    list,
    unsure: () => false,
    where: (value) => ({ [name]: value }),
  },
];
const filters = new Map([filter('a'), filter('b.c__gte'), filter('l__in', true), filter('and'), filter('not')]);
const read = (text: string) =>
  readExpression(text, filters, ({ list, where }, texts) => Q(where(list ? texts : texts[0])));

describe('filter expressions', () => {
  it('are trees of lookups', () => {
    expect(read('or(a=1,and(b.c__gte=2,not(l__in=(x,"y, z"))))').where).toEqual({
      op: 'or',
      parts: [
        { op: 'lookups', lookups: { a: '1' } },
        {
          op: 'and',
          parts: [
            { op: 'lookups', lookups: { 'b.c__gte': '2' } },
            { op: 'not', part: { op: 'lookups', lookups: { l__in: ['x', 'y, z'] } } },
          ],
        },
      ],
    });
  });

  it('may name fields as groups are named', () => {
    expect(read('and(and=1,not=2)').where).toEqual({
      op: 'and',
      parts: [
        { op: 'lookups', lookups: { and: '1' } },
        { op: 'lookups', lookups: { not: '2' } },
      ],
    });
  });

  it('have spaces between their parts, and in values within quotes', () => {
    expect(read(' or ( a = x y , a = " z " ) ').where).toEqual({
      op: 'or',
      parts: [
        { op: 'lookups', lookups: { a: 'x y' } },
        { op: 'lookups', lookups: { a: ' z ' } },
      ],
    });
    expect(read('l__in=x').where).toEqual({ op: 'lookups', lookups: { l__in: ['x'] } });
    expect(read('a=').where).toEqual({ op: 'lookups', lookups: { a: '' } });
  });

  it('are read or refused, whatever they are', () => {
    const tokens = [
      'and',
      'or',
      'not',
      'a',
      'b.c__gte',
      'l__in',
      '(',
      '(',
      ')',
      ')',
      ',',
      '=',
      '=',
      "'",
      '"',
      "''",
      ' ',
      'x',
      '1',
      'é',
      '__proto__',
      '\\',
    ];
    let state = 42;
    const pick = (): string => {
      state = (state * 48_271) % 2_147_483_647;
      return tokens[state % tokens.length]!;
    };
    const outcomes = Array.from({ length: 3_000 }, () => {
      const text = Array.from({ length: 1 + (state % 12) }, pick).join('');
      try {
        return typeof read(text).where.op;
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
        expect((error as Error).message).toMatch(/^At character \d+: .+[.?]$/);
        return 'refused';
      }
    });
    expect(new Set(outcomes)).toEqual(new Set(['string', 'refused']));
  });
});
