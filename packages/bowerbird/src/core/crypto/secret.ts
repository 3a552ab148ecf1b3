import { inspect } from 'node:util';

import { MASK } from '../text/mask.js';

/**
 * A value that must not be shown. It prints as a mask wherever it is logged, inspected or serialized; `reveal()` is
 * the one way to the text.
 */
export class Secret {
  readonly #text: string;
  /** Whether the value was read in a production environment. */
  readonly production: boolean;
  /** Whether the value stands in for one that was not configured; refused in production. */
  readonly standIn: boolean;

  constructor(text: string, origin: { readonly production?: boolean; readonly standIn?: boolean } = {}) {
    this.#text = text;
    this.production = origin.production ?? true;
    this.standIn = origin.standIn ?? false;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return `Secret(${MASK})`;
  }
}
