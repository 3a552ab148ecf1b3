import { ContextKey, contextValue } from '#core';

import { type SessionExchange, type SessionValues } from './session-exchange.js';
import { assertJson, assertKey } from './session-values.js';

/**
 * What the application remembers of one visitor between requests. It comes into being with the first `set`, is saved
 * when the response ends and only when it changed, and is not saved when the response is a server error.
 * Values are JSON: a value that is changed in place (`session.get<string[]>('cart')?.push('7')`) counts as changed.
 */
export class Session {
  constructor(private readonly exchange: SessionExchange) {}

  /** The id in the visitor's cookie. As good as a password: never log it. */
  get id(): string {
    return this.exchange.id();
  }

  /** Whether the store does not know this session yet. */
  get isNew(): boolean {
    return !this.exchange.stored;
  }

  /** The value of a key, or undefined. */
  get<T>(key: string): T | undefined {
    const values = this.values();
    return values && Object.hasOwn(values, key) ? (values[key] as T) : undefined;
  }

  has(key: string): boolean {
    const values = this.values();
    return values !== undefined && Object.hasOwn(values, key);
  }

  /** The keys that have values. */
  keys(): readonly string[] {
    return Object.keys(this.values() ?? {}).filter((key) => key !== 'cookie');
  }

  /** Sets a value; starts the session when there is none. @throws SessionValueError, SessionKeyError, SessionTooLateError */
  set(key: string, value: unknown): void {
    assertKey(key);
    assertJson(value, key);
    this.exchange.open()[key] = value;
  }

  /** Removes a value. A session that loses its last value is destroyed when the response ends. */
  delete(key: string): void {
    assertKey(key);
    const values = this.values();
    if (values) delete values[key];
  }

  /**
   * Gives the session a new id and keeps its values; the old id stops working when the response ends. Call it whenever
   * the visitor's rights change, so that an id planted before is worth nothing (session fixation).
   */
  async cycle(): Promise<void> {
    await this.exchange.renew();
  }

  /** Ends the session at once: the store forgets it and the cookie is cleared. A later `set` starts a fresh one. */
  async destroy(): Promise<void> {
    await this.exchange.end();
  }

  private values(): SessionValues | undefined {
    return this.exchange.peek();
  }
}

/** Where the current request's session is found. */
export const SESSION = new ContextKey<Session>('session');

/** The session of the current request; undefined outside of a request and where sessions are off. */
export function currentSession(): Session | undefined {
  return contextValue(SESSION);
}
