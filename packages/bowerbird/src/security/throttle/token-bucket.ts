import { type Counted, type Counting, type CountState } from './counting.js';
import { type ParsedRate } from './rate-text.js';

/** Sums of fractions of tokens are off by less than this. */
const SLACK = 1e-6;

/**
 * A bucket of tokens: each request takes one, and new ones flow in all the time. Bursts pass up to the capacity, and then
 * as many as flow in. The state is a moment and how many tokens were missing then.
 */
export class TokenBucket implements Counting {
  readonly window: number;
  readonly family: string;
  /** Milliseconds for one token. */
  private readonly interval: number;

  constructor(
    readonly quota: number,
    refill: ParsedRate,
  ) {
    this.interval = refill.window / refill.amount;
    this.window = Math.ceil(this.interval * quota);
    this.family = `bucket ${quota} ${refill.amount}/${refill.window}`;
  }

  count(state: CountState | undefined, now: number): Counted {
    const [moment, missing] = this.current(state, now);
    const left = this.quota - missing;
    if (left < 1 - SLACK) return { allowed: false, remaining: 0, wait: this.timeFor(1 - left) };
    const remaining = Math.floor(left - 1 + SLACK);
    return { allowed: true, remaining, wait: this.timeFor(remaining + 2 - left), state: [moment, missing + 1] };
  }

  takeBack([moment, missing]: CountState): CountState {
    return [moment, Math.max(0, missing - 1)];
  }

  /** Milliseconds until so many tokens have flowed in; at least one, so that nobody comes back too early. */
  private timeFor(tokens: number): number {
    return Math.max(1, Math.ceil((tokens - SLACK) * this.interval));
  }

  /** The bucket now. One of a moment that lies further ahead than it takes to fill was written by a wrong clock. */
  private current(state: CountState | undefined, now: number): CountState {
    if (!state || Math.abs(now - state[0]) >= this.window) return [now, 0];
    const [moment, missing] = state;
    const later = Math.max(moment, now);
    return [later, Math.max(0, missing - (later - moment) / this.interval)];
  }
}
