import { type Counted, type Counting, type CountState } from './counting.js';

/** So many requests in a window of time, which begins with the first of them. The state is its begin and the count. */
export class FixedWindow implements Counting {
  readonly family: string;

  constructor(
    readonly quota: number,
    readonly window: number,
  ) {
    this.family = `window ${window}`;
  }

  count(state: CountState | undefined, now: number): Counted {
    const [begin, count] = this.current(state, now);
    const wait = begin + this.window - now;
    if (count >= this.quota) return { allowed: false, remaining: 0, wait };
    return { allowed: true, remaining: this.quota - count - 1, wait, state: [begin, count + 1] };
  }

  takeBack([begin, count]: CountState): CountState {
    return [begin, Math.max(0, count - 1)];
  }

  /** The window that is open. One that lies further ahead than its length was written by a clock that was wrong. */
  private current(state: CountState | undefined, now: number): CountState {
    return state && Math.abs(now - state[0]) < this.window ? state : [now, 0];
  }
}
