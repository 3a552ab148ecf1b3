import { currentContext } from '#core';
import {
  HttpConfig,
  HttpMiddleware,
  HttpMiddlewareProvider,
  Slot,
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
} from '#http';

import { ContentSecurityPolicy } from '../csp/content-security-policy.js';
import { CSP_RESPONSE, CspResponse } from '../csp/csp-response.js';
import { type CspDirectives } from '../csp/csp.js';
import { SecurityConfig } from '../security.options.js';
import { hstsHeader, staticHeaders } from './static-headers.js';

type Step = (request: HttpRequest, response: HttpResponse) => void;

/** Sends the security headers, and plain http to https where that is asked for. */
@HttpMiddleware({ slot: Slot.Headers, requires: [Slot.Context, Slot.Proxy] })
export class SecurityHeadersMiddleware extends HttpMiddlewareProvider {
  constructor(
    private readonly config: SecurityConfig,
    private readonly http: HttpConfig,
  ) {
    super();
  }

  createHandler(): HttpHandler {
    const steps = [this.headersStep(), this.hstsStep(), this.policyStep()].filter((step) => step !== null);
    const redirect = this.redirect();
    return (request, response, next) => {
      response.removeHeader('X-Powered-By');
      for (const step of steps) step(request, response);
      if (!redirect?.(request, response)) next();
    };
  }

  private headersStep(): Step | null {
    const headers = this.config.headers ? staticHeaders(this.config.headers) : [];
    if (headers.length === 0) return null;
    return (_request, response) => {
      for (const [name, value] of headers) if (response.getHeader(name) === undefined) response.setHeader(name, value);
    };
  }

  private hstsStep(): Step | null {
    if (!this.config.https.hsts) return null;
    const [name, value] = hstsHeader(this.config.https.hsts);
    return (request, response) => {
      if (request.secure && response.getHeader(name) === undefined) response.setHeader(name, value);
    };
  }

  private policyStep(): Step | null {
    const [enforced, reported] = [this.config.csp, this.config.cspReportOnly].map(compile) as [Policy, Policy];
    if (!enforced && !reported) return null;
    return (_request, response) => {
      currentContext()?.set(CSP_RESPONSE, new CspResponse(response, enforced, reported));
    };
  }

  /** Answers a request over plain http, and says whether it did. 308 keeps the method of one that has a body. */
  private redirect(): ((request: HttpRequest, response: HttpResponse) => boolean) | null {
    const { redirect, redirectHost } = this.config.https;
    if (!redirect) return null;
    // Load balancers ask for health over plain http and under any host, which must not become the target of a redirect.
    const exempt = [...this.config.https.redirectExempt, ...(this.http.health ? ['/health/'] : [])];
    return (request, response) => {
      if (request.secure || exempt.some((path) => request.path.startsWith(path))) return false;
      const permanent = request.method === 'GET' || request.method === 'HEAD' ? 301 : 308;
      response.redirect(
        permanent,
        `https://${redirectHost ?? request.host.replace(/:\d+$/, '')}${request.originalUrl}`,
      );
      return true;
    };
  }
}

type Policy = ContentSecurityPolicy | null;

function compile(directives: CspDirectives | null): Policy {
  return directives && new ContentSecurityPolicy(directives);
}
