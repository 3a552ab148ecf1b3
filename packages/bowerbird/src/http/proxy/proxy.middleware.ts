import { Injectable } from '@nestjs/common';

import { type HttpHandler, type HttpRequest } from '../http-request.js';
import { HttpConfig } from '../http.options.js';
import { Slot } from '../slots.js';
import { HttpMiddleware, HttpMiddlewareProvider } from '../stack/http-middleware.decorator.js';
import { AddressRanges } from './address-ranges.js';
import { clientOf, readForwarded, readXForwarded, type Hop } from './forwarded.js';

type Socketed = HttpRequest & { readonly socket: { readonly remoteAddress?: string } };

/** Replaces address, protocol and host of a request by those of the real client, where a declared proxy tells them. */
@HttpMiddleware({ slot: Slot.Proxy, requires: [Slot.Context] })
@Injectable()
export class ProxyMiddleware extends HttpMiddlewareProvider {
  constructor(private readonly config: HttpConfig) {
    super();
  }

  createHandler(): HttpHandler | null {
    if (this.config.trustedProxies.length === 0) return null;
    const trusted = new AddressRanges(this.config.trustedProxies);
    const readHops = this.config.proxyHeaders === 'forwarded' ? forwardedHops : xForwardedHops;
    return (request, _response, next) => {
      const address = (request as Socketed).socket.remoteAddress ?? '';
      if (trusted.includes(address)) {
        const client = clientOf(address, readHops(request), trusted);
        if (client.address !== undefined) overwrite(request, 'ip', client.address);
        if (client.protocol !== undefined) overwrite(request, 'protocol', client.protocol);
        if (client.host !== undefined) overwrite(request, 'host', client.host);
      }
      next();
    };
  }
}

function xForwardedHops(request: HttpRequest): readonly Hop[] {
  return readXForwarded((name) => request.get(name));
}

function forwardedHops(request: HttpRequest): readonly Hop[] {
  return readForwarded(request.get('forwarded'));
}

/** Express computes these with getters of the prototype; `secure` and `hostname` follow from them. */
function overwrite(request: HttpRequest, name: 'ip' | 'protocol' | 'host', value: string): void {
  Object.defineProperty(request, name, { value, configurable: true, enumerable: true });
}
