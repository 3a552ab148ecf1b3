import { Injectable, Optional, RequestMethod, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';

import { ViewSets } from '#api';
import { isPageController, isPublic } from '#http';

/** One route of the application. */
export interface RouteEntry {
  readonly method: string;
  readonly path: string;
  /** `Class.method`. */
  readonly handler: string;
  readonly isPublic: boolean;
  /** Whether the framework itself brought the route. */
  readonly own: boolean;
}

/** Nest's keys for what its route decorators store (`@nestjs/common/constants`). */
const PATH = 'path';
const METHOD = 'method';

/** Every route that controllers declare, read from their decorators. */
@Injectable()
export class RouteTable {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
    /** Not there where the API is off. */
    @Optional() private readonly viewsets?: ViewSets,
  ) {}

  /** All routes, sorted by path and method. */
  all(): readonly RouteEntry[] {
    const routes = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (metatype ? this.ofController(metatype as Type) : []));
    return routes.sort((left, right) => left.path.localeCompare(right.path) || left.method.localeCompare(right.method));
  }

  private ofController(controller: Type): RouteEntry[] {
    const prefixes = paths(this.reflector.get<string | string[] | undefined>(PATH, controller));
    const prototype = controller.prototype as Record<string, () => unknown>;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name]!;
      const method = this.reflector.get<RequestMethod | undefined>(METHOD, handler);
      if (method === undefined) return [];
      return prefixes.flatMap((prefix) =>
        paths(this.reflector.get<string | string[]>(PATH, handler)).map((path) => ({
          method: RequestMethod[method],
          path: join(prefix, path),
          handler: `${controller.name}.${name}`,
          isPublic: this.isPublic(controller, handler),
          own: isPageController(controller),
        })),
      );
    });
  }

  /** Viewsets let everybody pass the guard of the framework, and ask by the rules of their actions themselves. */
  private isPublic(controller: Type, handler: () => unknown): boolean {
    const viewset = this.viewsets?.all().find(({ type }) => type === controller);
    const action = viewset?.action(handler.name);
    return action ? action.access === 'public' : isPublic(handler, controller);
  }
}

function paths(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' || value === undefined ? [value ?? ''] : value;
}

function join(prefix: string, path: string): string {
  const parts = [prefix, path].flatMap((part) => part.split('/')).filter((part) => part !== '');
  const trailing = path.endsWith('/') && path !== '/' ? '/' : '';
  const rooted = prefix.endsWith('/') && (path === '' || path === '/') && prefix !== '/' ? '/' : '';
  return `/${parts.join('/')}${parts.length > 0 ? trailing || rooted : ''}`;
}
