/** What is kept of one count: two numbers, whose meaning is the counting's own. */
export type CountState = readonly [number, number];

/** What a request has met at a limit. */
export interface Outcome {
  readonly allowed: boolean;
  /** How many more would be let through now. */
  readonly remaining: number;
  /** Milliseconds until more are let through than `remaining`. */
  readonly wait: number;
}

/** A request that was counted. */
export interface Counted extends Outcome {
  /** What is to be kept; undefined for a request that was refused, which changes nothing. */
  readonly state?: CountState;
}

/** A way to count requests, as pure functions from what is kept to what is to be kept. */
export interface Counting {
  /** Most requests at once. */
  readonly quota: number;
  /** Milliseconds after which nothing is left of a count. */
  readonly window: number;
  /** Counts of one family can be told from those of another, and may be shared by limits of different quotas. */
  readonly family: string;
  /** Counts a request at a moment, in milliseconds since 1970. */
  count(state: CountState | undefined, now: number): Counted;
  /** Takes a request that was counted out again. */
  takeBack(state: CountState): CountState;
}
