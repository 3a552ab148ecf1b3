import { Secret } from '../crypto/secret.js';
import { FrameworkError } from '../errors/framework.error.js';
import { parseDuration, type Duration } from '../time/duration.js';

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
 */
export class Environment {
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
    return this.read(name, fallback, parseBoolean, 'one of true, false, 1, 0, yes, no, on, off');
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
    const text = this.variables[name];
    if (text) return new Secret(text, { production: this.production });
    if (this.production) throw new EnvironmentError(name, 'is not set');
    return new Secret(`${STAND_IN}:${name}`, { production: false, standIn: true });
  }

  private read<T>(name: string, fallback: T | undefined, parse: (text: string) => T | undefined, expected: string): T {
    const text = this.variables[name];
    if (text === undefined || text === '') {
      if (fallback === undefined) throw new EnvironmentError(name, 'is not set');
      return fallback;
    }
    const value = parse(text.trim());
    if (value === undefined) throw new EnvironmentError(name, `is not ${expected}`);
    return value;
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
