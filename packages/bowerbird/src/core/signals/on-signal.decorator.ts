import { NoteKey, type AnyClass } from '../metadata/notes.js';
import { type EventOf, type Signal, type SignalShape } from './signal.js';

/** How a receiver listens. */
export interface ReceiverOptions {
  /** Receivers run from the smallest number to the greatest, those of one number as they are registered; 0. */
  readonly order?: number;
  /**
   * Wait until the transaction in which it happened has committed; what is rolled back is never heard of. `'robust'`: an
   * error is logged, and it hears also where something else that waited for the commit has failed.
   */
  readonly onCommit?: boolean | 'robust';
}

/** What {@link OnSignal} says of a method. */
export interface ReceiverNote {
  readonly signal: Signal;
  /** The class whose events are heard, and those of its subclasses; null for everybody's. */
  readonly sender: AnyClass | null;
  readonly method: string;
  readonly options: ReceiverOptions;
}

/** The receivers of a class, in the order of their declaration. */
export const RECEIVERS_NOTE = new NoteKey<readonly ReceiverNote[]>('signal receivers');

/** Decorates a method that takes the event. */
type ReceiverDecorator<E> = <M extends (event: E) => unknown>(
  target: object,
  method: string,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

/**
 * Makes a method of a provider hear a signal, of one class of senders or without one of all:
 * `@OnSignal(postSave, Post)`. The provider must not be request-scoped.
 */
export function OnSignal<F extends SignalShape, S extends object = object>(
  signal: Signal<F>,
  sender?: AnyClass & { readonly prototype: S },
  options: ReceiverOptions = {},
): ReceiverDecorator<EventOf<F, S>> {
  return (target, method) =>
    NoteKey.append(RECEIVERS_NOTE, target.constructor, {
      signal: signal,
      sender: sender ?? null,
      method,
      options,
    });
}
