import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { Injectable } from '@nestjs/common';

import { HttpConfig } from '../http.options.js';

/**
 * Holds back `100 Continue` (RFC 9110, section 10.1.1) until the headers of a request have passed the limits, so that
 * a body that is too large is never sent. Node alone would answer at once.
 */
@Injectable()
export class ExpectContinue {
  private readonly waiting = new WeakSet<object>();

  constructor(private readonly config: HttpConfig) {}

  /** Takes over from Node, unless the application has its own listener. */
  listen(server: Server): void {
    if (server.listenerCount('checkContinue') > 0) return;
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      const [path = ''] = (request.url ?? '').split('?', 1);
      if (this.config.serves(path)) this.waiting.add(request);
      else response.writeContinue();
      server.emit('request', request, response);
    });
  }

  /** Lets the client send the body. */
  proceed(request: object, response: object): void {
    if (this.waiting.delete(request)) (response as ServerResponse).writeContinue();
  }

  /** Whether the client is still waiting, and so will send nothing after a refusal. */
  isWaiting(request: object): boolean {
    return this.waiting.has(request);
  }
}
