import { describe, expect, it } from 'vitest';

import { describeSessionStore } from '../../testing/contracts/session-store.contract.js';
import { FakeClock } from '../../testing/fake-clock.js';
import { MemorySessionStore } from './memory.driver.js';

describeSessionStore({ describe, it, expect }, 'memory', async (clock) => new MemorySessionStore(clock));

describe('the memory store', () => {
  it('makes room by forgetting the session that was used longest ago', async () => {
    const clock = new FakeClock();
    const store = new MemorySessionStore(clock, 2);
    const content = { values: '{}', expiresAt: new Date(clock.now().getTime() + 1000) };
    await store.create('a', content);
    await store.create('b', content);
    await store.read('a');
    await store.create('c', content);
    expect(await store.read('b')).toBeUndefined();
    expect(await store.read('a')).toBeDefined();
  });
});
