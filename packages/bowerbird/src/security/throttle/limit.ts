import { didYouMean } from '#core';
import { type HttpRequest } from '#http';

import { LimitError } from '../security.errors.js';
import { type Counting } from './counting.js';
import { FixedWindow } from './fixed-window.js';
import { isCount, parseRate, type Rate } from './rate-text.js';
import { TokenBucket } from './token-bucket.js';

const SUBJECTS = ['user', 'address', 'key'] as const;

/**
 * Whom a limit counts: `user` is the user who is logged in, `key` the key or token that was checked (`CREDENTIAL` of the
 * context), and both are the address for everybody else. A function answers a text of its own for a request; null lets
 * the request pass uncounted.
 */
export type LimitBy = (typeof SUBJECTS)[number] | ((request: HttpRequest) => string | null);

/** What a limit may say beside its numbers. */
export interface LimitOptions {
  /** Default `user`. */
  readonly by?: LimitBy;
  /** Routes of one scope share one count. Default: each route counts for itself. */
  readonly scope?: string;
}

/** How large a bucket of tokens is, and how fast it fills. */
export interface BucketSize {
  /** Most requests at once. */
  readonly capacity: number;
  /** How many flow in: `'5/s'`. */
  readonly refill: Rate;
}

/** A limit of requests; made by {@link rate} and {@link tokenBucket}. */
export class Limit {
  constructor(
    /** Names the limit in the headers. */
    readonly name: string,
    readonly counting: Counting,
    readonly by: LimitBy = 'user',
    readonly scope?: string,
  ) {}

  /** The same limit, in a scope unless it has one. */
  within(scope: string): Limit {
    return new Limit(this.name, this.counting, this.by, this.scope ?? scope);
  }
}

/**
 * So many requests in a length of time, counted from the first: `rate('10/min')`, `rate('100/h', { by: 'address' })`.
 * @throws LimitError
 */
export function rate(text: Rate, options: LimitOptions = {}): Limit {
  const { amount, window } = parseRate(text);
  return limit(text, new FixedWindow(amount, window), options);
}

/**
 * Bursts up to a capacity, then as many as flow in: `tokenBucket({ capacity: 20, refill: '5/s' })`.
 * @throws LimitError
 */
export function tokenBucket({ capacity, refill }: BucketSize, options: LimitOptions = {}): Limit {
  if (!isCount(capacity)) throw new LimitError('The capacity of a token bucket', capacity, 'a whole number from 1');
  return limit(`${capacity}+${refill}`, new TokenBucket(capacity, parseRate(refill)), options);
}

function limit(text: string, counting: Counting, options: LimitOptions): Limit {
  const unknown = Object.keys(options).find((name) => name !== 'by' && name !== 'scope');
  if (unknown !== undefined)
    throw new LimitError(
      'An option of a limit',
      unknown,
      `by or scope. ${didYouMean(unknown, ['by', 'scope'])}`.trim(),
    );
  const { by, scope } = options;
  if (by !== undefined && typeof by !== 'function' && !SUBJECTS.includes(by))
    throw new LimitError(
      'What a limit counts by',
      by,
      `${SUBJECTS.join(', ')} or a function. ${didYouMean(by, SUBJECTS)}`.trim(),
    );
  if (scope !== undefined && !/^[\w.-]{1,50}$/.test(scope))
    throw new LimitError('The scope of a limit', scope, 'at most 50 letters, digits, _ . and -');
  return new Limit(scope ?? text, counting, by, scope);
}
