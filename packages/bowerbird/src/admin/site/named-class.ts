import { type Class } from '#core';

/** A class under another name, for logs and the listing of routes. */
export function namedClass<C extends Class>(type: C, name: string): C {
  Object.defineProperty(type, 'name', { value: name });
  return type;
}
