import { describe, expect, it } from 'vitest';

import { copyData } from './copy-data.js';

class Row {
  constructor(
    readonly name: string,
    public other: Row | null = null,
  ) {}

  shout(): string {
    return this.name.toUpperCase();
  }
}

describe('copies of the data of a suite', () => {
  it('are of the same classes and share nothing that can change', () => {
    const at = new Date('2024-01-02T03:04:05Z');
    const data = {
      rows: [new Row('a')],
      at,
      bytes: Buffer.from('x'),
      map: new Map([['k', { n: 1 }]]),
      set: new Set([1]),
    };
    const copy = copyData(data);
    expect(copy).toEqual(data);
    expect(copy.rows[0]!.shout()).toBe('A');
    copy.rows.pop();
    copy.at.setFullYear(1999);
    copy.bytes[0] = 0;
    copy.map.get('k')!.n = 2;
    copy.set.clear();
    expect(data).toEqual({
      rows: [new Row('a')],
      at: new Date('2024-01-02T03:04:05Z'),
      bytes: Buffer.from('x'),
      map: new Map([['k', { n: 1 }]]),
      set: new Set([1]),
    });
  });

  it('keep who refers to whom', () => {
    const first = new Row('first');
    const second = new Row('second', first);
    first.other = second;
    const copy = copyData({ first, second });
    expect(copy.first).not.toBe(first);
    expect(copy.first.other).toBe(copy.second);
    expect(copy.second.other).toBe(copy.first);
  });

  it('leave plain values and functions as they are', () => {
    const work = (): number => 1;
    expect(copyData([1, 'a', null, undefined, 5n, work])).toEqual([1, 'a', null, undefined, 5n, work]);
  });
});
