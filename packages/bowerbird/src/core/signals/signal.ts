/**
 * What a signal tells, for each kind of sender. An interface extends it and says `event` in terms of `this['sender']`:
 * `interface SaveShape extends SignalShape { readonly event: SaveEvent<this['sender']> }`.
 */
export interface SignalShape {
  readonly sender: object;
  readonly event: unknown;
}

/** A signal whose event does not depend on who sends it. */
export interface PlainShape<E> extends SignalShape {
  readonly event: E;
}

/** The event that receivers of a signal get from a sender. */
export type EventOf<F extends SignalShape, S extends object = object> = (F & { readonly sender: S })['event'];

/**
 * Something that happens and that others may want to hear of: a row was saved, a request began. It is a name and a type;
 * who listens is known to the {@link SignalHub} of an application.
 * See https://docs.djangoproject.com/en/stable/topics/signals/
 */
export class Signal<F extends SignalShape = SignalShape> {
  declare protected readonly shape: F;

  constructor(readonly name: string) {}
}
