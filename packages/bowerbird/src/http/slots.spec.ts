import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { Slot, slotName } from './slots.js';

describe('the slots', () => {
  it('are in ascending order and named', () => {
    const numbers = Object.values(Slot);
    expect(numbers).toEqual([...numbers].sort((left, right) => left - right));
    expect([slotName(500), slotName(501)]).toEqual(['Session', undefined]);
  });

  it('are the ones of the reference page', () => {
    const page = readFileSync(new URL('../../../../docs/ref/middleware.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| (\d+) +\| `(\w+)`/gm)].map(([, slot, name]) => [name, Number(slot)]);
    expect(Object.fromEntries(rows)).toEqual(Slot);
  });
});
