import { setImmediate } from 'node:timers/promises';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that awaits nothing and that a signal must not cut in two. Returns whether one came meanwhile: by default it
 * would end the process in the middle of a file.
 */
export async function uninterrupted(work: () => void): Promise<boolean> {
  let signaled = false;
  const note = (): void => void (signaled = true);
  for (const signal of SIGNALS) process.on(signal, note);
  try {
    work();
    // Signals are told between two whole turns of the event loop.
    await setImmediate();
    await setImmediate();
    return signaled;
  } finally {
    for (const signal of SIGNALS) process.off(signal, note);
  }
}
