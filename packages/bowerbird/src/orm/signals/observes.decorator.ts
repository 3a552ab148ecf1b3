import { OnSignal, type AnyClass, type EventOf, type ReceiverOptions, type Signal } from '#core';

import * as signals from './signals.js';

/** The signals of an entity, under the names of the methods that hear them. */
const HEARD = {
  preSave: signals.preSave,
  postSave: signals.postSave,
  preDelete: signals.preDelete,
  postDelete: signals.postDelete,
  preBulkUpdate: signals.preBulkUpdate,
  postBulkUpdate: signals.postBulkUpdate,
  preBulkDelete: signals.preBulkDelete,
  postBulkDelete: signals.postBulkDelete,
  preBulkCreate: signals.preBulkCreate,
  postBulkCreate: signals.postBulkCreate,
  relatedChanged: signals.relatedChanged,
} as const;

type ShapeOf<S> = S extends Signal<infer F> ? F : never;

/** The methods that an observer of an entity may have, each named as the signal that it hears. */
export type Observer<E extends object> = {
  [N in keyof typeof HEARD]?: (event: EventOf<ShapeOf<(typeof HEARD)[N]>, E>) => unknown;
};

/**
 * Makes a provider hear the signals of an entity by methods that are named as they are:
 * `@Observes(Post) class PostObserver implements Observer<Post> { postSave({ row }: SaveEvent<Post>) { … } }`.
 */
export function Observes<E extends object>(
  entity: AnyClass & { readonly prototype: E },
  options: ReceiverOptions = {},
): <C extends AnyClass & { readonly prototype: Observer<E> }>(target: C) => void {
  return (target) => {
    for (const [name, signal] of Object.entries(HEARD)) {
      const descriptor = Object.getOwnPropertyDescriptor(target.prototype, name);
      if (descriptor) OnSignal(signal as Signal, entity, options)(target.prototype, name, descriptor);
    }
  };
}
