import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';

import { ErrorResponder, type HttpRequest, type HttpResponse } from '#http';

/** Answers every error of an API by a problem document (RFC 9457), also to browsers. */
@Injectable()
@Catch()
export class ApiExceptionFilter implements ExceptionFilter {
  constructor(private readonly responder: ErrorResponder) {}

  catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    return this.responder.respondProblem(thrown, http.getRequest<HttpRequest>(), http.getResponse<HttpResponse>());
  }
}
