import { describe, expect, it } from 'vitest';

import { clearInBatches } from './clearing.js';

/** A table that other runs clear as well, by the rows that each statement still finds. */
function clearing(batch: unknown, ...found: readonly number[]) {
  const [left, asked] = [[...found], [] as number[]];
  const clear = async (rows: number): Promise<number> => {
    asked.push(rows);
    return left.shift() ?? 0;
  };
  return { asked, total: clearInBatches({ args: {}, options: { batch } }, clear) };
}

describe('clearing in batches', () => {
  it('ends with an empty batch, not with a short one', async () => {
    const { asked, total } = clearing('3', 3, 1, 2);
    expect(await total).toBe(6);
    expect(asked).toEqual([3, 3, 3, 3]);
  });

  it('takes 1,000 rows at a time unless told otherwise', async () => {
    const { asked, total } = clearing(undefined);
    expect([await total, asked]).toEqual([0, [1_000]]);
  });

  it.each(['0', '-1', '1.5', 'many', '10001', ''])('refuses a batch of %j', async (batch) => {
    const { asked, total } = clearing(batch);
    await expect(total).rejects.toThrow('--batch must be a whole number from 1 to 10000');
    expect(asked).toEqual([]);
  });
});
