import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { APPLICATION, Context, QUERY_LOG, REQUEST_ID, runInside, type ApplicationHandle } from '#core';

import { type HttpHandler } from '../http-request.js';
import { HttpConfig } from '../http.options.js';
import { GracefulShutdown } from '../shutdown/graceful-shutdown.js';
import { RequestSignals } from '../signals/request-signals.js';
import { Slot } from '../slots.js';
import { HttpMiddleware, HttpMiddlewareProvider } from '../stack/http-middleware.decorator.js';
import { BoundedQueryLog } from './bounded-query-log.js';
import { requestId } from './request-id.js';
import { HTTP_REQUEST, HTTP_RESPONSE } from './request-keys.js';

/** Opens the ambient context of a request: its id, itself, its response and the application. */
@HttpMiddleware({ slot: Slot.Context })
@Injectable()
export class ContextMiddleware extends HttpMiddlewareProvider {
  constructor(
    private readonly modules: ModuleRef,
    private readonly config: HttpConfig,
    private readonly shutdown: GracefulShutdown,
    private readonly signals: RequestSignals,
  ) {
    super();
  }

  createHandler(): HttpHandler {
    const application: ApplicationHandle = { get: (token) => this.modules.get(token as never, { strict: false }) };
    const logQueries = !this.config.production;
    return (request, response, next) => {
      const id = requestId(request.headers['x-request-id']);
      // A new root: nothing of the scope in which the server was started may be seen by requests.
      const context = new Context();
      context.set(REQUEST_ID, id);
      context.set(HTTP_REQUEST, request);
      context.set(HTTP_RESPONSE, response);
      context.set(APPLICATION, application);
      if (logQueries) context.set(QUERY_LOG, new BoundedQueryLog());
      response.setHeader('X-Request-Id', id);
      if (this.shutdown.draining) response.setHeader('Connection', 'close');
      return runInside(context, () => this.signals.begin(request, response, next));
    };
  }
}
