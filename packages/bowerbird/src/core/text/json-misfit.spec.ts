import { describe, expect, it } from 'vitest';

import { jsonMisfit } from './json-misfit.js';

describe('jsonMisfit', () => {
  it.each([[null], [''], [0], [[1, { a: [] }]], [Object.create(null)]])('lets %j pass', (value) => {
    expect(jsonMisfit(value, 'value')).toBeUndefined();
  });

  it('names the part that does not fit, with its whole path', () => {
    expect(jsonMisfit({ items: [{ at: new Date(0) }] }, 'cart')).toEqual({
      path: 'cart.items.0.at',
      found: 'an object of Date',
    });
    expect(jsonMisfit([1n], 'n')).toEqual({ path: 'n.0', found: 'a bigint' });
    expect(jsonMisfit(undefined, 'n')).toEqual({ path: 'n', found: 'undefined' });
  });

  it('comes to an end with a value that holds itself', () => {
    const ring: Record<string, unknown> = {};
    ring.next = ring;
    expect(jsonMisfit(ring, 'ring')?.found).toBe('nested more than 100 levels deep');
  });
});
