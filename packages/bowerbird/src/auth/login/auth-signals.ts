import { Signal, type PlainShape } from '#core';
import { type HttpRequest } from '#http';

import { type AbstractUser } from '../users/abstract-user.js';

/** Somebody has logged in or out. */
export interface UserLoginEvent {
  readonly user: AbstractUser;
  /** Undefined outside of a request. */
  readonly request: HttpRequest | undefined;
}

/** Somebody has failed to log in. It never holds the password. */
export interface LoginFailedEvent {
  /** The address as it was given; there need not be such an account. */
  readonly email: string;
  /** `refused`: no active account has this password. `throttled`: there were too many attempts. */
  readonly reason: 'refused' | 'throttled';
  readonly request: HttpRequest | undefined;
}

/** After somebody has logged in: `Auth.login()`. An error of a receiver reaches its caller. */
export const userLoggedIn = new Signal<PlainShape<UserLoginEvent>>('userLoggedIn');
/** After somebody has logged out: `Auth.logout()`. A session that nobody was logged in to tells nothing. */
export const userLoggedOut = new Signal<PlainShape<UserLoginEvent>>('userLoggedOut');
/** After credentials were refused: `Auth.authenticate()`. */
export const userLoginFailed = new Signal<PlainShape<LoginFailedEvent>>('userLoginFailed');
