import { Injectable } from '@nestjs/common';

import { type HttpRequest } from '#http';

import { type CsrfReason } from './csrf-reason.js';

/** Refusals that wait until routing has shown whether the route is exempt. */
@Injectable()
export class CsrfVerdicts {
  private readonly waiting = new WeakMap<HttpRequest, CsrfReason>();

  postpone(request: HttpRequest, reason: CsrfReason): void {
    this.waiting.set(request, reason);
  }

  of(request: HttpRequest): CsrfReason | undefined {
    return this.waiting.get(request);
  }
}
