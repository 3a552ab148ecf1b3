import { describe, expect, it } from 'vitest';

import { durationMs, parseDuration } from './duration.js';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['12h', 43_200_000],
    ['14d', 1_209_600_000],
    ['2w', 1_209_600_000],
    ['0s', 0],
  ] as const)('%s is %d milliseconds', (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });

  it.each(['', '5', 's', '-1s', '1 s', '1y', '1e3s', 5, null, undefined, {}])('%j is no duration', (value) => {
    expect(parseDuration(value)).toBeUndefined();
  });
});
