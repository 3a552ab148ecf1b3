import { expect, it } from 'vitest';

import { uninterrupted } from './uninterrupted.js';

it('finishes the work and tells that a signal came', async () => {
  const done: string[] = [];
  const signaled = await uninterrupted(() => {
    process.kill(process.pid, 'SIGHUP');
    done.push('written');
  });
  expect([signaled, done]).toEqual([true, ['written']]);
  expect(process.listenerCount('SIGHUP')).toBe(0);
});

it('tells that none came', async () => {
  expect(await uninterrupted(() => undefined)).toBe(false);
});
