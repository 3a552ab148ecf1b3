import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import {
  AuthConfig,
  currentUser,
  loginLocation,
  LoginRedirectError,
  LoginRequiredError,
  Permissions,
  type AbstractUser,
} from '#auth';
import { type HttpRequest } from '#http';

import { ForbiddenActionError } from '../../api.errors.js';
import { ApiConfig } from '../../api.options.js';

/** Lets those read about the API whom the settings name; browsers go to the login and come back. */
@Injectable()
export class DocsGuard implements CanActivate {
  constructor(
    private readonly config: ApiConfig,
    private readonly auth: AuthConfig,
    private readonly permissions: Permissions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.config.docs?.access ?? 'staff';
    if (access === 'public') return true;
    const user = currentUser();
    if (!user) throw this.refuse(context.switchToHttp().getRequest<HttpRequest>());
    if (await this.holds(user, access)) return true;
    throw new ForbiddenActionError('read about the API');
  }

  private async holds(user: AbstractUser, access: NonNullable<ApiConfig['docs']>['access']): Promise<boolean> {
    if (typeof access === 'object') return this.permissions.hasAll(user, access.permissions);
    return access !== 'staff' || user.isStaff;
  }

  private refuse(request: HttpRequest): Error {
    const page = request.get('accept')?.includes('text/html') ?? false;
    return page ? new LoginRedirectError(loginLocation(this.auth.urls.login, request)) : new LoginRequiredError();
  }
}
