import { Injectable, Logger } from '@nestjs/common';
import Tokens from 'csrf';

import { appendCookie, contextValue, formatCookie, readCookie, REQUEST_ID, Signer } from '#core';
import { currentRequest, currentResponse, formValue, type HttpRequest, type HttpResponse } from '#http';
import { currentSession } from '#sessions';

import { CsrfError, NoCsrfRequestError } from '../security.errors.js';
import { SecurityConfig, type CsrfConfig } from '../security.options.js';
import { type CsrfReason } from './csrf-reason.js';
import { originProblem, TrustedOrigins } from './origins.js';
import { TokenProofs } from './token-proofs.js';

/**
 * Methods that change nothing. Forms cannot send QUERY (RFC 10008), and scripts of other sites only after the browser has
 * asked this one (https://fetch.spec.whatwg.org/#cors-safelisted-method); so it is at most as open to forgery as GET.
 */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY', 'TRACE']);
const SALT = 'security.csrf';
const SESSION_KEY = '_csrf';
/** As the library writes it: a salt of letters and digits, a dash, and a base64url digest. */
const TOKEN = /^[A-Za-z0-9]{8,64}-[\w-]{20,64}$/;

/** What a request's CSRF cookie turned out to be. */
interface CookieSecret {
  readonly secret: string | undefined;
  readonly problem: 'no-cookie' | 'bad-cookie';
}

/**
 * Protection against cross-site request forgery. A logged-in visitor's secret lives in the session and changes with each
 * login; an anonymous visitor's lives in a signed cookie, so that showing a form makes no session. Pages carry tokens
 * made from the secret, a different one each time (against BREACH).
 */
@Injectable()
export class Csrf {
  /** The form field that carries the token. */
  readonly fieldName = '_csrf';
  /** The header that carries the token, for scripts. */
  readonly headerName = 'x-csrf-token';

  private readonly logger = new Logger('Csrf');
  private readonly tokens = new Tokens({ saltLength: 16, secretLength: 24 });
  private readonly proofs = new TokenProofs(this.tokens);
  private readonly trusted: TrustedOrigins;
  private readonly fresh = new WeakMap<HttpRequest, string>();
  /** Requests whose token was found right; it is asked for by the middleware and by guards of their own. */
  private readonly proven = new WeakSet<HttpRequest>();

  constructor(
    private readonly config: SecurityConfig,
    private readonly signer: Signer,
  ) {
    this.trusted = new TrustedOrigins(config.csrf.trustedOrigins);
  }

  /** A token for a form of the page that is being made. @throws NoCsrfRequestError outside of a request */
  token(): string {
    const { request, response } = exchange();
    return this.tokens.create(this.secretOf(request) ?? this.issue(request, response));
  }

  /**
   * Makes every earlier token of the visitor worthless and keeps the new secret in the session. Called at login: a token
   * that was obtained before cannot be used with the visitor's new rights.
   */
  rotate(): void {
    const { request, response } = exchange();
    const session = currentSession();
    if (!session) {
      this.issue(request, response);
      return;
    }
    session.set(SESSION_KEY, this.tokens.secretSync());
    if (this.cookieSecret(request).secret) this.sendCookie(response, '', 0);
    this.fresh.delete(request);
    this.proven.delete(request);
  }

  /** Why a request must be refused, or null. Safe methods (RFC 9110, section 9.2.1) always pass. */
  check(request: HttpRequest): CsrfReason | null {
    if (SAFE_METHODS.has(request.method) || this.proven.has(request)) return null;
    const problem = originProblem(request, this.trusted) ?? this.tokenProblem(request);
    if (!problem) this.proven.add(request);
    return problem;
  }

  /** Logs the refusal. @returns the error to raise */
  refuse(request: HttpRequest, reason: CsrfReason): CsrfError {
    const id = contextValue(REQUEST_ID);
    this.logger.warn(`Refused ${request.method} ${request.path}: ${reason}${id ? ` (request ${id})` : ''}`);
    return new CsrfError(reason);
  }

  private tokenProblem(request: HttpRequest): CsrfReason | null {
    const inSession = sessionSecret();
    const { secret, problem } = inSession ? { secret: inSession } : this.cookieSecret(request);
    if (!secret) return problem!;
    const token = formValue(request, this.fieldName) ?? request.get(this.headerName);
    if (!token) return 'missing-token';
    if (!TOKEN.test(token)) return 'malformed-token';
    return this.proofs.holds(secret, token) ? null : 'wrong-token';
  }

  private secretOf(request: HttpRequest): string | undefined {
    return sessionSecret() ?? this.fresh.get(request) ?? this.cookieSecret(request).secret;
  }

  private cookieSecret(request: HttpRequest): CookieSecret {
    const value = readCookie(request.headers.cookie, this.cookie.name);
    if (value === undefined) return { secret: undefined, problem: 'no-cookie' };
    try {
      return { secret: this.signer.unsign(SALT, value), problem: 'no-cookie' };
    } catch {
      return { secret: undefined, problem: 'bad-cookie' };
    }
  }

  /** A new secret, kept in the cookie. */
  private issue(request: HttpRequest, response: HttpResponse): string {
    const secret = this.tokens.secretSync();
    this.fresh.set(request, secret);
    this.sendCookie(response, this.signer.sign(SALT, secret), this.cookie.maxAge);
    return secret;
  }

  private sendCookie(response: HttpResponse, value: string, maxAge: number): void {
    if (response.headersSent) return;
    response.vary('Cookie');
    appendCookie(response, formatCookie(this.cookie.name, value, { ...this.cookie, maxAge, httpOnly: true }));
  }

  private get cookie(): CsrfConfig['cookie'] {
    return this.config.csrf.cookie;
  }
}

function sessionSecret(): string | undefined {
  return currentSession()?.get<string>(SESSION_KEY);
}

function exchange(): { readonly request: HttpRequest; readonly response: HttpResponse } {
  const [request, response] = [currentRequest(), currentResponse()];
  if (!request || !response) throw new NoCsrfRequestError();
  return { request, response };
}
