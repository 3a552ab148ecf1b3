import {
  Controller,
  RequestMapping,
  RequestMethod,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type ControllerOptions,
} from '@nestjs/common';

import { type AnyClass, type Class } from '#core';
import { Public } from '#http';
import { CsrfExempt } from '#security';

import { AnswerInterceptor } from '../content/answer.interceptor.js';
import { ApiExceptionFilter } from '../content/api-exception.filter.js';
import { AccessRuleGuard } from './access-rule.guard.js';
import { ACTION, ACTION_METHODS } from './action.decorator.js';
import { inheritAction } from './direct-actions.js';
import { methodNames } from './method-names.js';
import { HAS_QUERY, QUERY_HANDLER } from './query-method.js';
import { routePath, STANDARD_ACTIONS, type StandardAction } from './standard-actions.js';
import { VIEWSET, type ViewSetClass, type ViewSetOptions } from './viewset-note.js';

/**
 * Serves the rows of an entity as an API. List the class among the `controllers` of a module.
 *
 *     @ViewSet(Post, { path: 'posts', serializer: PostSerializer, filters: ['status'], search: ['title'] })
 *     class PostViewSet extends ModelViewSet<Post> {}
 *
 * Nothing is public, shown, taken, filtered or ordered unless it is declared. It is a controller of Nest: guards,
 * interceptors and `@Throttle()` work on the class and on its methods.
 */
export function ViewSet<E extends object>(
  entity: Class<E>,
  options: ViewSetOptions,
): (target: ViewSetClass<E>) => void {
  return (target) => {
    VIEWSET.write(target, { entity, options });
    const { path, version } = options;
    const versions = version === undefined ? {} : { version: version as NonNullable<ControllerOptions['version']> };
    for (const decorate of [
      Controller({ path, ...versions }),
      Public(),
      CsrfExempt(),
      UseGuards(AccessRuleGuard),
      UseInterceptors(AnswerInterceptor),
      UseFilters(ApiExceptionFilter),
    ])
      decorate(target as never);
    for (const action of options.actions ?? (Object.keys(STANDARD_ACTIONS) as StandardAction[]))
      routeStandard(target, action);
    for (const name of methodNames(target.prototype as object)) routeExtra(target, name);
  };
}

/** An action of the base class, or the class's own in its place. */
function routeStandard(target: AnyClass, action: StandardAction): void {
  inheritAction(target, action);
  route(target.prototype as object, action, STANDARD_ACTIONS[action].method, routePath(STANDARD_ACTIONS[action]));
  if (action === 'list' && HAS_QUERY) routeQuery(target);
}

/**
 * Lets the list be asked for by QUERY as well. Nest gives each handler one method; so this is another one of the same name
 * with all that is noted on the list: its rule, guards and limits are those of the list.
 */
function routeQuery(target: AnyClass): void {
  const prototype = target.prototype as Record<string, (...args: unknown[]) => unknown>;
  const { twin } = {
    twin(this: Record<'list', (...args: unknown[]) => unknown>, ...args: unknown[]): unknown {
      return this.list(...args);
    },
  };
  Object.defineProperty(twin, 'name', { value: 'list' });
  Object.defineProperty(prototype, QUERY_HANDLER, { value: twin, writable: true, configurable: true });
  for (const key of Reflect.getMetadataKeys(prototype['list']!))
    Reflect.defineMetadata(key, Reflect.getMetadata(key, prototype['list']!), twin);
  for (const holder of [target, prototype])
    for (const key of Reflect.getMetadataKeys(holder, 'list'))
      Reflect.defineMetadata(key, Reflect.getMetadata(key, holder, 'list'), holder, QUERY_HANDLER);
  route(prototype, QUERY_HANDLER, RequestMethod.QUERY, '');
}

function routeExtra(target: AnyClass, name: string): void {
  const options = ACTION.read(target, name);
  if (!options) return;
  const { detail, method = 'get', path = name } = options;
  route(target.prototype as object, name, ACTION_METHODS[method], routePath({ detail, path }));
}

function route(prototype: object, name: string, method: number, path: string): void {
  RequestMapping({ method, path })(
    prototype,
    name,
    Object.getOwnPropertyDescriptor(prototype, name) ?? { value: Reflect.get(prototype, name) as unknown },
  );
}
