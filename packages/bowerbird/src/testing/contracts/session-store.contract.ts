import { type Clock } from '#core';
import { type SessionStore } from '#sessions';

import { FakeClock } from '../fake-clock.js';

/** The functions of the test runner that the contract uses; those of vitest and of Jest fit. */
export interface ContractRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
  expect(value: unknown): ContractExpectation;
}

/** What the contract asks of an expectation. */
export interface ContractExpectation {
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
  toBeUndefined(): void;
}

/** Builds an empty store that reads the time from the clock. Called once for each test. */
export type SessionStoreFactory = (clock: Clock) => Promise<SessionStore>;

const MINUTE = 60_000;

/**
 * The rules that every session store keeps, as tests:
 * `describeSessionStore({ describe, it, expect }, 'redis', (clock) => …)`.
 */
export function describeSessionStore(runner: ContractRunner, name: string, create: SessionStoreFactory): void {
  const { describe, it, expect } = runner;
  const test = (fact: string, body: (store: SessionStore, clock: FakeClock) => Promise<void>) =>
    it(fact, async () => {
      const clock = new FakeClock();
      await body(await create(clock), clock);
    });

  describe(`the session store "${name}"`, () => {
    describeReading(test, expect);
    describeUpdating(test, expect);
    describeForgetting(test, expect);
  });
}

type Test = (fact: string, body: (store: SessionStore, clock: FakeClock) => Promise<void>) => void;
type Expect = ContractRunner['expect'];

function content(clock: FakeClock, values: unknown = {}, minutes = 10) {
  return { values: JSON.stringify(values), expiresAt: new Date(clock.now().getTime() + minutes * MINUTE) };
}

function describeReading(test: Test, expect: Expect): void {
  test('knows nothing of a key that was never created', async (store) => {
    expect(await store.read('unknown')).toBeUndefined();
  });

  test('gives back what was created, at revision 1', async (store, clock) => {
    const created = content(clock, { text: 'ü 漢字 🦜 "quoted" \\ \u0001', list: [1, null, { a: '' }] });
    await store.create('key', created);
    expect(await store.read('key')).toEqual({ ...created, revision: 1 });
  });

  test('keeps an empty session and a large one', async (store, clock) => {
    await store.create('empty', content(clock));
    expect((await store.read('empty'))?.values).toBe('{}');
    await store.create('large', content(clock, { text: 'x'.repeat(200_000) }));
    expect((await store.read('large'))?.values.length).toBe(200_011);
  });

  test('tells keys apart by case', async (store, clock) => {
    await store.create('abc', content(clock, { n: 1 }));
    await store.create('ABC', content(clock, { n: 2 }));
    expect((await store.read('abc'))?.values).toBe('{"n":1}');
    expect((await store.read('ABC'))?.values).toBe('{"n":2}');
  });

  test('forgets a session at the moment of its expiry', async (store, clock) => {
    await store.create('key', content(clock, {}, 10));
    clock.set(new Date(clock.now().getTime() + 10 * MINUTE - 1));
    expect((await store.read('key'))?.values).toBe('{}');
    clock.advance('1ms');
    expect(await store.read('key')).toBeUndefined();
  });
}

function describeUpdating(test: Test, expect: Expect): void {
  test('updates a session at the revision that was read', async (store, clock) => {
    await store.create('key', content(clock, { n: 1 }));
    expect(await store.update('key', content(clock, { n: 2 }, 20), 1)).toBe('saved');
    expect(await store.read('key')).toEqual({ ...content(clock, { n: 2 }, 20), revision: 2 });
  });

  test('refuses an update of an older revision', async (store, clock) => {
    await store.create('key', content(clock, { n: 1 }));
    await store.update('key', content(clock, { n: 2 }), 1);
    expect(await store.update('key', content(clock, { n: 3 }), 1)).toBe('stale');
    expect((await store.read('key'))?.values).toBe('{"n":2}');
  });

  test('lets one of many writers win', async (store, clock) => {
    await store.create('key', content(clock));
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) => store.update('key', content(clock, { n }), 1)),
    );
    expect(outcomes.filter((outcome) => outcome === 'saved').length).toBe(1);
    expect(outcomes.filter((outcome) => outcome === 'stale').length).toBe(9);
  });

  test('does not bring back a session that was destroyed', async (store, clock) => {
    await store.create('key', content(clock));
    await store.destroy('key');
    expect(await store.update('key', content(clock, { n: 1 }), 1)).toBe('gone');
    await store.touch('key', content(clock).expiresAt);
    expect(await store.read('key')).toBeUndefined();
  });

  test('does not bring back a session that has expired', async (store, clock) => {
    await store.create('key', content(clock));
    clock.advance('10m');
    expect(await store.update('key', content(clock, { n: 1 }), 1)).toBe('gone');
    await store.touch('key', content(clock).expiresAt);
    expect(await store.read('key')).toBeUndefined();
  });

  test('touches the expiry alone', async (store, clock) => {
    await store.create('key', content(clock, { n: 1 }));
    await store.touch('key', content(clock, {}, 30).expiresAt);
    expect(await store.read('key')).toEqual({ ...content(clock, { n: 1 }, 30), revision: 1 });
  });
}

function describeForgetting(test: Test, expect: Expect): void {
  test('destroys one session and no other, and one that is not there without complaint', async (store, clock) => {
    await store.create('one', content(clock));
    await store.create('two', content(clock));
    await store.destroy('one');
    await store.destroy('one');
    expect(await store.read('one')).toBeUndefined();
    expect((await store.read('two'))?.values).toBe('{}');
  });

  test('clears 1,001 expired sessions in batches and spares the living', async (store, clock) => {
    for (let index = 0; index < 1001; index += 1) await store.create(`old-${index}`, content(clock, {}, 1));
    await store.create('living', content(clock, {}, 10));
    clock.advance('1m');
    expect(await store.clearExpired(400)).toBe(400);
    expect(await store.clearExpired(400)).toBe(400);
    expect(await store.clearExpired(400)).toBe(201);
    expect(await store.clearExpired(400)).toBe(0);
    expect((await store.read('living'))?.values).toBe('{}');
  });
}
