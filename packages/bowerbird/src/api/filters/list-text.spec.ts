import { describe, expect, it } from 'vitest';

import { quotedItem, splitList } from './list-text.js';

describe('texts separated by commas', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['', ['']],
    ['a,,b,', ['a', '', 'b', '']],
    [' a , b c ', ['a', 'b c']],
    ['"a, b",c', ['a, b', 'c']],
    ['\'it\'\'s\',"say ""hi"""', ["it's", 'say "hi"']],
    ['" a "', [' a ']],
    [`it's,5"`, [`it's`, '5"']],
  ])('%s', (text, items) => expect(splitList(text)).toEqual(items));

  it.each(['"a', "a,'b", '"a"b', `'it's'`])('are refused: %s', (text) => expect(splitList(text)).toBeUndefined());

  it.each(['a', ' a', 'a,b', '"', `'a`, 'say "hi"', ''])('hold %j as one item', (text) => {
    expect(splitList(`${quotedItem(text)},x`)).toEqual([text, 'x']);
  });
});
