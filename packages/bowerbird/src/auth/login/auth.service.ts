import { Injectable, Logger } from '@nestjs/common';

import { ACTOR, requireContext, SignalHub } from '#core';
import { currentRequest, type HttpRequest } from '#http';
import { Csrf } from '#security';
import { currentSession, NoSessionError } from '#sessions';

import { CURRENT_USER, currentUser } from '../access/current-user.js';
import { LoginThrottledError } from '../auth.errors.js';
import { Passwords } from '../passwords/passwords.service.js';
import { LoginThrottle } from '../throttle/login-throttle.js';
import { type AbstractUser } from '../users/abstract-user.js';
import { Users } from '../users/users.service.js';
import { actorOf } from './actor.js';
import { userLoggedIn, userLoggedOut, userLoginFailed, type LoginFailedEvent } from './auth-signals.js';
import { SESSION_LOGIN, SessionProofs, type SessionLogin } from './session-proofs.js';

/** What a person gives to log in. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Logs people in and out, and lets them change their password. */
@Injectable()
export class Auth {
  private readonly logger = new Logger('bowerbird.auth');

  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly throttle: LoginThrottle,
    private readonly proofs: SessionProofs,
    private readonly csrf: Csrf,
    private readonly signals: SignalHub,
  ) {}

  /**
   * The active account that the credentials belong to, or null. Unknown, inactive and passwordless accounts cost as
   * much work as a wrong password and look the same. @throws LoginThrottledError, PasswordQueueFullError
   */
  async authenticate(credentials: Credentials, request?: HttpRequest): Promise<AbstractUser | null> {
    const failed = (reason: LoginFailedEvent['reason']) =>
      this.signals.send(userLoginFailed, { email: credentials.email, reason, request: request ?? currentRequest() });
    const user = await this.guarded(credentials, request, () => failed('throttled'));
    if (user) return user;
    this.logger.warn('A login failed');
    await failed('refused');
    return null;
  }

  /**
   * Makes the account the user of the current session. The session gets a new id and the visitor a new CSRF secret; a
   * session of somebody else is thrown away with all that it held. @throws NoSessionError
   */
  async login(user: AbstractUser): Promise<void> {
    const session = currentSession();
    if (!session) throw new NoSessionError('Auth.login()');
    const before = session.get<SessionLogin>(SESSION_LOGIN);
    const sameUser = before === undefined || (before.id === user.id && this.proofs.holds(before, user));
    if (sameUser) await session.cycle();
    else await session.destroy();
    session.set(SESSION_LOGIN, this.proofs.loginOf(user));
    this.csrf.rotate();
    await this.users.touchLogin(user);
    this.become(user);
    await this.signals.send(userLoggedIn, { user, request: currentRequest() });
  }

  /** Ends the current session with all that it held. Does nothing where there is none. */
  async logout(): Promise<void> {
    const user = currentUser();
    await currentSession()?.destroy();
    this.become(null);
    if (user) await this.signals.send(userLoggedOut, { user, request: currentRequest() });
  }

  /**
   * Whether this is the user's own password, for pages that ask for it again. Wrong answers count like failed logins.
   * @throws LoginThrottledError, PasswordQueueFullError
   */
  async confirmPassword(user: AbstractUser, password: string, request?: HttpRequest): Promise<boolean> {
    const proof = await this.throttle.guard(attemptOf(user.email, request), async () => {
      const { matches } = await this.passwords.verify(password, user.password);
      return matches ? user : null;
    });
    return proof !== null;
  }

  /** Stores a new password. All sessions of the account end but the current one, when it is the account's own. */
  async changePassword(user: AbstractUser, password: string): Promise<void> {
    await this.users.setPassword(user, password);
    const session = currentSession();
    if (session?.get<SessionLogin>(SESSION_LOGIN)?.id !== user.id) return;
    await session.cycle();
    session.set(SESSION_LOGIN, this.proofs.loginOf(user));
  }

  private async guarded(
    credentials: Credentials,
    request: HttpRequest | undefined,
    throttled: () => Promise<void>,
  ): Promise<AbstractUser | null> {
    try {
      return await this.throttle.guard(attemptOf(credentials.email, request), () => this.prove(credentials));
    } catch (error) {
      if (error instanceof LoginThrottledError) await throttled();
      throw error;
    }
  }

  private async prove({ email, password }: Credentials): Promise<AbstractUser | null> {
    const user = await this.users.findByEmail(email);
    const { matches, outdated } = await this.passwords.verify(password, user?.isActive ? user.password : null);
    if (!user || !matches) return null;
    if (outdated) await this.users.upgradePassword(user, password);
    return user;
  }

  private become(user: AbstractUser | null): void {
    const context = requireContext();
    context.set(CURRENT_USER, user);
    context.set(ACTOR, user && actorOf(user));
  }
}

function attemptOf(account: string, request: HttpRequest | undefined) {
  const ip = (request ?? currentRequest())?.ip;
  return ip === undefined ? { account } : { account, ip };
}
