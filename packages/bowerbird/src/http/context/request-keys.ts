import { ContextKey, contextValue } from '#core';

import { type HttpRequest, type HttpResponse } from '../http-request.js';

export const HTTP_REQUEST = new ContextKey<HttpRequest>('http request');
export const HTTP_RESPONSE = new ContextKey<HttpResponse>('http response');

/** The request that is being answered, or undefined outside of one. */
export function currentRequest(): HttpRequest | undefined {
  return contextValue(HTTP_REQUEST);
}

/** The response to the request that is being answered, or undefined outside of one. */
export function currentResponse(): HttpResponse | undefined {
  return contextValue(HTTP_RESPONSE);
}
