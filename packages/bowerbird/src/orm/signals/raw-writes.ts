import { ContextKey, contextValue, runWith } from '#core';

const RAW = new ContextKey<boolean>('raw writes');

/**
 * Runs work whose signals say `raw`: rows come from a fixture, complete, and what belongs to them follows. Receivers
 * that would make such things themselves stay still then.
 */
export function rawWrites<R>(work: () => R): R {
  return runWith(RAW, true, work);
}

/** Whether rows are being loaded from a fixture. */
export function isRaw(): boolean {
  return contextValue(RAW) ?? false;
}
