import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { HttpConfig, isPageController, isPublic, type HttpRequest } from '#http';

import { LoginRedirectError, LoginRequiredError, PermissionDeniedError } from '../auth.errors.js';
import { AuthConfig } from '../auth.options.js';
import { Permissions } from '../permissions/permissions.service.js';
import { type AbstractUser } from '../users/abstract-user.js';
import { ACCESS_REQUIREMENT, mergeRequirements, type AccessRequirement } from './access.decorators.js';
import { currentUser } from './current-user.js';
import { loginLocation } from './login-location.js';

/**
 * Guards every route: what is not `@Public()` needs a login, and what `@RequirePermission()` or `@RequireStaff()` asks
 * for needs that too. Where the pipeline serves the framework's own routes alone, other routes are left alone.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly config: AuthConfig,
    private readonly http: HttpConfig,
    private readonly permissions: Permissions,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const [handler, controller] = [context.getHandler(), context.getClass()];
    if (this.http.pipeline === 'own' && !isPageController(controller)) return true;
    const requirement = requirementOf(handler, controller);
    if (isPublic(handler, controller) && !requirement) return true;
    const user = currentUser();
    if (!user) throw this.refuse(context.switchToHttp().getRequest<HttpRequest>());
    return requirement ? this.demand(user, requirement) : true;
  }

  private async demand(user: AbstractUser, { permissions = [], staff }: AccessRequirement): Promise<true> {
    if (staff && !user.isStaff) throw new PermissionDeniedError('the staff mark');
    for (const codename of permissions)
      if (!(await this.permissions.has(user, codename))) throw new PermissionDeniedError(`"${codename}"`);
    return true;
  }

  /** Browsers that asked for a page go to the login and come back; everybody else gets 401. */
  private refuse(request: HttpRequest): Error {
    const named = request.get('accept')?.includes('text/html') ?? false;
    if (!named || request.accepts('html', 'json') !== 'html') return new LoginRequiredError();
    return new LoginRedirectError(loginLocation(this.config.urls.login, request));
  }
}

/** What handler and controller ask for together; undefined for nothing. */
function requirementOf(handler: object, controller: object): AccessRequirement | undefined {
  const [own, shared] = [ACCESS_REQUIREMENT.read(handler), ACCESS_REQUIREMENT.read(controller)];
  return own || shared ? mergeRequirements(shared, own) : undefined;
}
