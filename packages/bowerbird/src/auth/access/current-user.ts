import { ContextKey, contextValue } from '#core';

import { type AbstractUser } from '../users/abstract-user.js';

/** The user of this request; set by the middleware in the Auth slot, null for visitors. */
export const CURRENT_USER = new ContextKey<AbstractUser | null>('current user');

/** The user who is logged in, or null for visitors and outside of a request. */
export function currentUser<U extends AbstractUser = AbstractUser>(): U | null {
  return (contextValue(CURRENT_USER) ?? null) as U | null;
}
