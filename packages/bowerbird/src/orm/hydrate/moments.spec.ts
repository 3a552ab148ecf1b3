import { describe, expect, it } from 'vitest';

import { parseMoment } from './moments.js';

describe('moments kept as text', () => {
  it('are what a Date of the same text in UTC is', () => {
    for (const text of ['2024-02-28 12:30:15.250', '1999-12-01 00:00:00', '0100-01-01 23:59:59.999'])
      expect(parseMoment(text)?.toISOString()).toBe(new Date(`${text.replace(' ', 'T')}Z`).toISOString());
  });

  it.each([
    '',
    '2024-02-28',
    '2024-02-28T12:30:15.250',
    '2024-02-28 12:30:15,250',
    '2024-02-2x 12:30:15',
    '2024-02-28 12:30:1x',
    '2024-02-28 12:30:15.2x0',
    '2024-13-01 00:00:00',
    '2024-02-30 00:00:00',
    '2024-02-28 24:00:00',
    '0024-02-28 10:00:00',
    '2024-02-28 12:30:15.250Z',
  ])('of another form, like "%s", are left to a slower parser', (text) => {
    expect(parseMoment(text)).toBeUndefined();
  });
});
