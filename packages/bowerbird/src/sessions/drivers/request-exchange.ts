import { type Request } from 'express';

import { type ExpressExchange } from './express-exchange.js';

/** Where a request keeps its exchange. A WeakMap of requests costs more in garbage collection than all else here. */
const EXCHANGE = Symbol('session exchange');

type Carrier = Request & { [EXCHANGE]?: ExpressExchange };

export function keepExchange(request: Request, exchange: ExpressExchange): void {
  (request as Carrier)[EXCHANGE] = exchange;
}

/** A request's dealings with its session; undefined for one that no session was sought for. */
export function exchangeOf(request: Request): ExpressExchange | undefined {
  return (request as Carrier)[EXCHANGE];
}

/**
 * `request.session` of a request that has none yet. One pair of functions for all requests: an object with accessors of its
 * own has a hidden class of its own too, which keeps all that hangs on it until the next full collection of garbage.
 */
export const DEFERRED_SESSION: PropertyDescriptor & ThisType<Request> = {
  configurable: true,
  get() {
    return exchangeOf(this)?.offered();
  },
  set(value: unknown) {
    exchangeOf(this)?.replace(value);
  },
};
