import { OnCommitError } from '../orm.errors.js';

/** What is to be done after a commit. */
export type CommitCallback = () => unknown;

/** Runs every callback, then reports those that failed. @throws OnCommitError */
export async function runCallbacks(callbacks: readonly CommitCallback[]): Promise<void> {
  const failures: unknown[] = [];
  for (const callback of callbacks) {
    try {
      await callback();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new OnCommitError(failures);
}
