import { Injectable, RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

import { isCsrfExempt } from './csrf-exempt.decorator.js';

interface ExemptRoute {
  readonly method: string;
  readonly pattern: RegExp;
}

/**
 * The routes that `@CsrfExempt()` marks, as a first sieve before routing has happened. It lets through a little more than
 * the marked routes, for the global prefix and versions are not taken apart; the guard, which knows the handler, decides.
 */
@Injectable()
export class CsrfExemptions {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** A test of whether a request may be for an exempt route; null when no route is exempt. */
  createTest(): ((method: string, path: string) => boolean) | null {
    const routes = this.routes();
    if (routes.length === 0) return null;
    return (method, path) =>
      routes.some((route) => (route.method === 'ALL' || route.method === method) && route.pattern.test(path));
  }

  private routes(): readonly ExemptRoute[] {
    return this.discovery.getControllers().flatMap(({ metatype }) => {
      const controller = metatype as { prototype: Record<string, object> } | null;
      if (!controller?.prototype) return [];
      return this.scanner
        .getAllMethodNames(controller.prototype)
        .map((name) => controller.prototype[name]!)
        .filter((handler) => isCsrfExempt(controller, handler))
        .flatMap((handler) => routesOf(controller, handler));
    });
  }
}

/** Nest's own notes of a route: `path` and `method` on the handler, `path` on the controller. */
function routesOf(controller: object, handler: object): ExemptRoute[] {
  const paths = Reflect.getMetadata('path', handler) as string | string[] | undefined;
  if (paths === undefined) return [];
  const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
  const prefixes = [Reflect.getMetadata('path', controller) as string | string[] | undefined].flat();
  return prefixes.flatMap((prefix) =>
    [paths].flat().map((path) => ({ method, pattern: routePattern(`${prefix ?? ''}/${path}`) })),
  );
}

/** Matches paths that end with the route: parameters match one segment, wildcards and optional parts anything. */
function routePattern(path: string): RegExp {
  const segments = path.split('/').filter((segment) => segment !== '');
  return new RegExp(`(?:^|/)${segments.map(segmentPattern).join('/')}/?$`, 'i');
}

function segmentPattern(segment: string): string {
  if (/[*{(]/.test(segment)) return '.*';
  return segment
    .split(/(:\w+)/)
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
}
