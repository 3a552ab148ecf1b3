import { HttpException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { HttpConfig, isPageController, type HttpRequest, type HttpResponse } from '#http';

import { ThrottledError } from '../security.errors.js';
import { retryAfter, setLimitHeaders } from './limit-headers.js';
import { subjectOf } from './limit-subject.js';
import { RouteLimits, type RouteLimit } from './route-limits.js';
import { Throttler, type Count } from './throttler.js';

/**
 * Holds requests to the limits of their routes. It stands behind the session and the login, which are middleware and tell
 * who the client is, and before permissions, pipes and handlers, whose work a refused request does not cost.
 */
@Injectable()
export class ThrottleGuard implements CanActivate {
  constructor(
    private readonly http: HttpConfig,
    private readonly routes: RouteLimits,
    private readonly throttler: Throttler,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const limits = this.routes.of(context.getClass(), context.getHandler());
    return limits.length === 0 ? true : this.hold(context, limits);
  }

  private async hold(context: ExecutionContext, limits: readonly RouteLimit[]): Promise<true> {
    const http = context.switchToHttp();
    const counts = countsOf(limits, http.getRequest<HttpRequest>());
    if (counts.length === 0) return true;
    const outcomes = await this.throttler.take(counts);
    const asked = outcomes.map((outcome, index) => ({ route: counts[index]!.route, outcome }));
    const response = http.getResponse<HttpResponse>();
    setLimitHeaders(response, asked);
    if (outcomes.every(({ allowed }) => allowed)) return true;
    throw this.refuse(context, response, retryAfter(asked));
  }

  /** Nest itself answers for the routes of an adopting application, and knows only errors of its own. */
  private refuse(context: ExecutionContext, response: HttpResponse, seconds: number): Error {
    const error = new ThrottledError(seconds);
    if (this.http.pipeline === 'all' || isPageController(context.getClass())) return error;
    response.setHeader('Retry-After', String(seconds));
    return new HttpException(error.message, error.status, { cause: error });
  }
}

type RouteCount = Count & { readonly route: RouteLimit };

/** The counts that a request belongs to; a limit may not want it counted. */
function countsOf(limits: readonly RouteLimit[], request: HttpRequest): readonly RouteCount[] {
  return limits.flatMap((route) => {
    const { counting, by } = route.limit;
    const subject = subjectOf(by, request);
    return subject === null ? [] : [{ route, counting, group: route.group, subject }];
  });
}
