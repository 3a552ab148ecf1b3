import { setTimeout as sleep } from 'node:timers/promises';

/** Longest pause before the first repetition, in milliseconds; it doubles with each further one. */
const FIRST_PAUSE = 20;
/** Longest pause before any repetition, in milliseconds. */
const LONGEST_PAUSE = 2_000;

/** How {@link withRetries} repeats. */
export interface RetryRule {
  /** Most repetitions; 0 for none. */
  readonly retries: number;
  /** Whether an error may go away when the work is done again. */
  readonly isPassing: (error: unknown) => boolean;
}

/**
 * Does work again while it fails for a reason that may pass. The pauses are random, so that transactions that got into
 * each other's way do not meet again, and grow, so that a busy database is not made busier.
 */
export async function withRetries<R>({ retries, isPassing }: RetryRule, work: () => Promise<R>): Promise<R> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries >= retries || !isPassing(error)) throw error;
    }
    await sleep(Math.random() * Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE));
  }
}
