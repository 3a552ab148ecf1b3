import { describe, expect, it } from 'vitest';

import { Gate } from './gate.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a gate', () => {
  it('lets one in at a time, in the order of arrival', async () => {
    const gate = new Gate('work', 1_000);
    const order: string[] = [];
    const visit = (name: string) =>
      gate.through({}, async () => {
        order.push(`${name} in`);
        await turn();
        order.push(`${name} out`);
      });
    await Promise.all([visit('a'), visit('b'), visit('c')]);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('lets its holder in again', async () => {
    const gate = new Gate('work', 1_000);
    const who = {};
    await gate.enter(who);
    expect(await gate.through(who, async () => 1)).toBe(1);
    expect(gate.heldBy(who)).toBe(true);
  });

  it('goes on after work that fails', async () => {
    const gate = new Gate('work', 1_000);
    await expect(gate.through({}, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(gate.free).toBe(true);
  });

  it('is left by its holder alone', async () => {
    const gate = new Gate('work', 1_000);
    const who = {};
    await gate.enter(who);
    gate.leave({});
    expect(gate.heldBy(who)).toBe(true);
  });

  it('gives up after the limit, and lets the next one in later', async () => {
    const gate = new Gate('another transaction', 20);
    const holder = {};
    const next = {};
    await gate.enter(holder);
    await expect(gate.enter({})).rejects.toMatchObject({ code: 'orm.transaction_wait', status: 503 });
    const waiting = gate.enter(next);
    gate.leave(holder);
    await waiting;
    expect(gate.heldBy(next)).toBe(true);
  });
});
