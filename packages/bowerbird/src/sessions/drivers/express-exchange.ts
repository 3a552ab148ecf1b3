import { type Logger } from '@nestjs/common';
import { type NextFunction, type Request, type Response } from 'express';
import { type Session as ExpressSession } from 'express-session';

import { sha256, showThrown, type Turns } from '#core';

import { SessionExchange, type SessionValues } from '../session-exchange.js';
import { type StoredSession } from '../session-store.js';
import { assertJson, mergeValues } from '../session-values.js';
import {
  NoSessionError,
  SessionConflictError,
  SessionInterruptedError,
  SessionTooLateError,
} from '../sessions.errors.js';
import { type ExpressSessionParts, type StoreBridge } from './express-session.driver.js';
import { DEFERRED_SESSION } from './request-exchange.js';
import { type SessionCookie } from './session-cookie.js';

/** A session as the store gave it. */
export interface LoadedSession extends StoredSession {
  readonly id: string;
}

/** What the exchanges of all requests share. */
export interface ExpressWiring extends ExpressSessionParts {
  readonly bridge: StoreBridge;
  readonly cookie: SessionCookie;
  readonly logger: Logger;
  /** Requests of one session save one after another, by its key. */
  readonly turns: Turns;
}

/** How often a save starts again because another process saved the same session in between. */
const ATTEMPTS = 20;
const EMPTY = '{}';

/** Headers that describe a response which an error page replaces. */
const STALE_HEADERS = [
  'Content-Length',
  'Content-Encoding',
  'Content-Disposition',
  'ETag',
  'Last-Modified',
  'Location',
];

/**
 * One request's dealings with its session. Saving happens when the response ends but before any of it leaves, so that
 * a browser that follows a redirect finds what was saved, and a failure becomes an error page.
 */
export class ExpressExchange extends SessionExchange {
  private started = false;
  private varied = false;
  private loaded: LoadedSession | undefined;
  private saved: string | undefined;
  /** The id in the visitor's cookie. */
  private known: string | undefined;
  private readonly retired: string[] = [];

  constructor(
    private readonly request: Request,
    private readonly response: Response,
    private readonly wiring: ExpressWiring,
    private readonly next: NextFunction,
  ) {
    super();
  }

  /** Loads the session of the id in the cookie, then goes on with the request; one that is unknown counts as none. */
  async load(id: string): Promise<void> {
    let stored: StoredSession | undefined;
    try {
      stored = await this.wiring.store.read(sha256(id));
    } catch (error) {
      return this.next(error);
    }
    if (!stored) return this.defer();
    this.known = id;
    this.keep({ id, ...stored });
    this.wiring.bridge.inflate(this.request, id, stored.values);
    this.begin();
    this.next();
  }

  /** Goes on with the request; a session starts when somebody writes to it, or uses `request.session` directly. */
  defer(): void {
    Object.defineProperty(this.request, 'session', DEFERRED_SESSION);
    this.next();
  }

  /** What `request.session` is where none was loaded: a new one, as long as its cookie can be sent. */
  offered(): ExpressSession | undefined {
    return this.response.headersSent ? undefined : this.start();
  }

  /** Puts something else in the place of `request.session`. */
  replace(value: unknown): void {
    Object.defineProperty(this.request, 'session', { configurable: true, writable: true, enumerable: true, value });
  }

  get stored(): boolean {
    return this.loaded !== undefined && this.current()?.id === this.loaded.id;
  }

  id(): string {
    return this.session().id;
  }

  peek(): SessionValues | undefined {
    this.vary();
    return this.current() as SessionValues | undefined;
  }

  open(): SessionValues {
    this.vary();
    return this.session() as unknown as SessionValues;
  }

  async renew(): Promise<void> {
    const { cookie: _, ...values } = { ...this.open() };
    if (this.loaded) this.retired.push(this.loaded.id);
    this.loaded = undefined;
    this.saved = undefined;
    this.wiring.bridge.generate(this.request);
    Object.assign(this.request.session, values);
  }

  async end(): Promise<void> {
    const doomed = [...this.retired.splice(0), ...(this.loaded ? [this.loaded.id] : [])];
    if (this.current()) this.drop();
    for (const id of doomed) await this.wiring.store.destroy(sha256(id));
  }

  /** Whether the store holds exactly what the session holds. */
  isSaved(): boolean {
    const session = this.current();
    return !session || (this.stored && JSON.stringify(valuesOf(session)) === this.saved);
  }

  /** Saves the session now. */
  async save(): Promise<void> {
    const session = this.session();
    const values = valuesOf(session);
    const text = JSON.stringify(values);
    for (const [key, value] of Object.entries(values)) if (value !== undefined) assertJson(value, key);
    const kept = this.stored ? await this.updateInTurn(text) : await this.create(session.id, text);
    for (const id of this.retired.splice(0)) await this.wiring.store.destroy(sha256(id));
    if (kept === EMPTY) await this.end();
  }

  private current(): ExpressSession | undefined {
    return this.started ? this.request.session : undefined;
  }

  private session(): ExpressSession {
    if (!this.started) return this.start();
    if (this.request.session) return this.request.session;
    this.assertHeadersOpen();
    this.wiring.bridge.generate(this.request);
    return this.request.session;
  }

  private start(): ExpressSession {
    this.assertHeadersOpen();
    if (!this.request.originalUrl.startsWith(this.wiring.config.cookie.path))
      throw new NoSessionError(`The path ${this.request.path}`);
    Reflect.deleteProperty(this.request, 'session');
    this.wiring.bridge.generate(this.request);
    this.begin();
    return this.request.session;
  }

  private assertHeadersOpen(): void {
    if (this.response.headersSent) throw new SessionTooLateError();
  }

  /** From here on the end of the response saves the session first, and the headers carry the cookie of a new one. */
  private begin(): void {
    this.started = true;
    const { response } = this;
    const { end, writeHead } = response as Record<'end' | 'writeHead', (...args: unknown[]) => Response>;
    response.writeHead = (...args: unknown[]) => {
      response.writeHead = writeHead;
      this.announce();
      return writeHead.apply(response, args);
    };
    response.end = ((...args: unknown[]) => {
      response.end = end as Response['end'];
      const work = this.finish();
      if (!work) return end.apply(response, args);
      work.then(
        () => end.apply(response, args),
        (error: unknown) => this.fail(error, () => end.apply(response, args)),
      );
      return response;
    }) as Response['end'];
  }

  /** A session with an id that the visitor does not know, and with values, is made known. */
  private announce(): void {
    const session = this.current();
    if (session && session.id !== this.known && JSON.stringify(valuesOf(session)) !== EMPTY)
      this.sendCookie(session.id);
  }

  /** What is left to do before the response may leave, or undefined. */
  private finish(): Promise<void> | undefined {
    if (this.response.statusCode >= 500) return this.abandon();
    const session = this.current();
    if (!session) return this.clearCookie();
    const text = JSON.stringify(valuesOf(session));
    if (this.stored && text === this.saved) return this.isDue() ? this.touch(session.id) : undefined;
    if (!this.stored && text === EMPTY && this.retired.length === 0) return undefined;
    return this.saveBeforeEnd();
  }

  private async saveBeforeEnd(): Promise<void> {
    this.vary();
    await this.save();
    if (!this.current()) this.clearCookie();
  }

  /** A server error keeps nothing: what the request did to the session may be half done. */
  private abandon(): undefined {
    if (this.current()) this.drop();
    return undefined;
  }

  private keep(loaded: LoadedSession): void {
    this.loaded = loaded;
    this.saved = loaded.values;
  }

  private drop(): void {
    this.loaded = undefined;
    this.saved = undefined;
    (this.request as { session?: unknown }).session = undefined;
  }

  private async create(id: string, text: string): Promise<string> {
    const content = { values: text, expiresAt: this.expiry() };
    if (text !== EMPTY) await this.wiring.store.create(sha256(id), content);
    this.keep({ id, ...content, revision: 1 });
    return text;
  }

  /** A visitor's parallel requests would only make each other start again. */
  private updateInTurn(text: string): Promise<string> {
    return this.wiring.turns.take(this.loaded!.id, () => this.update(text));
  }

  /** Saves over the row that was loaded. Where another request was faster, only this one's own changes go on top. */
  private async update(text: string): Promise<string> {
    const base = this.loaded!;
    const key = sha256(base.id);
    let theirs: StoredSession = base;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const values = theirs === base ? text : mergeValues(base.values, text, theirs.values);
      const content = { values, expiresAt: this.expiry() };
      const outcome = await this.wiring.store.update(key, content, theirs.revision);
      if (outcome === 'saved') {
        this.keep({ id: base.id, ...content, values: text, revision: theirs.revision + 1 });
        if (!this.wiring.config.endsWithBrowser) this.sendCookie(base.id);
        return values;
      }
      const found = outcome === 'gone' ? undefined : await this.wiring.store.read(key);
      if (!found) throw new SessionInterruptedError();
      theirs = found;
    }
    throw new SessionConflictError(ATTEMPTS);
  }

  private isDue(): boolean {
    const { maxAge, renewAfter } = this.wiring.config;
    const left = this.loaded!.expiresAt.getTime() - this.wiring.clock.now().getTime();
    return renewAfter < 1 && maxAge - left >= maxAge * renewAfter;
  }

  private async touch(id: string): Promise<void> {
    try {
      await this.wiring.store.touch(sha256(id), this.expiry());
      this.sendCookie(id);
    } catch (error) {
      this.wiring.logger.error(`A session could not be renewed\n${showThrown(error)}`);
    }
  }

  private clearCookie(): undefined {
    if (this.wiring.cookie.isIn(this.request)) this.sendCookie('');
    return undefined;
  }

  private sendCookie(id: string): void {
    if (this.response.headersSent) return;
    this.vary();
    this.wiring.cookie.send(this.request, this.response, id);
    this.known = id;
  }

  private fail(error: unknown, end: () => void): void {
    if (this.response.headersSent) {
      this.wiring.logger.error(`A session could not be saved, and its response had started\n${showThrown(error)}`);
      return end();
    }
    this.drop();
    for (const name of STALE_HEADERS) this.response.removeHeader(name);
    this.next(error);
  }

  private expiry(): Date {
    return new Date(this.wiring.clock.now().getTime() + this.wiring.config.maxAge);
  }

  private vary(): void {
    if (this.varied || this.response.headersSent) return;
    this.varied = true;
    if (this.response.hasHeader('Vary')) this.response.vary('Cookie');
    else this.response.setHeader('Vary', 'Cookie');
  }
}

function valuesOf(session: ExpressSession): SessionValues {
  const { cookie: _, ...values } = session as unknown as SessionValues;
  return values;
}
