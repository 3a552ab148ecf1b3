import { FrameworkError } from '#core';

/** There is no session here: the work runs outside of a request, or on a path that the session middleware does not serve. */
export class NoSessionError extends FrameworkError {
  readonly code = 'sessions.no_session';

  constructor(purpose: string) {
    super(`${purpose} needs a session, and this code runs without one`, {
      hint: 'Call it while a request is handled, on a path that the framework serves, with settings.sessions on',
    });
  }
}

/** A value that JSON cannot hold was put into the session. */
export class SessionValueError extends FrameworkError {
  readonly code = 'sessions.value';

  constructor(path: string, found: string) {
    super(`The session value "${path}" is ${found}; a session holds JSON only`, {
      hint: 'Store the key of an entity instead of the entity, and a date as its ISO text',
    });
  }
}

/** A key that the session object itself uses. */
export class SessionKeyError extends FrameworkError {
  readonly code = 'sessions.key';

  constructor(key: string) {
    super(`"${key}" cannot be a session key: the session object itself has a member of that name`, {
      hint: 'Choose another key, for example with a prefix of your app',
    });
  }
}

/** A session was started after the response's headers had left, so its cookie cannot reach the client. */
export class SessionTooLateError extends FrameworkError {
  readonly code = 'sessions.too_late';

  constructor() {
    super('A session cannot start now: the headers of the response were sent already', {
      hint: 'Write to the session before the first byte of the response',
    });
  }
}

/** The session was ended elsewhere while this request, which changed it, was running. Nothing is resurrected. */
export class SessionInterruptedError extends FrameworkError {
  readonly code = 'sessions.interrupted';
  override readonly status = 400;

  constructor() {
    super('The session ended while this request was running, perhaps by a log-out in another tab', {
      hint: 'Load the page again',
    });
  }
}

/** Other requests kept changing the same session, and this one could not save its changes. */
export class SessionConflictError extends FrameworkError {
  readonly code = 'sessions.conflict';
  override readonly status = 409;

  constructor(attempts: number) {
    super(`The session was changed by other requests ${attempts} times while this one tried to save it`, {
      hint: 'Send fewer requests that write to one session at the same time',
    });
  }
}
