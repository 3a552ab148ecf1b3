import { Injectable } from '@nestjs/common';

import { type AnyClass } from '#core';
import { HttpConfig, isPageController, pagePrefix } from '#http';

import { SecurityConfig } from '../security.options.js';
import { type Limit } from './limit.js';
import { notedLimits } from './throttle.decorators.js';

/** A limit as it stands over one route. */
export interface RouteLimit {
  readonly limit: Limit;
  /** Name in the headers, once for each limit of a route. */
  readonly name: string;
  /** What shares the count: the scope, or the route. */
  readonly group: string;
}

const NONE: readonly RouteLimit[] = [];

/** Knows which limits stand over which route; works each route out once. */
@Injectable()
export class RouteLimits {
  private readonly known = new WeakMap<object, WeakMap<object, readonly RouteLimit[]>>();

  constructor(
    private readonly config: SecurityConfig,
    private readonly http: HttpConfig,
  ) {}

  of(controller: AnyClass, handler: object): readonly RouteLimit[] {
    const routes = this.known.get(controller) ?? new WeakMap<object, readonly RouteLimit[]>();
    const known = routes.get(handler);
    if (known) return known;
    const limits = this.work(controller, handler);
    routes.set(handler, limits);
    this.known.set(controller, routes);
    return limits;
  }

  private work(controller: AnyClass, handler: object): readonly RouteLimit[] {
    const { enabled, defaults } = this.config.throttle;
    if (!enabled) return NONE;
    const limits = notedLimits(handler, controller) ?? (this.hasDefaults(controller) ? defaults : []);
    const route = routeName(controller, handler);
    return limits.map((limit, index) => ({
      limit,
      name: uniqueName(limits, index),
      group: `${limit.scope === undefined ? route : `scope ${limit.scope}`} ${limit.counting.family}`,
    }));
  }

  /** Routes of an adopting application have the limits that they ask for; load balancers may ask for health at will. */
  private hasDefaults(controller: AnyClass): boolean {
    if (this.http.pipeline === 'own' && !isPageController(controller)) return false;
    return pagePrefix(controller) !== 'health';
  }
}

/** Tells routes apart, controllers of one name included. */
function routeName(controller: AnyClass, handler: object): string {
  const path: unknown = Reflect.getMetadata('path', controller);
  return `route ${JSON.stringify([path, controller.name, (handler as { readonly name: string }).name])}`;
}

function uniqueName(limits: readonly Limit[], index: number): string {
  const { name } = limits[index]!;
  const before = limits.slice(0, index).filter((limit) => limit.name === name).length;
  return before === 0 ? name : `${name}-${before + 1}`;
}
