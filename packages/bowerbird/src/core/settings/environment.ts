import { Secret } from '../crypto/secret.js';
import { FrameworkError } from '../errors/framework.error.js';
import { parseDuration, type Duration } from '../time/duration.js';
import { type SettingsProblem } from './settings-problem.js';
import { Unreadable } from './unreadable.js';

/** An environment variable is missing or malformed. Values are never part of the message. */
export class EnvironmentError extends FrameworkError {
  readonly code = 'core.environment';

  constructor(variable: string, problem: string) {
    super(`Environment variable ${variable} ${problem}`, { hint: `Set ${variable} in the environment of the process` });
  }
}

/** A development stand-in for a secret; long enough to work, and refused by a check in production. */
const STAND_IN = 'development-stand-in-secret-never-use-in-production-0123456789';

/**
 * Reads typed values from a process environment. Only an application's settings file uses it; the framework itself
 * never reads the environment.
 *
 * A variable that is missing or malformed does not throw where it is read: `FrameworkModule.forRoot` reports all of
 * them together with everything else that is wrong with the settings. Using its value before that throws.
 */
export class Environment {
  private readonly problems: SettingsProblem[] = [];
  /** Whether a secret was given, which brings the problems to `FrameworkModule.forRoot`. */
  private linked = false;

  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  /** Whether `NODE_ENV` is `production`. */
  get production(): boolean {
    return this.variables.NODE_ENV === 'production';
  }

  /** A text. Without a fallback the variable is required. */
  string(name: string, fallback?: string): string {
    return this.read(name, fallback, (text) => text, 'a text');
  }

  /** A text, or undefined when the variable is not set. */
  optional(name: string): string | undefined {
    return this.variables[name] || undefined;
  }

  number(name: string, fallback?: number): number {
    return this.read(name, fallback, parseNumber, 'a number');
  }

  /** A whole number from 0 to 65535. */
  port(name: string, fallback?: number): number {
    return this.read(name, fallback, parsePort, 'a port number');
  }

  /** `true`, `1`, `yes`, `on`, or `false`, `0`, `no`, `off`. */
  boolean(name: string, fallback?: boolean): boolean {
    const value = this.read(name, fallback, parseBoolean, 'one of true, false, 1, 0, yes, no, on, off');
    // What stands for a missing value counts as true, so it is let out only where it is sure to be reported.
    if ((value as unknown) instanceof Unreadable && !this.linked) throw this.errorOf(name);
    return value;
  }

  /** Texts separated by commas; white space around them is dropped. */
  list(name: string, fallback?: readonly string[]): readonly string[] {
    return this.read(name, fallback, parseList, 'a comma-separated list');
  }

  duration(name: string, fallback?: Duration): Duration {
    return this.read(
      name,
      fallback,
      (text) => (parseDuration(text) === undefined ? undefined : (text as Duration)),
      'a duration such as 30s or 14d',
    );
  }

  /**
   * A secret. Outside of production a missing one is replaced by a fixed stand-in, so that a fresh checkout starts;
   * in production it is required.
   */
  secret(name: string): Secret {
    const { production, problems } = this;
    const text = this.variables[name];
    this.linked = true;
    if (text) return new Secret(text, { production, problems });
    if (!production) return new Secret(`${STAND_IN}:${name}`, { production, problems, standIn: true });
    this.note(name, 'is not set');
    return new Secret('', { production, problems, missing: () => new EnvironmentError(name, 'is not set') });
  }

  private read<T>(name: string, fallback: T | undefined, parse: (text: string) => T | undefined, expected: string): T {
    const text = this.variables[name];
    if (text === undefined || text === '') {
      return fallback === undefined ? this.unreadable(name, 'is not set') : fallback;
    }
    return parse(text.trim()) ?? this.unreadable(name, `is not ${expected}`);
  }

  private unreadable<T>(name: string, problem: string): T {
    this.note(name, problem);
    return Unreadable.create(this.problems, () => new EnvironmentError(name, problem)) as T;
  }

  private errorOf(name: string): EnvironmentError {
    return new EnvironmentError(name, this.problems.find(({ path }) => path === name)!.expected);
  }

  /** Values are never part of what is reported. */
  private note(name: string, problem: string): void {
    if (this.problems.some(({ path, expected }) => path === name && expected === problem)) return;
    const { message, hint } = new EnvironmentError(name, problem);
    this.problems.push({ id: 'core.E005', path: name, got: undefined, expected: problem, hint: hint!, message });
  }
}

/** A typed reader of the given variables: `const env = environment(process.env)`. */
export function environment(variables: Readonly<Record<string, string | undefined>>): Environment {
  return new Environment(variables);
}

function parseNumber(text: string): number | undefined {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : undefined;
}

function parsePort(text: string): number | undefined {
  const value = parseNumber(text);
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : undefined;
}

function parseBoolean(text: string): boolean | undefined {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  return /^(false|0|no|off)$/i.test(text) ? false : undefined;
}

function parseList(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
