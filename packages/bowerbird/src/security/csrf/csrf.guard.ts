import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { type HttpRequest } from '#http';

import { isCsrfExempt } from './csrf-exempt.decorator.js';
import { CsrfVerdicts } from './csrf-verdicts.js';
import { Csrf } from './csrf.js';

/** Refuses what the middleware let through as possibly exempt, unless the handler really is. */
@Injectable()
export class CsrfGuard implements CanActivate {
  constructor(
    private readonly verdicts: CsrfVerdicts,
    private readonly csrf: Csrf,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const reason = this.verdicts.of(request);
    if (!reason || isCsrfExempt(context.getClass(), context.getHandler())) return true;
    throw this.csrf.refuse(request, reason);
  }
}
