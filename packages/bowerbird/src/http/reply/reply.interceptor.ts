import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';

import { type HttpResponse } from '../http-request.js';
import { Reply } from './reply.js';
import { sendReply } from './send-reply.js';

/** Sends what a page handler returns at once, so that an application's global interceptors cannot wrap it. */
@Injectable()
export class ReplyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((result: unknown) => {
        if (result instanceof Reply) sendReply(context.switchToHttp().getResponse<HttpResponse>(), result);
        return result;
      }),
    );
  }
}
