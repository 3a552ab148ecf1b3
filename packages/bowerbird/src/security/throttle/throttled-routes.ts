import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

import { notedLimits } from './throttle.decorators.js';

/** Finds what is marked with `@Throttle()`, for checks. */
@Injectable()
export class ThrottledRoutes {
  private readonly scanner = new MetadataScanner();

  constructor(private readonly discovery: DiscoveryService) {}

  /** `Controller.handler` of every route with limits of its own or of its controller. */
  names(): readonly string[] {
    return this.discovery.getControllers().flatMap(({ metatype }) => {
      const controller = metatype as { readonly name: string; readonly prototype: Record<string, object> } | null;
      if (!controller?.prototype) return [];
      return this.scanner
        .getAllMethodNames(controller.prototype)
        .filter((name) => isThrottledRoute(controller, controller.prototype[name]!))
        .map((name) => `${controller.name}.${name}`);
    });
  }
}

/** Nest notes the path of a route on its handler. */
function isThrottledRoute(controller: object, handler: object): boolean {
  const route = Reflect.getMetadata('path', handler) !== undefined;
  return route && (notedLimits(handler, controller) ?? []).length > 0;
}
