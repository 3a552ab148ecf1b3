import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { mergeMap, type Observable } from 'rxjs';

import { Reply, sendReply, type HttpRequest, type HttpResponse } from '#http';

import { ActionAnswers } from '../viewset/actions/action-answers.js';

/** Sends what an action returns: a reply as it is, rows by their serializer. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(private readonly answers: ActionAnswers) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    return next.handle().pipe(
      mergeMap(async (result: unknown) => {
        const reply = result instanceof Reply ? result : await this.answers.of(context, request, result);
        if (reply) sendReply(http.getResponse<HttpResponse>(), reply);
        return reply ?? result;
      }),
    );
  }
}
