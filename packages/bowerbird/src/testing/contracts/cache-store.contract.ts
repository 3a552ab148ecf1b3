import { type CacheEntry, type CacheStore } from '#cache';
import { type Clock } from '#core';

import { FakeClock } from '../fake-clock.js';
import { type ContractRunner } from './session-store.contract.js';

/** Builds an empty store that reads the time from the clock and has room for 2,000 entries. Called once for each test. */
export type CacheStoreFactory = (clock: Clock) => Promise<CacheStore>;

const MINUTE = 60_000;

/** The rules that every cache store keeps, as tests: `describeCacheStore({ describe, it, expect }, 'redis', (clock) => …)`. */
export function describeCacheStore(runner: ContractRunner, name: string, create: CacheStoreFactory): void {
  const { describe, it, expect } = runner;
  const test: Test = (fact, body) =>
    it(fact, async () => {
      const clock = new FakeClock();
      await body(await create(clock), clock);
    });

  describe(`the cache store "${name}"`, () => {
    describeKeeping(test, expect);
    describeExpiry(test, expect);
    describeConditions(test, expect);
    describeCounting(test, expect);
    describeForgetting(test, expect);
  });
}

type Test = (fact: string, body: (store: CacheStore, clock: FakeClock) => Promise<void>) => void;
type Expect = ContractRunner['expect'];

function entry(key: string, value: unknown, ttl: number | null = MINUTE): CacheEntry {
  return { key, value: JSON.stringify(value), ttl };
}

/** The value of one key, parsed; `none` where nothing is kept. */
async function read(store: CacheStore, key: string): Promise<unknown> {
  const [text] = await store.get([key]);
  return text === undefined ? 'none' : JSON.parse(text);
}

/** The code of the error with which work fails, or `none`. */
async function codeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return 'none';
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
}

function describeKeeping(test: Test, expect: Expect): void {
  test('knows nothing of a key that was never set', async (store) => {
    expect(await store.get(['unknown'])).toEqual([undefined]);
  });

  test('gives texts back as they were, whatever letters are in them', async (store) => {
    for (const value of ['', null, 0, false, 'ü 漢字 🦜 "quoted" \\ \u0001', [], { a: [null, { b: '' }] }]) {
      await store.set([entry('key', value)]);
      expect(await read(store, 'key')).toEqual(value);
    }
  });

  test('keeps large values', async (store) => {
    await store.set([entry('key', 'x'.repeat(200_000))]);
    expect((await store.get(['key']))[0]?.length).toBe(200_002);
  });

  test('tells keys apart by case, by letters and at their full length', async (store) => {
    const long = 'k'.repeat(249);
    const keys = ['abc', 'ABC', 'äbc', 'abc ', 'a%c', 'a_c', '🦜', `${long}1`, `${long}2`];
    await store.set(keys.map((key, index) => entry(key, index)));
    expect(await Promise.all(keys.map((key) => read(store, key)))).toEqual(keys.map((_, index) => index));
  });

  test('sets and gets 1,001 keys at once, in the order in which they are asked for', async (store) => {
    const keys = Array.from({ length: 1001 }, (_, index) => `key-${index}`);
    await store.set(keys.map((key, index) => entry(key, index)));
    const asked = [...keys, 'unknown'].reverse();
    const expected = [undefined, ...keys.map((_, index) => String(index)).reverse()];
    expect(await store.get(asked)).toEqual(expected);
    expect(await store.get([])).toEqual([]);
  });

  test('lets the last of several entries of one key win', async (store) => {
    await store.set([entry('key', 1), entry('key', 2)]);
    expect(await read(store, 'key')).toBe(2);
  });
}

function describeExpiry(test: Test, expect: Expect): void {
  test('forgets an entry at the moment of its expiry', async (store, clock) => {
    await store.set([entry('key', 1, MINUTE)]);
    clock.set(new Date(clock.now().getTime() + MINUTE - 1));
    expect(await read(store, 'key')).toBe(1);
    clock.advance('1ms');
    expect(await read(store, 'key')).toBe('none');
  });

  test('keeps an entry without an end', async (store, clock) => {
    await store.set([entry('key', 1, null)]);
    clock.advance('3650d');
    expect(await read(store, 'key')).toBe(1);
  });

  test('begins the time anew when an entry is set again or touched', async (store, clock) => {
    await store.set([entry('set', 1), entry('touched', 1), entry('freed', 1)]);
    clock.advance('30s');
    await store.set([entry('set', 2)]);
    expect([await store.touch('touched', MINUTE), await store.touch('freed', null)]).toEqual([true, true]);
    clock.advance('59s');
    expect([await read(store, 'set'), await read(store, 'touched'), await read(store, 'freed')]).toEqual([2, 1, 1]);
    clock.advance('1s');
    expect([await read(store, 'set'), await read(store, 'touched'), await read(store, 'freed')]).toEqual([
      'none',
      'none',
      1,
    ]);
  });

  test('touches nothing back to life', async (store, clock) => {
    await store.set([entry('key', 1)]);
    clock.advance('1m');
    expect([await store.touch('key', MINUTE), await store.touch('unknown', MINUTE)]).toEqual([false, false]);
    expect(await read(store, 'key')).toBe('none');
  });
}

function describeConditions(test: Test, expect: Expect): void {
  test('adds a key only where there is none', async (store, clock) => {
    expect(await store.add(entry('key', 1))).toBe(true);
    expect(await store.add(entry('key', 2))).toBe(false);
    expect(await read(store, 'key')).toBe(1);
    clock.advance('1m');
    expect(await store.add(entry('key', 3))).toBe(true);
    expect(await read(store, 'key')).toBe(3);
  });

  test('lets one of many writers add a key', async (store) => {
    const won = await Promise.all(Array.from({ length: 20 }, (_, index) => store.add(entry('key', index))));
    expect(won.filter(Boolean).length).toBe(1);
    expect(await read(store, 'key')).toBe(won.indexOf(true));
  });

  test('replaces exactly the value that is expected, with its own time', async (store, clock) => {
    await store.set([entry('key', { n: 1 })]);
    expect(await store.replace(entry('key', { n: 2 }), '{"n":9}')).toBe(false);
    expect(await store.replace(entry('key', { n: 2 }), '{"N":1}')).toBe(false);
    expect(await read(store, 'key')).toEqual({ n: 1 });
    expect(await store.replace(entry('key', { n: 2 }, 2 * MINUTE), '{"n":1}')).toBe(true);
    clock.advance('1m');
    expect(await read(store, 'key')).toEqual({ n: 2 });
  });

  test('replaces nothing that is not there any more', async (store, clock) => {
    await store.set([entry('key', 1)]);
    clock.advance('1m');
    expect(await store.replace(entry('key', 2), '1')).toBe(false);
    expect(await store.replace(entry('unknown', 2), '1')).toBe(false);
    expect([await read(store, 'key'), await read(store, 'unknown')]).toEqual(['none', 'none']);
  });

  test('lets one of many writers replace a value', async (store) => {
    await store.set([entry('key', 'old')]);
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.replace(entry('key', index), '"old"')),
    );
    expect(won.filter(Boolean).length).toBe(1);
    expect(await read(store, 'key')).toBe(won.indexOf(true));
  });
}

function describeCounting(test: Test, expect: Expect): void {
  test('counts from 0, up and down, and on from a number that was set', async (store) => {
    expect([await store.increment('n', 1, MINUTE), await store.increment('n', 41, MINUTE)]).toEqual([1, 42]);
    expect(await store.increment('n', -50, MINUTE)).toBe(-8);
    expect(await read(store, 'n')).toBe(-8);
    await store.set([entry('set', 5)]);
    expect(await store.increment('set', 2, MINUTE)).toBe(7);
  });

  test('loses no count of many at the same time', async (store) => {
    const counts = await Promise.all(Array.from({ length: 50 }, () => store.increment('n', 1, MINUTE)));
    expect([...counts].sort((left, right) => left - right)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });

  test('keeps the end of a count that is there', async (store, clock) => {
    await store.increment('n', 1, MINUTE);
    clock.advance('59s');
    expect(await store.increment('n', 1, MINUTE)).toBe(2);
    clock.advance('1s');
    expect(await store.increment('n', 1, null)).toBe(1);
    clock.advance('3650d');
    expect(await store.increment('n', 1, MINUTE)).toBe(2);
  });

  test('refuses what is no whole number, and sums that are not exact', async (store) => {
    for (const value of ['1', 1.5, null, {}, '']) {
      await store.set([entry('key', value)]);
      expect(await codeOf(() => store.increment('key', 1, MINUTE))).toBe('cache.number');
      expect(await read(store, 'key')).toEqual(value);
    }
    await store.set([entry('key', Number.MAX_SAFE_INTEGER)]);
    expect(await codeOf(() => store.increment('key', 1, MINUTE))).toBe('cache.number');
    expect(await read(store, 'key')).toBe(Number.MAX_SAFE_INTEGER);
  });
}

function describeForgetting(test: Test, expect: Expect): void {
  test('deletes keys and counts those that were there', async (store, clock) => {
    await store.set([entry('a', 1), entry('b', 1), entry('kept', 1, null), entry('expired', 1, 1)]);
    clock.advance('1ms');
    expect(await store.delete(['a', 'b', 'unknown', 'expired'])).toBe(2);
    expect(await store.delete(['a'])).toBe(0);
    expect(await store.delete([])).toBe(0);
    expect([await read(store, 'a'), await read(store, 'kept')]).toEqual(['none', 1]);
  });

  test('clears what begins with a prefix, taken by the letter, and nothing else', async (store) => {
    const cleared = ['a%_*[x]:1', 'a%_*[x]:', 'a%_*[x]:ü'];
    const kept = ['a%_*[x]', 'abc:1', 'A%_*[X]:1', 'aX_*[x]:1'];
    await store.set([...cleared, ...kept].map((key) => entry(key, key)));
    await store.clear('a%_*[x]:');
    expect(await store.get(cleared)).toEqual([undefined, undefined, undefined]);
    expect(await store.get(kept)).toEqual(kept.map((key) => JSON.stringify(key)));
  });
}
