import { DiscoveryService } from '@nestjs/core';

import { type HttpHandler } from '../http-request.js';

/** Where a middleware stands in the pipeline. */
export interface HttpMiddlewareOptions {
  /** A number of `Slot`, or a free number beside them; each number is taken once. */
  readonly slot: number;
  /** Slots that must be filled and come before this one. */
  readonly requires?: readonly number[];
}

/** Puts an {@link HttpMiddlewareProvider} into the request pipeline. */
export const HttpMiddleware = DiscoveryService.createDecorator<HttpMiddlewareOptions>();

/** A provider that contributes one step of the request pipeline; marked with {@link HttpMiddleware}. */
export abstract class HttpMiddlewareProvider {
  /**
   * Called once, after all modules are initialized. Resolve options here, so that the handler is a closure over what it
   * needs. Null switches the step off: it costs nothing.
   */
  abstract createHandler(): HttpHandler | null;
}
