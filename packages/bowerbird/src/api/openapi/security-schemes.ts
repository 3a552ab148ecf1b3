import { Injectable, Optional } from '@nestjs/common';

import { type AnyClass } from '#core';
import { isCsrfExempt, SecurityConfig } from '#security';
import { SessionsConfig } from '#sessions';

import { type OperationObject } from './openapi-document.js';

/** The header that carries the token against forged requests. */
export const CSRF_HEADER = 'X-CSRF-Token';

/** How clients prove who they are, and that nobody forged their requests. */
@Injectable()
export class SecuritySchemes {
  constructor(
    @Optional() private readonly sessions?: SessionsConfig,
    @Optional() private readonly security?: SecurityConfig,
  ) {}

  /** The schemes that operations name. */
  all(): Readonly<Record<string, object>> {
    const name = this.sessions?.cookie.name;
    const session = { type: 'apiKey', in: 'cookie', name, description: 'The cookie of a login.' };
    const csrf = { type: 'apiKey', in: 'header', name: CSRF_HEADER, description: 'The token of a page or a session.' };
    return { ...(name !== undefined && { session }), ...(this.security && { csrf }) };
  }

  /** What an action of a viewset asks for. Visitors have nothing that could be forged. */
  ofAction(isPublic: boolean, isSafe: boolean): OperationObject['security'] {
    return isPublic ? [] : this.needing(true, !isSafe);
  }

  /** What a handler of another controller asks for. */
  of(controller: AnyClass, method: string, isPublic: boolean, isSafe: boolean): OperationObject['security'] {
    const handler = (controller.prototype as Record<string, object | undefined>)[method] ?? {};
    return this.needing(!isPublic, !isSafe && !isCsrfExempt(controller, handler));
  }

  private needing(login: boolean, token: boolean): OperationObject['security'] {
    const needs = {
      ...(login && this.sessions && { session: [] }),
      ...(token && this.security && { csrf: [] }),
    };
    return Object.keys(needs).length > 0 ? [needs] : [];
  }
}
