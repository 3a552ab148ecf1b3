import { inspect } from 'node:util';

import { type SettingsProblem } from '../settings/settings-problem.js';
import { MASK } from '../text/mask.js';

/** Where a {@link Secret} comes from. */
export interface SecretOrigin {
  /** Whether the value was read in a production environment; true unless said otherwise. */
  readonly production?: boolean;
  /** Whether the value stands in for one that was not configured. */
  readonly standIn?: boolean;
  /** The error for using a value that is not there. */
  readonly missing?: () => Error;
  /** What is wrong in the environment that the value was read from; may still grow. */
  readonly problems?: readonly SettingsProblem[];
}

/**
 * A value that must not be shown. It prints as a mask wherever it is logged, inspected or serialized; `reveal()` is
 * the one way to the text.
 */
export class Secret {
  readonly #text: string;
  readonly #origin: SecretOrigin;
  /** Whether the value was read in a production environment. */
  readonly production: boolean;
  /** Whether the value stands in for one that was not configured; refused in production. */
  readonly standIn: boolean;

  constructor(text: string, origin: SecretOrigin = {}) {
    this.#text = text;
    this.#origin = origin;
    this.production = origin.production ?? true;
    this.standIn = origin.standIn ?? false;
  }

  /** Whether the value was required and is not there; `FrameworkModule.forRoot` reports it. */
  get missing(): boolean {
    return this.#origin.missing !== undefined;
  }

  /** What is wrong in the environment that the value was read from. */
  get problems(): readonly SettingsProblem[] {
    return this.#origin.problems ?? [];
  }

  /** @throws EnvironmentError when the value is missing */
  reveal(): string {
    if (this.#origin.missing) throw this.#origin.missing();
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
