import { type HelperOptions } from '../template-contributions.js';

/** A helper as the compiler uses it. */
export interface Helper {
  readonly call: (args: readonly unknown[], options: HelperOptions) => unknown;
  /** How many leading arguments must exist; a missing one is reported like a missing variable. */
  readonly requires: number;
}

/** All helpers by the name that templates write. */
export type Helpers = ReadonlyMap<string, Helper>;
