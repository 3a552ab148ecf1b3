import { describe, expect, it } from 'vitest';

import { type Counting, type CountState } from './counting.js';
import { FixedWindow } from './fixed-window.js';
import { parseRate, type Rate } from './rate-text.js';
import { TokenBucket } from './token-bucket.js';

const NOON = Date.UTC(2026, 0, 1, 12);

/** A count that is kept between requests. */
function counter(counting: Counting) {
  let state: CountState | undefined;
  return {
    at(time: number) {
      const { state: next, ...outcome } = counting.count(state, NOON + time);
      if (next) state = next;
      return outcome;
    },
    takeBack: () => (state = counting.takeBack(state!)),
  };
}

describe('a fixed window', () => {
  it('begins with the first request and ends after its length', () => {
    const { at } = counter(new FixedWindow(2, 60_000));
    expect(at(0)).toEqual({ allowed: true, remaining: 1, wait: 60_000 });
    expect(at(20_000)).toEqual({ allowed: true, remaining: 0, wait: 40_000 });
    expect(at(59_999)).toEqual({ allowed: false, remaining: 0, wait: 1 });
    expect(at(60_000)).toEqual({ allowed: true, remaining: 1, wait: 60_000 });
  });

  it('does not shut anybody out for longer when a clock jumps back', () => {
    const { at } = counter(new FixedWindow(1, 60_000));
    at(0);
    expect(at(-1_000)).toMatchObject({ allowed: false, wait: 61_000 });
    expect(at(-3_600_000)).toMatchObject({ allowed: true });
  });

  it('takes requests back', () => {
    const { at, takeBack } = counter(new FixedWindow(1, 60_000));
    at(0);
    takeBack();
    expect(at(1)).toMatchObject({ allowed: true, wait: 59_999 });
  });
});

describe('a token bucket', () => {
  it('lets a burst pass, then as many as flow in', () => {
    const { at } = counter(new TokenBucket(3, { amount: 1, window: 1_000 }));
    expect([at(0), at(0), at(0)].map(({ remaining, wait }) => [remaining, wait])).toEqual([
      [2, 1_000],
      [1, 1_000],
      [0, 1_000],
    ]);
    expect(at(400)).toEqual({ allowed: false, remaining: 0, wait: 600 });
    expect(at(1_000)).toEqual({ allowed: true, remaining: 0, wait: 1_000 });
    expect(at(3_500)).toEqual({ allowed: true, remaining: 1, wait: 500 });
    expect(at(60_000)).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('lets exactly the capacity and the inflow pass, at any rate and whenever requests come', () => {
    for (const [capacity, amount, window] of [
      [7, 7, 60_000],
      [10, 3, 1_000],
      [1, 1_000, 1_000],
      [5, 7, 1_000],
    ] as const) {
      const { at } = counter(new TokenBucket(capacity, { amount, window }));
      let passed = 0;
      for (let time = 0; time <= 120_000; time += 1) if (at(time).allowed) passed += 1;
      expect(passed).toBe(capacity + Math.floor((120_000 * amount) / window));
    }
  });

  it('says truly when the next request passes', () => {
    const { at } = counter(new TokenBucket(2, { amount: 7, window: 60_000 }));
    at(0);
    at(0);
    const { wait } = at(10);
    expect([at(10 + wait - 1).allowed, at(10 + wait).allowed]).toEqual([false, true]);
  });

  it('takes requests back, and fills up no further than its capacity', () => {
    const { at, takeBack } = counter(new TokenBucket(2, { amount: 1, window: 1_000 }));
    at(0);
    takeBack();
    takeBack();
    expect([at(0), at(0), at(0)].map(({ allowed }) => allowed)).toEqual([true, true, false]);
  });
});

describe('a rate', () => {
  it.each<[Rate, number, number]>([
    ['10/min', 10, 60_000],
    ['100/h', 100, 3_600_000],
    ['5/s', 5, 1_000],
    ['1/day', 1, 86_400_000],
    ['20/15m', 20, 900_000],
  ])('%s is %i in %i ms', (text, amount, window) => expect(parseRate(text)).toEqual({ amount, window }));

  it.each([
    '10/parsec',
    '0/min',
    '-1/min',
    '1.5/min',
    '1e3/min',
    '10/0s',
    '10/400d',
    '10/constructor',
    '10',
    '/min',
    ' 10/min',
    '99999999999/s',
    '',
    10,
    undefined,
  ])('cannot be %j, and the error shows it', (text) => {
    expect(() => parseRate(text)).toThrow(
      expect.objectContaining({
        code: 'security.limit',
        message: expect.stringContaining(`The rate is ${typeof text === 'string' ? `'${text}'` : String(text)} `),
      }),
    );
  });
});
