import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { currentUser, PermissionDeniedError } from '#auth';
import { type HttpResponse } from '#http';

/**
 * Stands before every admin page, the unknown ones included: for active staff alone, and never kept by any cache.
 * Visitors who are not logged in were sent to the login before.
 */
@Injectable()
export class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const response = context.switchToHttp().getResponse<HttpResponse>();
    response.setHeader('Cache-Control', 'private, no-cache, no-store, must-revalidate, max-age=0');
    const user = currentUser();
    if (user?.isActive && user.isStaff) return true;
    throw new PermissionDeniedError('the staff mark');
  }
}
