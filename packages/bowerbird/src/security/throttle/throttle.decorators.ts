import { NoteKey } from '#core';

import { LimitError } from '../security.errors.js';
import { Limit } from './limit.js';

/** The limits of a handler or a controller; an empty list takes it out of all limits. */
const LIMITS = new NoteKey<readonly Limit[]>('limits of requests');

/**
 * Limits the requests of a route, or of every route of a controller: `@Throttle(rate('10/min'))`. Of several limits each
 * must let a request pass. The nearest decorator counts: that of the handler, of the controller, and then the default
 * limits of the settings. @throws LimitError
 */
export function Throttle(...limits: readonly [Limit, ...Limit[]]): ClassDecorator & MethodDecorator {
  const wrong = limits.find((limit) => !(limit instanceof Limit));
  if (limits.length === 0 || wrong !== undefined)
    throw new LimitError('A limit of @Throttle()', wrong, "one that is made by rate('10/min') or tokenBucket({ … })");
  return note((before) => [...limits, ...before]);
}

/** Takes a route, or every route of a controller, out of all limits, those of the settings included. */
export function SkipThrottle(): ClassDecorator & MethodDecorator {
  return note(() => []);
}

/** The limits that handler or controller ask for; undefined where neither says anything. */
export function notedLimits(handler: object, controller: object): readonly Limit[] | undefined {
  return LIMITS.read(handler) ?? LIMITS.read(controller);
}

/** Notes on handlers lie on the function. */
function note(change: (before: readonly Limit[]) => readonly Limit[]): ClassDecorator & MethodDecorator {
  return (target: object, _member?: string | symbol, descriptor?: PropertyDescriptor) => {
    const subject = (descriptor?.value as object | undefined) ?? target;
    const before = LIMITS.readOwn(subject);
    const after = change(before ?? []);
    if (before && (before.length === 0 || after.length === 0)) throw contradiction(subject);
    LIMITS.write(subject, after);
  };
}

function contradiction(subject: object): LimitError {
  const { name } = subject as { readonly name: string };
  return new LimitError('What is limited', name, 'marked with @Throttle() or with @SkipThrottle(), not with both');
}
