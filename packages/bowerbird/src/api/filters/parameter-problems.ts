import { BadParametersError } from '../api.errors.js';

/** What is wrong with the parameters of a request, so that all of it is told at once. */
export class ParameterProblems {
  private readonly messages = new Map<string, string[]>();

  /** What a reader of parameters makes of them; whatever is wrong is thrown, unless the caller collects it. @throws BadParametersError */
  static collect<T>(given: ParameterProblems | undefined, read: (problems: ParameterProblems) => T): T {
    const problems = given ?? new ParameterProblems();
    const result = read(problems);
    if (!given) problems.throwIfAny();
    return result;
  }

  /** Says what is wrong with a parameter; the same thing is said once. */
  add(name: string, message: string): void {
    const known = this.messages.get(name) ?? [];
    if (!known.includes(message)) this.messages.set(name, [...known, message]);
  }

  has(name: string): boolean {
    return this.messages.has(name);
  }

  /** @throws BadParametersError where something is wrong */
  throwIfAny(): void {
    if (this.messages.size > 0) throw new BadParametersError(Object.fromEntries(this.messages));
  }
}
