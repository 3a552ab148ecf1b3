import { describe, expect, it } from 'vitest';

import { Q, whereOf } from './q.js';

describe('Q', () => {
  it('builds a tree and changes no part of it', () => {
    const name = Q({ name: 'x' });
    const either = name.or({ name: 'y' });
    expect(name.where).toEqual({ op: 'lookups', lookups: { name: 'x' } });
    expect(either.and(Q({ age__gt: 3 }).not()).where).toEqual({
      op: 'and',
      parts: [
        {
          op: 'or',
          parts: [
            { op: 'lookups', lookups: { name: 'x' } },
            { op: 'lookups', lookups: { name: 'y' } },
          ],
        },
        { op: 'not', part: { op: 'lookups', lookups: { age__gt: 3 } } },
      ],
    });
  });

  it('keeps what was given even if the object changes later', () => {
    const lookups = { name: 'x' };
    const condition = Q(lookups);
    lookups.name = 'y';
    expect(condition.where).toEqual({ op: 'lookups', lookups: { name: 'x' } });
    expect(whereOf(condition)).toBe(condition.where);
  });
});
