import { describe, expect, it } from 'vitest';

import { Turns } from './turns.js';

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('run work of one name one after another, and of others beside it', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const work = (mark: string) => async () => {
      seen.push(`${mark} begins`);
      await soon();
      seen.push(`${mark} ends`);
      return mark;
    };
    const done = await Promise.all([
      turns.take('a', work('a1')),
      turns.take('a', work('a2')),
      turns.take('b', work('b1')),
    ]);
    expect(done).toEqual(['a1', 'a2', 'b1']);
    expect(seen.filter((mark) => mark.startsWith('a'))).toEqual(['a1 begins', 'a1 ends', 'a2 begins', 'a2 ends']);
    expect(seen.indexOf('b1 begins')).toBeLessThan(seen.indexOf('a2 begins'));
  });

  it('go on after work that failed', async () => {
    const turns = new Turns();
    const failed = turns.take('a', () => Promise.reject(new Error('no')));
    const next = turns.take('a', async () => 'yes');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
