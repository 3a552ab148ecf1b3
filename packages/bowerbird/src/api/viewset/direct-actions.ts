import { Req, Res } from '@nestjs/common';
import { INTERCEPTORS_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';

import { NoteKey, type AnyClass, type Class } from '#core';
import { type HttpRequest, type HttpResponse, type Reply } from '#http';

import { AnswerInterceptor } from '../content/answer.interceptor.js';
import { ModelViewSet, runnerOf } from './model-viewset.js';
import { type StandardAction } from './standard-actions.js';

/** A standard action. It sends its reply where it is given the response. */
type Handler = (this: ModelViewSet, request: HttpRequest, response?: HttpResponse) => Promise<Reply>;

/** Notes on handlers that do what {@link ModelViewSet} does, and nothing else: the action that they are. */
const INHERITED = new NoteKey<StandardAction>('inherited action');

/** Gives an action of the class above to this class alone, so that what is noted on it concerns no other viewset. */
export function inheritAction(target: AnyClass, action: StandardAction): void {
  const prototype = target.prototype as Record<string, Handler>;
  if (!Object.hasOwn(prototype, action)) {
    const above = prototype[action]!;
    const isStandard = above === ModelViewSet.prototype[action] || INHERITED.read(above) === action;
    const value = isStandard ? standard(action, above) : passing(action, above);
    Object.defineProperty(prototype, action, { value, writable: true, configurable: true });
    if (isStandard) {
      INHERITED.write(value, action);
      // Own parameters, without the response that a class above may be given.
      Reflect.defineMetadata(ROUTE_ARGS_METADATA, {}, target, action);
      Req()(prototype, action, 0);
    }
  }
  if (!Reflect.hasOwnMetadata(ROUTE_ARGS_METADATA, target, action)) Req()(prototype, action, 0);
}

/** A method of a class in between, with the parameters that it has there. */
function passing(action: StandardAction, above: (...args: never[]) => unknown): Handler {
  const named: Record<string, Handler> = {
    [action](...args) {
      return above.apply(this, args as never) as Promise<Reply>;
    },
  };
  return named[action]!;
}

function standard(action: StandardAction, inherited: Handler): Handler {
  const named: Record<string, Handler> = {
    [action](request, response) {
      const work = (): Promise<Reply> => inherited.call(this, request);
      if (!response) return work();
      const type = this.constructor as Class;
      return runnerOf(this).answer({ type, handler: action, request, response }, work);
    },
  };
  return named[action]!;
}

/**
 * Lets inherited actions send their replies themselves where nothing else looks at what they return: Nest builds a chain of
 * observables for every request that an interceptor sees. Belongs before the routes are registered.
 */
export function spareInterceptor(type: Class): void {
  const around = interceptorsOf(type);
  if (around.length === 0 || around.some((interceptor) => interceptor !== AnswerInterceptor)) return;
  Reflect.defineMetadata(INTERCEPTORS_METADATA, [], type);
  const prototype = type.prototype as Record<string, object>;
  for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
    const handler = prototype[name]!;
    if (!Reflect.hasMetadata(PATH_METADATA, handler)) continue;
    const own = interceptorsOf(handler);
    if (INHERITED.read(handler) === name && own.length === 0) Res({ passthrough: true })(prototype, name, 1);
    else if (!own.includes(AnswerInterceptor))
      Reflect.defineMetadata(INTERCEPTORS_METADATA, [AnswerInterceptor, ...own], handler);
  }
}

function interceptorsOf(target: object): readonly unknown[] {
  return (Reflect.getMetadata(INTERCEPTORS_METADATA, target) as readonly unknown[] | undefined) ?? [];
}
