import { Clock, SecretKeys } from '#core';
import { HttpMiddleware, HttpMiddlewareProvider, Slot, type HttpHandler } from '#http';

import { createExpressSession } from './drivers/express-session.driver.js';
import { SessionStore } from './session-store.js';
import { SessionsConfig } from './sessions.options.js';

/** Gives each request its session. */
@HttpMiddleware({ slot: Slot.Session, requires: [Slot.Context] })
export class SessionMiddleware extends HttpMiddlewareProvider {
  constructor(
    private readonly config: SessionsConfig,
    private readonly keys: SecretKeys,
    private readonly store: SessionStore,
    private readonly clock: Clock,
  ) {
    super();
  }

  createHandler(): HttpHandler {
    const { config, keys, store, clock } = this;
    return createExpressSession({ config, keys, store, clock });
  }
}
