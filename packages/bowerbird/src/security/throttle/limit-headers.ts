import { type HttpResponse } from '#http';

import { type Outcome } from './counting.js';
import { type RouteLimit } from './route-limits.js';

/** A limit and what a request has met there. */
export interface AskedLimit {
  readonly route: RouteLimit;
  readonly outcome: Outcome;
}

/**
 * Tells the client its limits and what is left of them: `RateLimit-Policy: "10/min";q=10;w=60` and
 * `RateLimit: "10/min";r=9;t=60` (draft-ietf-httpapi-ratelimit-headers-11).
 */
export function setLimitHeaders(response: HttpResponse, asked: readonly AskedLimit[]): void {
  const policies = asked.map(({ route: { name, limit } }) => {
    const { quota, window } = limit.counting;
    return `"${name}";q=${quota};w=${wholeSeconds(window)}`;
  });
  const limits = asked.map(
    ({ route: { name }, outcome }) => `"${name}";r=${outcome.remaining};t=${wholeSeconds(outcome.wait)}`,
  );
  response.setHeader('RateLimit-Policy', policies.join(', '));
  response.setHeader('RateLimit', limits.join(', '));
}

/** Seconds until all limits let a request pass again. */
export function retryAfter(asked: readonly AskedLimit[]): number {
  return wholeSeconds(Math.max(...asked.map(({ outcome }) => (outcome.allowed ? 0 : outcome.wait))));
}

/** Rounded up: whoever comes back then is not too early. */
function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1_000));
}
