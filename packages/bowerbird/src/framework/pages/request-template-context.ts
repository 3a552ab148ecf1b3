import { contextValue, REQUEST_ID } from '#core';
import { currentRequest } from '#http';
import { TemplateContext, TemplateContextProvider } from '#templates';

/** What templates may know of the request as `request`; all empty outside of one. */
@TemplateContext()
export class RequestTemplateContext extends TemplateContextProvider {
  values(): object {
    return { request: describeRequest() };
  }
}

function describeRequest(): {
  readonly method: string;
  readonly path: string;
  readonly fullPath: string;
  readonly id: string;
} {
  const request = currentRequest();
  return {
    method: request?.method ?? '',
    path: request?.path ?? '',
    fullPath: request?.originalUrl ?? '',
    id: contextValue(REQUEST_ID) ?? '',
  };
}
