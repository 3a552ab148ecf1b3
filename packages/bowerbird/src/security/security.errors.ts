import { FrameworkError, showValue } from '#core';
import { TooManyRequestsError } from '#http';

import { CSRF_REASONS, type CsrfReason } from './csrf/csrf-reason.js';

/**
 * A request that changes something was not proven to come from a page of this site. The reason is for developers and
 * the log; visitors only learn that the request was refused.
 */
export class CsrfError extends FrameworkError {
  readonly code = 'security.csrf';
  override readonly status = 403;

  constructor(readonly reason: CsrfReason) {
    super(`Cross-site request forgery protection refused the request: ${CSRF_REASONS[reason].message}`, {
      hint: CSRF_REASONS[reason].hint,
    });
  }
}

/** A CSRF token was asked for where no request is being answered. */
export class NoCsrfRequestError extends FrameworkError {
  readonly code = 'security.no_request';

  constructor() {
    super('A CSRF token belongs to a request, and none is being answered here', {
      hint: 'Ask for the token while a request is handled, on a path that the framework serves',
    });
  }
}

/** The client has used up a limit of the route; 429, with the seconds until it may come back. */
export class ThrottledError extends TooManyRequestsError {
  override readonly code = 'security.throttled';
}

/** A limit of requests that means nothing. The message shows what was written. */
export class LimitError extends FrameworkError {
  readonly code = 'security.limit';

  constructor(what: string, value: unknown, expected: string) {
    super(`${what} is ${showValue(value)} and should be ${expected}`, {
      hint: "Write @Throttle(rate('10/min')) or @Throttle(tokenBucket({ capacity: 20, refill: '5/s' }))",
    });
  }
}

/** Requests are limited, and there is no cache to count them in. */
export class ThrottleCacheError extends FrameworkError {
  readonly code = 'security.no_cache';

  constructor() {
    super('Requests of this route are limited, and there is no cache to count them in', {
      hint: 'Remove `cache: false` from the settings, or set security.throttle: false',
    });
  }
}
