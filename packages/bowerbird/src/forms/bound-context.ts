import { type Field, type FieldContext } from './fields/field.js';

/** What a field was before the input. */
export type InitialOf = (name: string, field: Field) => unknown;

/** What one field of a form is told of it. */
export class BoundContext implements FieldContext {
  readonly services: FieldContext['services'];
  readonly instance: FieldContext['instance'];
  readonly description: FieldContext['description'];
  readonly postpone: FieldContext['postpone'];
  declare readonly initial: unknown;
  readonly #name: string;
  readonly #field: Field;
  readonly #initialOf: InitialOf;

  constructor(known: Omit<FieldContext, 'initial'>, name: string, field: Field, initialOf: InitialOf) {
    this.services = known.services;
    this.instance = known.instance;
    this.description = known.description;
    this.postpone = known.postpone;
    this.#name = name;
    this.#field = field;
    this.#initialOf = initialOf;
    Object.defineProperty(this, 'initial', BoundContext.#initial);
  }

  /**
   * An own property, because fields pass the context on with some of it replaced; asked for when it is wanted, because rows
   * change. One function for all: objects with accessors of their own have hidden classes of their own too, which keep
   * them until the next full collection of garbage.
   */
  static readonly #initial: PropertyDescriptor & ThisType<BoundContext> = {
    enumerable: true,
    get() {
      return this.#initialOf(this.#name, this.#field);
    },
  };
}
