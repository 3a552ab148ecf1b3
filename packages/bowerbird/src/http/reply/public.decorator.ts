import { NoteKey, type AnyClass } from '#core';

const PUBLIC = new NoteKey<true>('public route');

/** Marks a route, or all routes of a controller, as open to visitors without a login. */
export function Public(): ClassDecorator & MethodDecorator {
  return (target: object, _member?: string | symbol, descriptor?: PropertyDescriptor) => {
    PUBLIC.write((descriptor?.value as object | undefined) ?? target, true);
  };
}

/** Whether a route is open to visitors without a login, by its handler or by its controller. */
export function isPublic(handler: object, controller: AnyClass): boolean {
  return PUBLIC.read(handler) === true || PUBLIC.read(controller) === true;
}
