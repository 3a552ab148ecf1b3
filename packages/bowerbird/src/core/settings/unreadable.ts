import { type SettingsProblem } from './settings-problem.js';

const PROBLEMS = Symbol('bowerbird:problems of the environment');

/**
 * Stands for the value of an environment variable that cannot be read, so that the settings can be put together and all
 * such variables are reported at once. Whoever uses it for something else gets the error of the variable.
 */
export class Unreadable {
  private constructor(readonly problems: readonly SettingsProblem[]) {}

  /** @param problems everything that is wrong in the environment; may still grow */
  static create(problems: readonly SettingsProblem[], error: () => Error): Unreadable {
    return new Proxy(new Unreadable(problems), {
      get: (target, name) => {
        if (name === PROBLEMS) return target.problems;
        throw error();
      },
    });
  }

  /** What is wrong in the environment that a value comes from; undefined for other values. */
  static problemsOf(value: unknown): readonly SettingsProblem[] | undefined {
    if (!(value instanceof Unreadable)) return undefined;
    return (value as unknown as { readonly [PROBLEMS]: readonly SettingsProblem[] })[PROBLEMS];
  }
}
