import { Secret } from '../crypto/secret.js';
import { nearest } from '../text/nearest.js';
import { durationMs, parseDuration, type Duration } from '../time/duration.js';
import { type SettingsProblems } from './settings-problems.js';
import { Unreadable } from './unreadable.js';

/** Bounds of a number; both ends are allowed values. */
export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** Bounds of a duration; both ends are allowed values. */
export interface DurationBounds {
  readonly min?: Duration;
  readonly max?: Duration;
}

/**
 * Reads the options of one area into its config: each method returns a usable value, and where the given one is wrong
 * it reports the problem and returns the default, so that all problems are found in one run.
 */
export class OptionReader<O extends object> {
  private readonly options: Partial<Record<string, unknown>>;
  private readonly known = new Set<string>();

  constructor(
    /** `settings.sessions`. */
    readonly path: string,
    options: O | undefined,
    private readonly problems: SettingsProblems,
  ) {
    const unreadable = this.reportEnvironment(options);
    const plain = !unreadable && typeof options === 'object' && options !== null && !Array.isArray(options);
    if (options !== undefined && !plain && !unreadable)
      this.report('core.E002', path, options, 'an object', `Write ${path} as { … }`);
    this.options = plain ? options : {};
  }

  /** The value as given, unchecked; undefined where it comes from an environment variable that cannot be read. */
  raw<K extends keyof O & string>(name: K): O[K] | undefined {
    this.known.add(name);
    const value = this.options[name];
    const unreadable = this.reportEnvironment(value);
    return unreadable ? undefined : (value as O[K] | undefined);
  }

  string<K extends keyof O & string>(
    name: K,
    fallback: string,
    rule: { readonly pattern?: RegExp; readonly expected?: string } = {},
  ): string {
    const value = this.raw(name) as unknown;
    if (value === undefined) return fallback;
    if (typeof value !== 'string') return this.wrongType(name, value, 'a string', fallback);
    if (rule.pattern && !rule.pattern.test(value))
      return this.outOfRange(name, value, rule.expected ?? `text that matches ${String(rule.pattern)}`, fallback);
    return value;
  }

  boolean<K extends keyof O & string>(name: K, fallback: boolean): boolean {
    const value = this.raw(name) as unknown;
    if (value === undefined) return fallback;
    return typeof value === 'boolean' ? value : this.wrongType(name, value, 'true or false', fallback);
  }

  number<K extends keyof O & string>(name: K, fallback: number, bounds: NumberBounds = {}): number {
    const value = this.raw(name) as unknown;
    if (value === undefined) return fallback;
    if (typeof value !== 'number' || Number.isNaN(value)) return this.wrongType(name, value, 'a number', fallback);
    const { min = -Infinity, max = Infinity, integer = false } = bounds;
    if (value < min || value > max || (integer && !Number.isInteger(value)))
      return this.outOfRange(name, value, `${integer ? 'a whole number' : 'a number'} from ${min} to ${max}`, fallback);
    return value;
  }

  /** A duration in milliseconds. */
  duration<K extends keyof O & string>(name: K, fallback: Duration, bounds: DurationBounds = {}): number {
    const value = this.raw(name) as unknown;
    if (value === undefined) return durationMs(fallback);
    const length = parseDuration(value);
    if (length === undefined)
      return this.wrongType(name, value, 'a duration such as "30s", "15m" or "14d"', durationMs(fallback));
    const { min, max } = bounds;
    if ((min && length < durationMs(min)) || (max && length > durationMs(max)))
      return this.outOfRange(
        name,
        value,
        `a duration from ${min ?? '0s'} to ${max ?? 'any length'}`,
        durationMs(fallback),
      );
    return length;
  }

  choice<K extends keyof O & string, V extends string>(name: K, choices: readonly V[], fallback: V): V {
    const value = this.raw(name) as unknown;
    if (value === undefined) return fallback;
    if (choices.includes(value as V)) return value as V;
    const guess = typeof value === 'string' ? nearest(value, choices) : undefined;
    const hint = guess ? `Did you mean "${guess}"?` : `Use one of ${choices.join(', ')}`;
    this.report('core.E004', this.at(name), value, `one of ${choices.join(', ')}`, hint);
    return fallback;
  }

  strings<K extends keyof O & string>(name: K, fallback: readonly string[]): readonly string[] {
    const value = this.raw(name) as unknown;
    if (value === undefined) return fallback;
    const valid = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return valid ? value : this.wrongType(name, value, 'a list of strings', fallback);
  }

  /** A secret given as text or as {@link Secret}. */
  secret<K extends keyof O & string>(name: K): Secret | undefined {
    const value = this.raw(name) as unknown;
    if (value === undefined || value instanceof Secret) return value;
    return typeof value === 'string' ? new Secret(value) : this.wrongType(name, value, 'a secret', undefined);
  }

  /** Reports a problem of the area's own kind and returns the fallback. */
  fail<T>(id: string, name: keyof O & string, got: unknown, expected: string, hint: string, fallback: T): T {
    this.report(id, this.at(name), got, expected, hint);
    return fallback;
  }

  /** A reader of nested options. */
  nested<N extends object>(name: keyof O & string): OptionReader<N> {
    return new OptionReader<N>(this.at(name), this.raw(name) as N | undefined, this.problems);
  }

  /** Reports every option that was given but never read. Call it last. */
  finish(): void {
    for (const name of Object.keys(this.options)) {
      if (this.known.has(name)) continue;
      const guess = nearest(name, this.known);
      const hint = guess
        ? `Did you mean "${guess}"?`
        : `Remove it; known settings are ${[...this.known].sort().join(', ')}`;
      this.report('core.E001', this.at(name), this.options[name], 'a known setting', hint);
    }
  }

  /** Reports what is wrong in the environment that a value comes from, and tells whether that makes it useless. */
  private reportEnvironment(value: unknown): boolean {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const item of values) {
      const found = item instanceof Secret ? item.problems : Unreadable.problemsOf(item);
      for (const problem of found ?? []) this.problems.add(problem);
    }
    return values.some((item) => item instanceof Unreadable);
  }

  private at(name: string): string {
    return `${this.path}.${name}`;
  }

  private wrongType<T>(name: string, got: unknown, expected: string, fallback: T): T {
    this.report('core.E002', this.at(name), got, expected, `Write ${this.at(name)} as ${expected}`);
    return fallback;
  }

  private outOfRange<T>(name: string, got: unknown, expected: string, fallback: T): T {
    this.report('core.E003', this.at(name), got, expected, `Change ${this.at(name)} to ${expected}`);
    return fallback;
  }

  private report(id: string, path: string, got: unknown, expected: string, hint: string): void {
    this.problems.add({ id, path, got, expected, hint });
  }
}

/** What every area's `resolve*` function knows of the application as a whole. */
export interface SettingsBase {
  /** Strict defaults, no development pages. */
  readonly production: boolean;
  /** Directory of the entry file; relative paths of code and templates start here. Ends with a slash. */
  readonly root: URL;
  /**
   * Directory of the project: relative paths of data (SQLite files, disks) start here, because a build may delete
   * what lies beside the entry file. Ends with a slash; the root where it is not given.
   */
  readonly home?: URL;
}
