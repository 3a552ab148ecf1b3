import { Injectable } from '@nestjs/common';

import { type Class } from '#core';
import { sendReply, type HttpRequest, type HttpResponse, type Reply } from '#http';

import { Idempotency } from '../../idempotency/idempotency.service.js';
import { ApiVersions } from '../../versions/api-versions.service.js';

/** A request that a method of a viewset class answers. */
export interface ActionRun {
  readonly type: Class;
  readonly handler: string;
  readonly request: HttpRequest;
  readonly response: HttpResponse;
}

/** Does what a request asks for, once where it names a key, and sends the reply. */
@Injectable()
export class ActionRunner {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly versions: ApiVersions,
  ) {}

  /** Sends what the work comes to. @throws BadIdempotencyKeyError, ReusedIdempotencyKeyError, ConflictError */
  async answer(run: ActionRun, work: () => Promise<Reply>): Promise<Reply> {
    return this.send(run, await (this.isOnce(run) ? this.once(run, work) : work()));
  }

  /** Whether the work of a request may be done once. @throws BadIdempotencyKeyError */
  isOnce({ request }: ActionRun): boolean {
    return this.idempotency.concerns(request);
  }

  /** The reply to a request with a key, which its repetitions get as well. @throws ReusedIdempotencyKeyError, ConflictError */
  once({ type, handler, request }: ActionRun, work: () => Promise<Reply>): Promise<Reply> {
    return this.idempotency.once(request, `${type.name}.${handler}`, work);
  }

  /** Sends a reply at once, so that global interceptors cannot wrap it. @returns what was sent */
  send({ request, response }: ActionRun, reply: Reply): Reply {
    const told = this.versions.config ? reply.with(this.versions.headers(request, reply)) : reply;
    sendReply(response, told);
    return told;
  }
}
