import { durationMs } from '#core';

import { type BackoffOptions } from './job.decorator.js';

/** The waits between attempts; lengths of time in milliseconds. */
export interface BackoffConfig {
  readonly first: number;
  readonly factor: number;
  readonly longest: number;
  /** From 0 to 1. */
  readonly jitter: number;
}

/** What a job says of its waits, and the rest as it is usual. @throws RangeError where a duration is none */
export function resolveBackoff(
  { first, factor, longest, jitter }: BackoffOptions,
  usual: BackoffConfig,
): BackoffConfig {
  return {
    first: first === undefined ? usual.first : durationMs(first),
    factor: factor ?? usual.factor,
    longest: longest === undefined ? usual.longest : durationMs(longest),
    jitter: jitter ?? usual.jitter,
  };
}

/**
 * Milliseconds to wait after a failed attempt.
 * @param attempt the number of the attempt that failed, from 1
 * @param chance from 0 to 1; how much of the jitter is taken off
 */
export function backoffAfter(
  attempt: number,
  { first, factor, longest, jitter }: BackoffConfig,
  chance: number = Math.random(),
): number {
  const wait = Math.min(longest, first * factor ** (attempt - 1));
  return Math.round(wait * (1 - jitter * chance));
}
