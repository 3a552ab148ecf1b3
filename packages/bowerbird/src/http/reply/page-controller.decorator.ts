import { applyDecorators, Controller, UseFilters, UseInterceptors, VERSION_NEUTRAL } from '@nestjs/common';

import { NoteKey, type AnyClass } from '#core';

import { HttpExceptionFilter } from '../errors/exception.filter.js';
import { ReplyInterceptor } from './reply.interceptor.js';

const PAGES = new NoteKey<string>('page controller');

/**
 * A controller of the framework's own pages: its handlers return a `Reply`, its errors are the framework's pages, and
 * neither an application's global prefix nor its API versions apply to it.
 * @param prefix path below which all its routes lie, such as `admin`
 */
export function PageController(prefix: string): ClassDecorator {
  return applyDecorators(
    (target: object) => PAGES.write(target, prefix),
    Controller({ path: prefix, version: VERSION_NEUTRAL }),
    UseInterceptors(ReplyInterceptor),
    UseFilters(HttpExceptionFilter),
  );
}

/** Whether a controller carries {@link PageController}. */
export function isPageController(controller: AnyClass): boolean {
  return PAGES.read(controller) !== undefined;
}

/** The prefix of a page controller, or undefined for any other class. */
export function pagePrefix(controller: AnyClass): string | undefined {
  return PAGES.read(controller);
}
