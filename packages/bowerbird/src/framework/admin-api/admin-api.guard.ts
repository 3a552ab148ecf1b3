import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { ForbiddenActionError, ViewSets } from '#api';
import { type HttpRequest } from '#http';

import { AdminApiRules } from './admin-api-rules.js';

/** Lets staff do what the admin lets them do with the entity of a viewset. */
@Injectable()
export class AdminApiGuard implements CanActivate {
  constructor(
    private readonly viewsets: ViewSets,
    private readonly rules: AdminApiRules,
  ) {}

  /** @throws ForbiddenActionError */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const viewset = this.viewsets.of(context.getClass<object>());
    const { name } = context.getHandler();
    const does = viewset.action(name)?.does ?? 'view';
    const request = context.switchToHttp().getRequest<HttpRequest>();
    if (await this.rules.admits(viewset.entity.target, does, request)) return true;
    throw new ForbiddenActionError(name);
  }
}
