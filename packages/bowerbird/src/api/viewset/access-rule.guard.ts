import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { currentUser, LoginRequiredError, Permissions, type AbstractUser } from '#auth';
import { afterwards, contextValue, CREDENTIAL } from '#core';
import { type HttpRequest } from '#http';
import { Csrf } from '#security';

import { ForbiddenActionError } from '../api.errors.js';
import { ruleFor, type AccessRule } from './access-rule.js';
import { VIEWSET } from './viewset-note.js';
import { ViewSets } from './viewsets.service.js';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'QUERY']);

/**
 * Guards the actions of viewsets by their access rules; handlers that are no actions have the rule of the viewset. Requests
 * that change something in the name of a session need the token against forged requests; visitors have nothing to forge.
 */
@Injectable()
export class AccessRuleGuard implements CanActivate {
  constructor(
    private readonly viewsets: ViewSets,
    private readonly permissions: Permissions,
    private readonly csrf: Csrf,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const type = context.getClass<object>();
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const { method } = request;
    const { name } = context.getHandler();
    const action = this.viewsets.of(type).action(name);
    const rule = action?.access ?? ruleFor(VIEWSET.read(type)?.options.access, name, SAFE.has(method));
    const user = currentUser();
    if (user) this.requireOwn(request);
    if (rule === 'public') return true;
    if (!user) throw new LoginRequiredError();
    const does = action?.does ?? (SAFE.has(method) ? 'view' : 'change');
    const model = () => this.permissions.may(user, does, this.viewsets.of(type).entity.target);
    return afterwards(this.holds(rule, user, model), (holds) => {
      if (holds) return true;
      throw new ForbiddenActionError(name);
    });
  }

  private requireOwn(request: HttpRequest): void {
    const reason = contextValue(CREDENTIAL) ? null : this.csrf.check(request);
    if (reason) throw this.csrf.refuse(request, reason);
  }

  private holds(rule: AccessRule, user: AbstractUser, model: () => Promise<boolean>): boolean | Promise<boolean> {
    if (rule === 'authenticated' || rule === 'public') return true;
    if (rule === 'staff') return user.isStaff;
    return rule === 'model' ? model() : this.permissions.hasAll(user, rule.permissions);
  }
}
