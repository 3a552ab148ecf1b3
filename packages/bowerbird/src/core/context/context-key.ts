/** A typed name under which a {@link Context} keeps one value. */
export class ContextKey<T> {
  declare protected readonly shape: T;

  constructor(readonly name: string) {}
}
