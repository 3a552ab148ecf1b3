import { IncomingMessage, ServerResponse } from 'node:http';

import { type AbstractHttpAdapter } from '@nestjs/core';

/** What an Express application gives the requests and responses of its server as their prototypes. */
interface ExpressPrototypes {
  readonly request?: object;
  readonly response?: object;
}

/** A constructor that is a plain function, as those of Node's messages are. */
type Constructor = (this: object, ...parameters: unknown[]) => void;

/**
 * Lets the server make requests and responses that have Express' prototypes from the start. Express changes the prototypes
 * of messages that are there already; what is added to such an object gives it hidden classes of its own, and these keep it,
 * with all that hangs on it, until the next full collection of garbage.
 *
 * Node takes the classes of messages as options of the server
 * (https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener); Nest makes it without, so that they are put
 * where the server holds them. Where it holds none, or others than Node's own, all stays as it is. Requests to upgrade have
 * Express' getters as well.
 */
export function shapeMessages(adapter: AbstractHttpAdapter): void {
  const server = adapter.getHttpServer() as Record<symbol, unknown>;
  const { request, response } = adapter.getInstance<ExpressPrototypes>();
  if (request) replaceClass(server, 'IncomingMessage', IncomingMessage, request);
  if (response) replaceClass(server, 'ServerResponse', ServerResponse, response);
}

function replaceClass(server: Record<symbol, unknown>, name: string, standard: object, prototype: object): void {
  const key = Object.getOwnPropertySymbols(server).find(({ description }) => description === name);
  if (key && server[key] === standard && isPlainFunction(standard))
    server[key] = withPrototype(standard as Constructor, prototype);
}

function withPrototype(make: Constructor, prototype: object): Constructor {
  // A constructor has two parameters at most; a rest parameter would make a list for each message.
  function Message(this: object, first: unknown, second: unknown): void {
    make.call(this, first, second);
  }
  Message.prototype = prototype;
  // As with Node's own subclasses: V8 reserves room for the properties of all constructors above.
  return Object.setPrototypeOf(Message, make) as Constructor;
}

/** Classes cannot be called for an object that is there. */
function isPlainFunction(value: object): boolean {
  return /^function\b/.test(Function.prototype.toString.call(value));
}
