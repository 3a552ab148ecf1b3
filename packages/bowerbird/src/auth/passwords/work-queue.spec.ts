import { describe, expect, it } from 'vitest';

import { WorkQueue } from './work-queue.js';

/** Work that ends when told to, and counts how much of it runs at once. */
class Gate {
  running = 0;
  peak = 0;
  private readonly ends: (() => void)[] = [];

  readonly work = async (): Promise<void> => {
    this.running += 1;
    this.peak = Math.max(this.peak, this.running);
    await new Promise<void>((resolve) => this.ends.push(resolve));
    this.running -= 1;
  };

  async openUntil(done: Promise<unknown>): Promise<void> {
    const timer = setInterval(() => this.ends.shift()?.(), 0);
    await done.finally(() => clearInterval(timer));
  }
}

describe('WorkQueue', () => {
  it('runs no more than allowed at once, and everything in the end', async () => {
    const gate = new Gate();
    const queue = new WorkQueue(3, 500);
    const all = Promise.all(Array.from({ length: 500 }, () => queue.run(gate.work)));
    await gate.openUntil(all);
    expect(gate.peak).toBe(3);
  });

  it('refuses what does not fit into the line', async () => {
    const gate = new Gate();
    const queue = new WorkQueue(1, 1);
    const kept = Promise.all([queue.run(gate.work), queue.run(gate.work)]);
    await expect(queue.run(gate.work)).rejects.toMatchObject({ code: 'auth.busy', status: 503 });
    await gate.openUntil(kept);
  });

  it('goes on after work that fails', async () => {
    const queue = new WorkQueue(1, 10);
    await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(queue.run(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
