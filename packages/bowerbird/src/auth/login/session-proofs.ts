import { Injectable } from '@nestjs/common';

import { constantTimeEqual, Signer } from '#core';

import { type AbstractUser } from '../users/abstract-user.js';

/** What a session knows of its user. */
export interface SessionLogin {
  readonly id: number | string;
  /** Keyed hash of the stored password: it changes with the password, and the session ends. */
  readonly proof: string;
}

/** The session key under which {@link SessionLogin} is kept. */
export const SESSION_LOGIN = 'auth.login';

const SALT = 'auth.session';
/** Proofs that were found right and current; the oldest make room. */
const REMEMBERED = 1_000;

/** Ties sessions to the password that their user had when they logged in. */
@Injectable()
export class SessionProofs {
  /** What was proven, by proof: a session is read with each request and needs the work only once. */
  private readonly proven = new Map<string, string>();

  constructor(private readonly signer: Signer) {}

  /** What to keep in the session of a user. */
  loginOf(user: AbstractUser): SessionLogin {
    return { id: user.id, proof: this.signer.signature(SALT, subject(user)) };
  }

  /** Whether the user's password is still the one of the login; earlier secret keys are accepted. */
  holds(login: SessionLogin, user: AbstractUser): boolean {
    const text = subject(user);
    if (this.proven.get(login.proof) === text) return true;
    return typeof login.proof === 'string' && this.signer.verifies(SALT, text, login.proof);
  }

  /** Whether the proof was made with the secret key in use. */
  isCurrent(login: SessionLogin, user: AbstractUser): boolean {
    const text = subject(user);
    if (this.proven.get(login.proof) === text) return true;
    const current = constantTimeEqual(login.proof, this.loginOf(user).proof);
    if (current) this.remember(login.proof, text);
    return current;
  }

  private remember(proof: string, text: string): void {
    if (this.proven.size >= REMEMBERED) this.proven.delete(this.proven.keys().next().value!);
    this.proven.set(proof, text);
  }
}

/** JSON keeps id and hash apart, whatever they hold. */
function subject(user: AbstractUser): string {
  return JSON.stringify([user.id, user.password]);
}
