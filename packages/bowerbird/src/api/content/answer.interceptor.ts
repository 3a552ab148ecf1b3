import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { concatMap, defer, from, lastValueFrom, of, tap, type Observable } from 'rxjs';

import { Reply, type HttpRequest, type HttpResponse } from '#http';

import { ActionAnswers } from '../viewset/actions/action-answers.js';
import { ActionRunner, type ActionRun } from '../viewset/actions/action-runner.js';
import { QueryBodies } from '../viewset/query-bodies.js';

/** Sends what an action returns: a reply as it is, rows by their serializer. Requests with a key are worked on once. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  /** Requests that are seen already: a class and a method that it inherits may both be answered for. */
  private readonly seen = new WeakSet<HttpRequest>();

  constructor(
    private readonly answers: ActionAnswers,
    private readonly runner: ActionRunner,
    private readonly queries: QueryBodies,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const run = runIn(context);
    const { request } = run;
    if (this.seen.has(request)) return next.handle();
    this.seen.add(request);
    // An interceptor around this one may try again.
    return defer(() => this.answer(run, next)).pipe(tap({ error: () => this.seen.delete(request) }));
  }

  private answer(run: ActionRun, next: CallHandler): Observable<unknown> {
    const { type, handler, request } = run;
    if (request.method === 'QUERY') this.queries.take(type, handler, request);
    if (this.runner.isOnce(run) && this.answers.isAction(run))
      return from(
        this.runner.answer(run, async () => (await this.replyTo(run, await lastValueFrom<unknown>(next.handle())))!),
      );
    return next.handle().pipe(
      concatMap((result: unknown) => {
        if (result instanceof Reply) return of(this.runner.send(run, result));
        return this.answers.of(run, result).then((reply) => (reply ? this.runner.send(run, reply) : result));
      }),
    );
  }

  private async replyTo(run: ActionRun, result: unknown): Promise<Reply | undefined> {
    return result instanceof Reply ? result : this.answers.of(run, result);
  }
}

function runIn(context: ExecutionContext): ActionRun {
  const http = context.switchToHttp();
  return {
    type: context.getClass<object>(),
    handler: context.getHandler().name,
    request: http.getRequest<HttpRequest>(),
    response: http.getResponse<HttpResponse>(),
  };
}
