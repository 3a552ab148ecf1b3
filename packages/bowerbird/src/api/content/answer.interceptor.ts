import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { lastValueFrom, mergeMap, of, type Observable } from 'rxjs';

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
    return this.replies(context, request, next).pipe(
      mergeMap(({ reply, result }) => {
        const told = this.versions.config && reply ? reply.with(this.versions.headers(request, reply)) : reply;
        if (told) sendReply(http.getResponse<HttpResponse>(), told);
        return of(told ?? result);
      }),
    );
  }

  private replies(context: ExecutionContext, request: HttpRequest, next: CallHandler): Observable<Answered> {
    const answer = async (result: unknown): Promise<Answered> => ({
      result,
      reply: result instanceof Reply ? result : await this.answers.of(context, request, result),
    });
    const name = `${context.getClass().name}.${context.getHandler().name}`;
    if (!this.idempotency.concerns(request) || !this.answers.isAction(context))
      return next.handle().pipe(mergeMap(answer));
    const work = async (): Promise<Reply> => (await answer(await lastValueFrom(next.handle()))).reply!;
    return of(name).pipe(
      mergeMap(async (route) => ({ reply: await this.idempotency.once(request, route, work), result: undefined })),
    );
  }
}

interface Answered {
  readonly result: unknown;
  /** Undefined for what handlers return that are no actions. */
  readonly reply: Reply | undefined;
}
