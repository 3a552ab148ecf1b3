import { RequestMethod } from '@nestjs/common';

import { NoteKey } from '#core';

import { type SerializerClass } from '../serializer/serializer.decorator.js';
import { type AccessRule } from './access-rule.js';

/** The methods of HTTP that an action may have, in small letters. */
export type ActionMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What an extra action is. */
export interface ActionOptions {
  /** Whether it is about one row, which the address names. */
  readonly detail: boolean;
  /** `get` unless said. */
  readonly method?: ActionMethod;
  /** The end of the address; the name of the method unless said. */
  readonly path?: string;
  /** Who may call it: the rule of the viewset unless said. */
  readonly access?: AccessRule;
  /** What the rows that it returns are written by; the serializer of the viewset unless said. */
  readonly serializer?: SerializerClass;
  /** What the body must fit, for the API's description and for `@Input()`. */
  readonly input?: SerializerClass;
  /** Whether it returns a list of rows. */
  readonly many?: boolean;
  /** Status of the answer; 200, or 204 when it returns nothing. */
  readonly status?: number;
  /** One sentence for readers of the API. */
  readonly summary?: string;
}

export const ACTION = new NoteKey<ActionOptions>('viewset action');

export const ACTION_METHODS: Readonly<Record<ActionMethod, RequestMethod>> = {
  get: RequestMethod.GET,
  post: RequestMethod.POST,
  put: RequestMethod.PUT,
  patch: RequestMethod.PATCH,
  delete: RequestMethod.DELETE,
};

/**
 * Adds an action to a viewset: `@Action({ detail: true, method: 'post' }) publish(@Instance() post: Post) {}` answers
 * `POST /api/posts/7/publish`. Rows of the entity that it returns are written by the serializer.
 */
export function Action(options: ActionOptions): MethodDecorator {
  return (target, member) => ACTION.write(target.constructor, options, member);
}
