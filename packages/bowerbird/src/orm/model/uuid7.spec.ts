import { describe, expect, it } from 'vitest';

import { Uuid7Source } from './uuid7.js';

describe('uuids of version 7', () => {
  it('have the form of RFC 9562 and begin with the time', () => {
    const made = new Uuid7Source(() => 0x017f22e279b0).next();
    expect(made).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('ascend within one millisecond, past the end of the counter, and when the clock goes back', () => {
    let now = 1_700_000_000_000;
    const source = new Uuid7Source(() => now);
    const made = Array.from({ length: 10_000 }, () => source.next());
    now -= 60_000;
    made.push(source.next());
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });
});
