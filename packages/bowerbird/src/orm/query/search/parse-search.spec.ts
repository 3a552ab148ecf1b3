import { describe, expect, it } from 'vitest';

import { wordsOf, type WordNode } from './search-node.js';
import { ParsedQuery, SearchQuery, type SearchType } from './search-query.js';

/** A query in short: words, `"words together"`, `begin*`, `!not`, `(one & other)`, `(one | other)`. */
function short(node: WordNode | undefined): string {
  if (!node) return '';
  if (node.op === 'not') return `!${short(node.part)}`;
  if (node.op !== 'words') return `(${node.parts.map(short).join(node.op === 'and' ? ' & ' : ' | ')})`;
  const text = node.words.map(({ text, prefix, distance }, index) => {
    const gap = index > 0 && distance > 1 ? `<${distance}>` : '';
    return `${gap}${text}${prefix ? '*' : ''}`;
  });
  return text.length > 1 ? `"${text.join(' ')}"` : text[0]!;
}

function read(type: SearchType, text: string): string {
  return short(wordsOf((SearchQuery(text, { type }) as unknown as ParsedQuery).node));
}

const READ: readonly (readonly [type: SearchType, text: string, query: string])[] = [
  ['plain', 'quick  fox', '(quick & fox)'],
  ['plain', 'it\'s "quick" -slow*', '(it & s & quick & slow)'],
  ['plain', 'snake_case kebab-case', '(snake & case & kebab & case)'],
  ['plain', '\0\ud800…', ''],
  ['phrase', 'quick, brown fox', '"quick brown fox"'],
  ['phrase', 'fox', 'fox'],
  ['websearch', 'quick -slow "brown fox"', '(quick & !slow & "brown fox")'],
  ['websearch', 'a b or c d', '((a & b) | (c & d))'],
  ['websearch', 'a OR -b', '(a | !b)'],
  ['websearch', 'or a', '(or & a)'],
  ['websearch', 'a or', '(a & or)'],
  ['websearch', 'a or or b', '(a | (or & b))'],
  ['websearch', '"a or b"', '"a or b"'],
  ['websearch', 'qui* "brown fo"*', '(qui* & "brown fo*")'],
  ['websearch', 'foo-bar* -x-y', '("foo bar*" & !"x y")'],
  ['websearch', '"open end', '"open end"'],
  ['websearch', 'a"b c"d', '(a & "b c" & d)'],
  ['websearch', '- -- "" * "*"', ''],
  ['raw', 'a & b | !c', '((a & b) | !c)'],
  ['raw', 'a & (b | c)', '(a & (b | c))'],
  ['raw', '!!a', '!!a'],
  ['raw', "'super cat' & do:*", '("super cat" & do*)'],
  ['raw', "'it''s'", '"it s"'],
  ['raw', 'a <-> b <2> c', '"a b <2>c"'],
  ['raw', 'a:* <-> b', '"a* b"'],
  ['raw', '!(a | b)&c', '(!(a | b) & c)'],
  ['raw', '  ', ''],
];

describe('a query for words', () => {
  it.each(READ)('%s %j is %j', (type, text, query) => {
    expect(read(type, text)).toBe(query);
  });

  it.each([
    'a b',
    'a &',
    '& a',
    '(a',
    'a)',
    '!',
    'a <-> ',
    'a <0> b',
    'a <99999> b',
    "'a",
    'a:X',
    'a:',
    ':*',
    '\\',
    "a'b",
  ])('raw %j is refused', (text) => {
    expect(() => SearchQuery(text, { type: 'raw' })).toThrow(expect.objectContaining({ code: 'orm.bad_search_query' }));
  });

  it('has letters in their composed form', () => {
    expect(read('plain', 'Ko\u0308ln')).toBe('K\u00f6ln');
  });
});
