import { describe, expect, it } from 'vitest';

import { folded, formsOf } from './letters.js';
import { JAVASCRIPT_REGEX, splitWords } from './separators.js';
import { WordPatterns, type PatternWords } from './word-patterns.js';

const patterns = new WordPatterns(JAVASCRIPT_REGEX);
const words = (...texts: [string, ...string[]]): PatternWords =>
  texts.map((text) => ({ text: text.replace('*', ''), prefix: text.endsWith('*'), distance: 1 })) as never;
const together = (...texts: [string, ...string[]]) => new RegExp(patterns.together(words(...texts)), 'su');
const head = (...texts: [string, ...string[]]) => new RegExp(patterns.head(words(...texts)), 'gsu');

describe('words of a text', () => {
  it('are runs of letters, digits and marks', () => {
    expect(splitWords("The quick-brown fox_isn't 3½km² “here”…")).toEqual([
      'The',
      'quick',
      'brown',
      'fox',
      'isn',
      't',
      '3',
      'km',
      'here',
    ]);
    expect(splitWords('Ko\u0308ln नमस्ते สวัสดี 東京、大阪 ❤️ok')).toEqual([
      'Ko\u0308ln',
      'नमस्ते',
      'สวัสดี',
      '東京',
      '大阪',
      'ok',
    ]);
    expect(splitWords('a\0b\ud800c')).toEqual(['a', 'b', 'c']);
  });

  it('are all letters and digits of Unicode, apart from those that are symbols', () => {
    const characters = Array.from({ length: 0x2000 }, (_, code) => String.fromCodePoint(code));
    const wrong = characters.filter((each) => /[\p{L}\p{Nd}]/u.test(each) !== splitWords(each).length > 0);
    expect(wrong.filter((each) => !/[\p{M}\p{No}\p{Nl}\p{P}\p{S}\p{C}]/u.test(each))).toEqual([]);
  });
});

describe('patterns of words', () => {
  it('find whole words in any case', () => {
    expect(together('fox').test('A FOX!')).toBe(true);
    expect(together('fox').test('foxes')).toBe(false);
    expect(together('fox').test('xfox')).toBe(false);
    expect(together('fo*').test('foxes')).toBe(true);
    expect(together('fo*').test('afo')).toBe(false);
  });

  it('find words that follow each other', () => {
    expect(together('brown', 'fox').test('brown -- \n fox')).toBe(true);
    expect(together('brown', 'fox').test('brown x fox')).toBe(false);
    expect(together('bro*', 'fox').test('brownish fox')).toBe(true);
    expect(together('brown', 'fo*').test('brown foxes')).toBe(true);
  });

  it('match the first word where the others follow, as often as they do', () => {
    expect('fox, fox fox'.match(head('fox'))).toHaveLength(3);
    expect('a a a'.match(head('a', 'a'))).toEqual(['a', 'a']);
    expect('quick fox, quick dog, Quick Fox'.match(head('quick', 'fox'))).toEqual(['quick', 'Quick']);
    expect('foxes fo'.match(head('fo*'))).toEqual(['fo', 'fo']);
  });

  it('know the letters that are one in several forms', () => {
    expect(formsOf('s')).toEqual(['s', 'S']);
    expect(formsOf('ς').toSorted()).toEqual(['Σ', 'ς', 'σ']);
    expect(formsOf('ß').toSorted()).toEqual(['ß', 'ẞ']);
    expect(formsOf('ᾀ').toSorted()).toEqual(['ᾀ', 'ᾈ']);
    expect(formsOf('ı')).toEqual(['ı']);
    expect(formsOf('İ')).toEqual(['İ']);
    expect(formsOf('7')).toEqual(['7']);
    expect(folded('Ǆ')).toBe('ǆ');
  });
});
