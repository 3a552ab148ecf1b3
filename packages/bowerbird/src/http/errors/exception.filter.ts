import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';

import { type HttpRequest, type HttpResponse } from '../http-request.js';
import { ErrorResponder } from './error-responder.js';

/** Answers every error of a route: a page for browsers, a problem document (RFC 9457) for everybody else. */
@Injectable()
@Catch()
export class HttpExceptionFilter implements ExceptionFilter {
  constructor(private readonly responder: ErrorResponder) {}

  catch(thrown: unknown, host: ArgumentsHost): Promise<void> | undefined {
    if (host.getType() !== 'http') throw thrown as Error;
    const http = host.switchToHttp();
    return this.responder.respond(thrown, http.getRequest<HttpRequest>(), http.getResponse<HttpResponse>());
  }
}
