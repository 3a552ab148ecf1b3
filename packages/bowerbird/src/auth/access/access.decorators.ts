import { createParamDecorator } from '@nestjs/common';

import { NoteKey } from '#core';

import { currentUser } from './current-user.js';

/** What a route asks of the user beside being logged in. */
export interface AccessRequirement {
  /** All of these permissions. */
  readonly permissions?: readonly string[];
  readonly staff?: boolean;
}

export const ACCESS_REQUIREMENT = new NoteKey<AccessRequirement>('access requirement');

/** The route, or every route of the controller, needs all of these permissions: `@RequirePermission('shop.view_order')`. */
export function RequirePermission(...codenames: readonly [string, ...string[]]): ClassDecorator & MethodDecorator {
  return requirement({ permissions: codenames });
}

/** The route, or every route of the controller, is for active staff alone. */
export function RequireStaff(): ClassDecorator & MethodDecorator {
  return requirement({ staff: true });
}

/** The user who is logged in, as a parameter of a route; null on a public route without a login. */
export const CurrentUser = createParamDecorator(() => currentUser());

/** Adds to what other decorators on the same class or handler have asked for; notes on handlers lie on the function. */
function requirement(added: AccessRequirement): ClassDecorator & MethodDecorator {
  return (target: object, _member?: string | symbol, descriptor?: PropertyDescriptor) => {
    const subject = (descriptor?.value as object | undefined) ?? target;
    ACCESS_REQUIREMENT.write(subject, mergeRequirements(ACCESS_REQUIREMENT.readOwn(subject), added));
  };
}

/** What both ask for together. */
export function mergeRequirements(
  first: AccessRequirement | undefined,
  second: AccessRequirement | undefined,
): AccessRequirement {
  return {
    permissions: [...(first?.permissions ?? []), ...(second?.permissions ?? [])],
    staff: first?.staff === true || second?.staff === true,
  };
}
