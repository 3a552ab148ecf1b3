import { NoteKey } from '#core';

const EXEMPT = new NoteKey<true>('csrf exempt');

/**
 * Takes a route, or all routes of a controller, out of the protection against forged requests: for webhooks and for
 * clients that prove themselves by a token instead of a cookie. Such a route must not trust the session.
 */
export function CsrfExempt(): ClassDecorator & MethodDecorator {
  return (target: object, _member?: string | symbol, descriptor?: PropertyDescriptor) => {
    EXEMPT.write(descriptor ? (descriptor.value as object) : target, true);
  };
}

/** Whether a route handler is exempt, by itself or with its whole controller. */
export function isCsrfExempt(controller: object, handler: object): boolean {
  return EXEMPT.read(handler) === true || EXEMPT.read(controller) === true;
}
