import { describe, expect, it } from 'vitest';

import { fixDecimal, significantDigits } from './decimal.js';

describe('decimals', () => {
  it.each([
    ['1', 2, '1.00'],
    ['1.005', 2, '1.01'],
    ['-1.005', 2, '-1.01'],
    ['0.004', 2, '0.00'],
    ['-0.004', 2, '0.00'],
    ['.5', 0, '1'],
    ['9.995', 2, '10.00'],
    ['1e-7', 6, '0.000000'],
    ['1.5e3', 2, '1500.00'],
    ['123456789012345678901234567890.126', 2, '123456789012345678901234567890.13'],
    ['-0', 1, '0.0'],
    ['  7 ', 1, '7.0'],
  ])('%s with %d digits after the point is %s', (text, scale, expected) => {
    expect(fixDecimal(text, scale)).toBe(expected);
  });

  it.each(['', '.', 'abc', '1,5', 'NaN', 'Infinity', '1e', '--1'])('"%s" is left alone', (text) => {
    expect(fixDecimal(text, 2)).toBe(text);
  });

  it.each([
    ['0.10', 1],
    ['1200', 2],
    ['-12.34', 4],
    ['0', 0],
    ['x', 0],
  ])('%s has %d significant digits', (text, digits) => {
    expect(significantDigits(text)).toBe(digits);
  });
});
