import { describe, expect, it } from 'vitest';

import { keySegment, parseKeySegment } from './row-key.js';

const single = { primaryKey: ['code'] };
const double = { primaryKey: ['order', 'line'] };

describe('the segment of a key', () => {
  it.each([
    '1',
    '-7',
    'a/b',
    'a%2Fb',
    '..',
    '.',
    'q"\'<>&',
    'with space',
    'Ünïcödé 東京 🙂',
    '_',
    '_5F',
    '~',
    '',
    'a,b;c:d?e#f',
    '\\',
    '\n',
  ])('is safe in an address and reads back as it was: %j', (key) => {
    const segment = keySegment(key);
    expect(segment).toMatch(/^[A-Za-z\d_-]+$/);
    expect(parseKeySegment(segment, single)).toBe(key);
  });

  it('holds every part of a composite key', () => {
    const key = { order: 'a~b', line: '3/4' };
    expect(keySegment(key)).toBe('a_7Eb~3_2F4');
    expect(parseKeySegment(keySegment(key), double)).toEqual(key);
  });

  it.each(['a.b', 'a b', '_5', '_5f', '_C3', 'a~b', '%2F', '_41'])(
    'refuses what it cannot have written: %j',
    (segment) => {
      expect(parseKeySegment(segment, single)).toBeUndefined();
    },
  );

  it('refuses a key with another number of parts', () => {
    expect(parseKeySegment('1', double)).toBeUndefined();
    expect(parseKeySegment('1~2~3', double)).toBeUndefined();
  });
});
