import { describe, expect, it } from 'vitest';

import { mediaRanges } from './media-range.js';

const read = (header: string) =>
  mediaRanges(header).map(({ essence, parameters, quality }) => [essence, Object.fromEntries(parameters), quality]);

describe('media ranges', () => {
  it('have parameters and weights', () => {
    expect(read('Text/CSV; Header=present, */*;q=0.2')).toEqual([
      ['text/csv', { header: 'present' }, 1],
      ['*/*', {}, 0.2],
    ]);
  });

  it('may quote what would separate them', () => {
    expect(read(String.raw`application/vnd.api+json;profile="a,b;c \"d\"", text/*`)).toEqual([
      ['application/vnd.api+json', { profile: 'a,b;c "d"' }, 1],
      ['text/*', {}, 1],
    ]);
  });

  it('count for nothing where they are none, or their weight is none', () => {
    expect(read(',, json, a/b/c, text/plain;q=2, text/html;q=-1')).toEqual([
      ['text/plain', {}, 0],
      ['text/html', {}, 0],
    ]);
  });

  it('are read in linear time', () => {
    expect(read('"\\'.repeat(8_000))).toEqual([]);
  });
});
