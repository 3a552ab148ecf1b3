import { describe, expect, it } from 'vitest';

import { BoundedQueryLog } from './bounded-query-log.js';

describe('the query log of a request', () => {
  it('keeps the first 200 statements and counts the rest', () => {
    const log = new BoundedQueryLog();
    for (let index = 0; index < 250; index += 1) log.push({ sql: `SELECT ${index}`, duration: 1 });
    expect([log.length, log.dropped, log.at(-1)!.sql]).toEqual([200, 50, 'SELECT 199']);
    expect(log.map(({ duration }) => duration).filter((duration) => duration === 1)).toHaveLength(200);
  });
});
