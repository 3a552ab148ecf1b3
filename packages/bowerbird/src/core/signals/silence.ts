import { ContextKey } from '../context/context-key.js';
import { contextValue, runWith } from '../context/context.js';
import { type Signal } from './signal.js';

/** The signals that nobody hears in the current flow. */
const SILENT = new ContextKey<ReadonlySet<Signal> | 'all'>('silent signals');

/** Runs work whose signals nobody hears: some of them, or all when none is named. Other listeners still do. */
export function withoutSignals<R>(work: () => R, ...signals: readonly Signal[]): R {
  const already = contextValue(SILENT);
  const all = signals.length === 0 || already === 'all';
  const silent = all ? 'all' : new Set([...(already ?? []), ...signals]);
  return runWith(SILENT, silent, work);
}

/** Whether nobody hears a signal in the current flow. */
export function isSilent(signal: Signal): boolean {
  const silent = contextValue(SILENT);
  return silent === 'all' || (silent?.has(signal) ?? false);
}
