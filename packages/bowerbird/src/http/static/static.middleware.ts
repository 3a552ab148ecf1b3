import { Injectable } from '@nestjs/common';

import { type HttpHandler } from '../http-request.js';
import { BadRequestError, MethodNotAllowedError, NotFoundError } from '../http.errors.js';
import { HttpConfig } from '../http.options.js';
import { sendReply } from '../reply/send-reply.js';
import { Slot } from '../slots.js';
import { HttpMiddleware, HttpMiddlewareProvider } from '../stack/http-middleware.decorator.js';
import { StaticFiles } from './static-files.js';

/** Answers requests below the static prefix. */
@HttpMiddleware({ slot: Slot.Static, requires: [Slot.Context] })
@Injectable()
export class StaticMiddleware extends HttpMiddlewareProvider {
  constructor(
    private readonly config: HttpConfig,
    private readonly files: StaticFiles,
  ) {
    super();
  }

  createHandler(): HttpHandler {
    const { prefix } = this.config.static;
    return (request, response, next) => {
      if (!request.url.startsWith(prefix)) return next();
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return next(new MethodNotAllowedError(request.method, ['GET', 'HEAD']));
      return this.serve(request, response, fileName(request.url, prefix), next);
    };
  }

  private async serve(...[request, response, name, next]: ServeArguments): Promise<void> {
    if (name === undefined) return next(new BadRequestError('The address is not percent-encoded UTF-8'));
    const reply = await this.files.reply(request, name);
    if (reply) sendReply(response, reply);
    else next(new NotFoundError('There is no such file'));
  }
}

type ServeArguments = [...Parameters<HttpHandler>] extends [infer Request, infer Response, infer Next]
  ? [request: Request, response: Response, name: string | undefined, next: Next]
  : never;

/** The decoded name in an address, or undefined when it cannot be decoded or holds a NUL character. */
function fileName(url: string, prefix: string): string | undefined {
  try {
    const name = decodeURIComponent(url.slice(prefix.length).split(/[?#]/, 1)[0]!);
    return name.includes('\0') ? undefined : name;
  } catch {
    return undefined;
  }
}
