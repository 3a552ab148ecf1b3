import { HttpMiddleware, HttpMiddlewareProvider, Slot, type HttpHandler, type HttpRequest } from '#http';

import { SecurityConfig } from '../security.options.js';
import { CsrfExemptions } from './csrf-exemptions.js';
import { CsrfVerdicts } from './csrf-verdicts.js';
import { Csrf } from './csrf.js';

/** What the middleware adds to a request, as csurf did. */
export interface CsrfRequest extends HttpRequest {
  /** A token for a form; a different one each time. */
  csrfToken(): string;
}

/** Refuses requests that were not proven to come from a page of this site. */
@HttpMiddleware({ slot: Slot.Csrf, requires: [Slot.Context, Slot.Proxy, Slot.Limits] })
export class CsrfMiddleware extends HttpMiddlewareProvider {
  constructor(
    private readonly config: SecurityConfig,
    private readonly csrf: Csrf,
    private readonly exemptions: CsrfExemptions,
    private readonly verdicts: CsrfVerdicts,
  ) {
    super();
  }

  createHandler(): HttpHandler | null {
    if (!this.config.csrf.enabled) return null;
    const { csrf, verdicts } = this;
    const mayBeExempt = this.exemptions.createTest();
    const token = () => csrf.token();
    return (request, _response, next) => {
      (request as CsrfRequest).csrfToken = token;
      const reason = csrf.check(request);
      if (!reason) return next();
      if (!mayBeExempt?.(request.method, request.path)) return next(csrf.refuse(request, reason));
      verdicts.postpone(request, reason);
      next();
    };
  }
}
