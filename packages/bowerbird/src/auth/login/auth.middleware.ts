import { ACTOR, afterwards, requireContext } from '#core';
import { HttpMiddleware, HttpMiddlewareProvider, Slot, type HttpHandler } from '#http';
import { currentSession, type Session } from '#sessions';

import { CURRENT_USER } from '../access/current-user.js';
import { Permissions } from '../permissions/permissions.service.js';
import { type AbstractUser } from '../users/abstract-user.js';
import { Users, type Recalled } from '../users/users.service.js';
import { actorOf } from './actor.js';
import { SESSION_LOGIN, SessionProofs, type SessionLogin } from './session-proofs.js';

/** Knows whom a request comes from: one query where the session holds a login, none for visitors. */
@HttpMiddleware({ slot: Slot.Auth, requires: [Slot.Context, Slot.Session] })
export class AuthMiddleware extends HttpMiddlewareProvider {
  constructor(
    private readonly users: Users,
    private readonly proofs: SessionProofs,
    private readonly permissions: Permissions,
  ) {
    super();
  }

  createHandler(): HttpHandler {
    return (_request, _response, next) => {
      const session = currentSession();
      const login = session?.get<SessionLogin>(SESSION_LOGIN);
      if (!session || !login) return next();
      return afterwards(this.recognize(session, login), () => next());
    };
  }

  private recognize(session: Session, login: SessionLogin): void | Promise<void> {
    return afterwards(this.users.recall(login.id), (recalled) => this.take(recalled, session, login));
  }

  private take(recalled: Recalled | null, session: Session, login: SessionLogin): void | Promise<void> {
    if (!recalled || !this.mayStay(login, recalled.user)) return session.destroy();
    const { user, codenames } = recalled;
    if (codenames) this.permissions.know(user, codenames);
    if (!this.proofs.isCurrent(login, user)) session.set(SESSION_LOGIN, this.proofs.loginOf(user));
    const context = requireContext();
    context.set(CURRENT_USER, user);
    context.set(ACTOR, actorOf(user));
  }

  /** A session ends with the account's activity and with its password. */
  private mayStay(login: SessionLogin, user: AbstractUser): boolean {
    return user.isActive && this.proofs.holds(login, user);
  }
}
