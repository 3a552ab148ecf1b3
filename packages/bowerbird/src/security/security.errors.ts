import { FrameworkError } from '#core';

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
