import { FrameworkError } from '#core';
import { ForbiddenError, HttpError, TooManyRequestsError, UnavailableError } from '#http';

/** Too many logins failed for this account or from this network; the right password is refused too, for a while. */
export class LoginThrottledError extends TooManyRequestsError {
  override readonly code = 'auth.throttled';

  /** @param retryAfterSeconds whole seconds until another try is heard, for `Retry-After` */
  constructor(retryAfterSeconds: number) {
    super(retryAfterSeconds, `Too many failed logins. Try again in ${waitingTime(retryAfterSeconds)}.`);
  }
}

/** A waiting time as people say it: `40 seconds`, `15 minutes`. */
function waitingTime(seconds: number): string {
  const [amount, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

/** More passwords wait to be hashed than the machine can work on; 503, to be tried again in a moment. */
export class PasswordQueueFullError extends UnavailableError {
  override readonly code = 'auth.busy';

  constructor() {
    super('Too many people are logging in right now. Try again in a moment.', {
      hint: 'Raise settings.auth.hashing.queue or concurrency if this happens often',
      headers: { 'Retry-After': '5' },
    });
  }
}

/** Nobody is logged in, and the route is private. */
export class LoginRequiredError extends HttpError {
  readonly code = 'auth.login_required';
  override readonly status: number = 401;

  constructor() {
    super('You need to log in first', { hint: 'Mark the route with @Public() if anybody may call it' });
  }
}

/** The same for a browser that asked for a page: 303 to the login. */
export class LoginRedirectError extends HttpError {
  readonly code = 'auth.login_redirect';
  override readonly status = 303;

  constructor(readonly location: string) {
    super('You need to log in first', { headers: { Location: location, 'Cache-Control': 'no-store' } });
  }
}

/** Somebody is logged in and lacks what the route asks for. The visitor is not told what that is. */
export class PermissionDeniedError extends ForbiddenError {
  override readonly code = 'auth.permission_denied';

  constructor(missing: string) {
    super('You do not have permission to do this', { hint: `The account lacks ${missing}` });
  }
}

/** Another account has this e-mail address, whatever its case. */
export class DuplicateEmailError extends FrameworkError {
  readonly code = 'auth.duplicate_email';
  override readonly status = 409;

  constructor(
    readonly email: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(`Another account has the e-mail address "${email}"`, { ...options, hint: 'Use another address' });
  }
}

/** A text that was given as an e-mail address is none. */
export class InvalidEmailError extends FrameworkError {
  readonly code = 'auth.invalid_email';
  override readonly status = 400;

  constructor(email: string) {
    super(`"${email.slice(0, 80)}" is no e-mail address`, { hint: 'Write it as name@example.com' });
  }
}

/** A new password breaks the configured rules. The message holds the reasons, never the password. */
export class PasswordTooWeakError extends FrameworkError {
  readonly code = 'auth.weak_password';
  override readonly status = 400;

  constructor(
    /** One sentence for people for each broken rule. */
    readonly reasons: readonly string[],
  ) {
    super(`The password is too weak: ${reasons.join(' ')}`, { hint: 'Choose a longer, less usual password' });
  }
}
