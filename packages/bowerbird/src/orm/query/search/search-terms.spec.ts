import { describe, expect, it } from 'vitest';

import { searchTerms } from './search-terms.js';

describe('search terms', () => {
  it.each([
    ['one two', ['one', 'two']],
    ['"new york" bridge', ['new york', 'bridge']],
    ["'new york' x", ['new york', 'x']],
    ["O'Neill d'Or", ["O'Neill", "d'Or"]],
    ['"open', ['"open']],
    ['""', []],
    ['  ', []],
  ])('of %s', (text, terms) => {
    expect(searchTerms(text)).toEqual(terms);
  });

  it('are limited in number', () => {
    expect(searchTerms('a '.repeat(500))).toHaveLength(12);
  });
});
