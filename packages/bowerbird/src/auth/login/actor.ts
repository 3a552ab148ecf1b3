import { type Actor } from '#core';

import { type AbstractUser } from '../users/abstract-user.js';

/** The user as lower floors see one. */
export function actorOf(user: AbstractUser): Actor {
  return { id: String(user.id), label: user.email };
}
