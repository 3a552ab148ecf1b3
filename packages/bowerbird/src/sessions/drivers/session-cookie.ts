import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

import { type Request, type Response } from 'express';

import { appendCookie, constantTimeEqual, formatCookie, readCookie, type SecretKeys } from '#core';

import { type SessionsConfig } from '../sessions.options.js';

const KEY_BYTES = 32;
const PREFIX = 's:';
/** Cookies that were found to be rightly signed and need no second look; the oldest make room. */
const REMEMBERED = 1_000;

/** The cookie that carries a session's id, signed as express-session signs it: `s:id.signature`. */
export class SessionCookie {
  private readonly keys: readonly KeyObject[];
  private readonly verified = new Map<string, string>();

  constructor(
    private readonly config: SessionsConfig,
    keys: SecretKeys,
  ) {
    this.keys = keys.all.map(cookieKey);
  }

  /** The id in a request's cookie; undefined where there is no cookie or somebody else has made it. */
  read({ headers: { cookie } }: Request): string | undefined {
    const value = readCookie(cookie, this.config.cookie.name);
    if (!value?.startsWith(PREFIX)) return undefined;
    return this.verified.get(value) ?? this.verify(value);
  }

  /** Whether a request has the cookie, be it right or wrong. */
  isIn({ headers: { cookie } }: Request): boolean {
    return cookie?.includes(`${this.config.cookie.name}=`) ?? false;
  }

  /** Gives the visitor the id; an empty one takes the cookie away. Nothing is sent over http where https is asked for. */
  send(request: Request, response: Response, id: string): void {
    const { cookie, endsWithBrowser, maxAge } = this.config;
    if (cookie.secure && !request.secure) return;
    const lifetime = id === '' ? { maxAge: 0 } : endsWithBrowser ? {} : { maxAge };
    const value = id === '' ? '' : `${PREFIX}${id}.${signatureOf(id, this.keys[0]!)}`;
    appendCookie(response, formatCookie(cookie.name, value, { ...cookie, ...lifetime, httpOnly: true }));
  }

  private verify(value: string): string | undefined {
    const end = value.lastIndexOf('.');
    const [id, signature] = [value.slice(PREFIX.length, end), value.slice(end + 1)];
    if (!this.keys.some((key) => constantTimeEqual(signatureOf(id, key), signature))) return undefined;
    if (this.verified.size >= REMEMBERED) this.verified.delete(this.verified.keys().next().value!);
    this.verified.set(value, id);
    return id;
  }
}

/** The key that signs cookies, derived so that no signature made for another purpose passes here. */
function cookieKey(key: string): KeyObject {
  const derived = Buffer.from(hkdfSync('sha256', key, 'bowerbird.sessions', 'cookie', KEY_BYTES));
  return createSecretKey(Buffer.from(derived.toString('base64url')));
}

function signatureOf(id: string, key: KeyObject): string {
  return createHmac('sha256', key).update(id).digest('base64').replace(/=+$/, '');
}
