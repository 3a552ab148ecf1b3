import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { concatMap, from, lastValueFrom, of, type Observable } from 'rxjs';

import { Reply, sendReply, type HttpRequest, type HttpResponse } from '#http';

import { Idempotency } from '../idempotency/idempotency.service.js';
import { ApiVersions } from '../versions/api-versions.service.js';
import { ActionAnswers } from '../viewset/actions/action-answers.js';
import { QueryBodies } from '../viewset/query-bodies.js';

/** Sends what an action returns: a reply as it is, rows by their serializer. Requests with a key are worked on once. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(
    private readonly answers: ActionAnswers,
    private readonly idempotency: Idempotency,
    private readonly queries: QueryBodies,
    private readonly versions: ApiVersions,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    if (request.method === 'QUERY') this.queries.take(context.getClass<object>(), context.getHandler().name, request);
    const send = (reply: Reply): Reply => {
      const told = this.versions.config ? reply.with(this.versions.headers(request, reply)) : reply;
      sendReply(http.getResponse<HttpResponse>(), told);
      return told;
    };
    if (this.idempotency.concerns(request) && this.answers.isAction(context))
      return from(this.once(context, request, next).then(send));
    return next.handle().pipe(
      concatMap((result) => {
        if (result instanceof Reply) return of(send(result));
        return this.answers.of(context, request, result).then((reply) => (reply ? send(reply) : result));
      }),
    );
  }

  private once(context: ExecutionContext, request: HttpRequest, next: CallHandler): Promise<Reply> {
    const work = async (): Promise<Reply> => {
      const result: unknown = await lastValueFrom(next.handle());
      return result instanceof Reply ? result : (await this.answers.of(context, request, result))!;
    };
    return this.idempotency.once(request, `${context.getClass().name}.${context.getHandler().name}`, work);
  }
}
