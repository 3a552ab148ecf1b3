import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { AuthConfig, currentUser, loginLocation, LoginRedirectError, LoginRequiredError } from '#auth';
import { type HttpRequest } from '#http';

import { ForbiddenActionError } from '../../api.errors.js';
import { DocsReaders } from './docs-readers.js';

/** Lets those read about the API whom the settings name; browsers go to the login and come back. */
@Injectable()
export class DocsGuard implements CanActivate {
  constructor(
    private readonly auth: AuthConfig,
    private readonly readers: DocsReaders,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.readers.everybody) return true;
    const user = currentUser();
    if (!user) throw this.refuse(context.switchToHttp().getRequest<HttpRequest>());
    if (await this.readers.includes(user)) return true;
    throw new ForbiddenActionError('read about the API');
  }

  private refuse(request: HttpRequest): Error {
    const page = request.get('accept')?.includes('text/html') ?? false;
    return page ? new LoginRedirectError(loginLocation(this.auth.urls.login, request)) : new LoginRequiredError();
  }
}
