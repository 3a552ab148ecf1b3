import { html, TemplateContext, TemplateContextProvider, type SafeHtml } from '#templates';

import { cspNonce } from './csp/csp-response.js';
import { Csrf } from './csrf/csrf.js';

/** Gives templates `csrfToken`, `csrfField` and `cspNonce`. Each is made only for a template that asks for it. */
@TemplateContext()
export class SecurityContext extends TemplateContextProvider {
  constructor(private readonly csrf: Csrf) {
    super();
  }

  values(): object {
    const { csrf } = this;
    return {
      get csrfToken(): string {
        return csrf.token();
      },
      get csrfField(): SafeHtml {
        return html`<input type="hidden" name="${csrf.fieldName}" value="${csrf.token()}" />`;
      },
      get cspNonce(): string {
        return cspNonce();
      },
    };
  }
}
