import { callbackify } from 'node:util';

import { Logger } from '@nestjs/common';
import { type Request, type RequestHandler } from 'express';
import expressSession from 'express-session';

import { currentContext, randomToken, sha256, Turns, type Clock, type SecretKeys } from '#core';
import { type HttpHandler } from '#http';

import { type SessionStore } from '../session-store.js';
import { SESSION, Session } from '../session.js';
import { type SessionsConfig } from '../sessions.options.js';
import { ExpressExchange, type ExpressWiring } from './express-exchange.js';
import { exchangeOf, keepExchange } from './request-exchange.js';
import { SessionCookie } from './session-cookie.js';

const ID_BYTES = 32;

/** What the handler is built from. */
export interface ExpressSessionParts {
  readonly config: SessionsConfig;
  readonly keys: SecretKeys;
  readonly store: SessionStore;
  readonly clock: Clock;
}

/**
 * The session step of the request pipeline, on express-session's store and session objects: `request.session` and all
 * that other middleware does with it work as there. Its middleware is left out, which signs, hashes and touches what
 * did not change; {@link ExpressExchange} decides what is loaded, saved and sent.
 */
export function createExpressSession(parts: ExpressSessionParts): HttpHandler {
  const cookie = new SessionCookie(parts.config, parts.keys);
  const bridge = new StoreBridge(parts);
  const wiring = { ...parts, cookie, bridge, logger: new Logger('Sessions'), turns: new Turns() };
  return createHandler(wiring) as unknown as HttpHandler;
}

function createHandler(wiring: ExpressWiring): RequestHandler {
  const { cookie, config } = wiring;
  const serves = config.cookie.path === '/' ? () => true : (url: string) => url.startsWith(config.cookie.path);
  return (request, response, next) => {
    const exchange = new ExpressExchange(request, response, wiring, next);
    keepExchange(request, exchange);
    currentContext()?.set(SESSION, new Session(exchange));
    const id = serves(request.originalUrl) ? cookie.read(request) : undefined;
    return id === undefined ? exchange.defer() : exchange.load(id);
  };
}

/** express-session's view of the store, by which the methods of `request.session` reach ours. */
export class StoreBridge extends expressSession.Store {
  private readonly cookie: expressSession.CookieOptions & { readonly originalMaxAge: number | null };

  constructor(private readonly parts: ExpressSessionParts) {
    super();
    const { cookie, endsWithBrowser, maxAge } = parts.config;
    const { path, secure, sameSite, domain } = cookie;
    const originalMaxAge = endsWithBrowser ? null : maxAge;
    this.cookie = { path, secure, sameSite, httpOnly: true, ...(domain ? { domain } : {}), originalMaxAge };
  }

  /** Gives a request a new, empty session with a new id. */
  generate(request: Request): void {
    this.inflate(request, randomToken(ID_BYTES), '{}');
  }

  /** Gives a request the session of an id. @param values JSON */
  inflate(request: Request, id: string, values: string): void {
    request.sessionID = id;
    request.sessionStore = this as never;
    this.createSession(request, this.dataOf(values));
  }

  /** Asked by `request.session.reload()`. */
  override get(id: string, callback: (error?: unknown, data?: expressSession.SessionData | null) => void): void {
    const read = async () => {
      const stored = await this.parts.store.read(sha256(id));
      return stored ? this.dataOf(stored.values) : null;
    };
    callbackify(read)(callback);
  }

  /** Asked by `request.session.save()`. */
  override set(_id: string, data: expressSession.SessionData, callback?: (error?: unknown) => void): void {
    const exchange = exchangeOf((data as unknown as { readonly req: Request }).req);
    settle(exchange?.isSaved() ? undefined : exchange?.save(), callback);
  }

  /** Asked by `request.session.regenerate()` and `destroy()`. */
  override destroy(id: string, callback?: (error?: unknown) => void): void {
    settle(this.parts.store.destroy(sha256(id)), callback);
  }

  private dataOf(values: string): expressSession.SessionData {
    const data = JSON.parse(values) as expressSession.SessionData;
    data.cookie = { ...this.cookie };
    return data;
  }
}

function settle(work: Promise<void> | undefined, callback: (error?: unknown) => void = () => undefined): void {
  if (work) callbackify(() => work)(callback);
  else callback();
}
