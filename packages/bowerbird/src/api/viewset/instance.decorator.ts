import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { APPLICATION, contextValue, NoContextError } from '#core';
import { type HttpRequest } from '#http';

import { ActionRows } from './actions/action-rows.js';

/**
 * The row that the address of a detail action names, as a parameter: `publish(@Instance() post: Post)`. Rows out of scope
 * are not found, and the access rule of the action is asked for the row.
 */
export const Instance = createParamDecorator((_: unknown, context: ExecutionContext): Promise<object> => {
  const application = contextValue(APPLICATION);
  if (!application) throw new NoContextError();
  const request = context.switchToHttp().getRequest<HttpRequest>();
  return application.get(ActionRows).named(context.getClass<object>(), context.getHandler().name, request);
});
