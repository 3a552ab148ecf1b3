import { type IncomingMessage } from 'node:http';

import { Injectable, Logger } from '@nestjs/common';

import { type HttpHandler, type HttpRequest } from '../http-request.js';
import { DisallowedHostError } from '../http.errors.js';
import { HttpConfig } from '../http.options.js';
import { Slot } from '../slots.js';
import { HttpMiddleware, HttpMiddlewareProvider } from '../stack/http-middleware.decorator.js';
import { hostMatcher, hostName } from './host-pattern.js';

/**
 * Refuses requests for other hosts, so that a forged `Host` header can reach neither links in mails nor shared caches.
 * Health routes answer for any host: load balancers ask them by address.
 */
@HttpMiddleware({ slot: Slot.Hosts, requires: [Slot.Context] })
@Injectable()
export class HostsMiddleware extends HttpMiddlewareProvider {
  private readonly logger = new Logger('Hosts');

  constructor(private readonly config: HttpConfig) {
    super();
  }

  createHandler(): HttpHandler {
    const allowed = hostMatcher(this.config.servedHosts);
    const health = this.config.health;
    let lastAllowed: string | undefined;
    return (request, _response, next) => {
      if (namesTwoHosts(request)) return next(this.refuse('', undefined));
      const header = request.host as string | undefined;
      if (header !== undefined && header === lastAllowed) return next();
      const name = header === undefined ? undefined : hostName(header);
      if (name !== undefined && allowed(name)) {
        lastAllowed = header;
        return next();
      }
      if (health && request.path.startsWith('/health/')) return next();
      next(this.refuse(header ?? '', name));
    };
  }

  private refuse(header: string, name: string | undefined): DisallowedHostError {
    const shown = header.slice(0, 200);
    const hint = name === undefined ? undefined : `Add "${name}" to settings.http.allowedHosts`;
    this.logger.warn(`Refused a request for the host ${JSON.stringify(shown)}${hint ? `. ${hint}` : ''}`);
    return new DisallowedHostError('This host is not served here', hint === undefined ? {} : { hint });
  }
}

/** RFC 9112, section 3.2: Node keeps the first of several `Host` headers, while a proxy may have looked at another. */
function namesTwoHosts(request: HttpRequest): boolean {
  const { rawHeaders } = request as HttpRequest & Pick<IncomingMessage, 'rawHeaders'>;
  let found = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === 4 && name.toLowerCase() === 'host') found += 1;
  }
  return found > 1;
}
