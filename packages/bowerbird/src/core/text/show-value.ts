import { inspect } from 'node:util';

import { Secret } from '../crypto/secret.js';
import { isSecretName, MASK, maskUrl } from './mask.js';

/** How much of a value is shown. */
export interface ShowOptions {
  /** How many objects inside of each other; 2. */
  readonly depth?: number;
}

/** Names that hold key material, beside what {@link isSecretName} knows: `tls.key`, `pfx`. */
const KEY_NAME = /keys?$|^pfx$/i;
const KEY_TEXT = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/**
 * A value as text for messages, without what must not be shown: values of secret-looking names at every depth,
 * passwords in addresses, private keys and bytes.
 */
export function showValue(value: unknown, { depth = 2 }: ShowOptions = {}): string {
  return inspect(masked(value, depth, new Set()), {
    depth: depth + 1,
    maxStringLength: 80,
    maxArrayLength: 5,
    breakLength: Infinity,
  });
}

/** Whether the value of a name, such as a setting's, is hidden by {@link showValue}. */
export function isHiddenName(name: string): boolean {
  return isSecretName(name) || KEY_NAME.test(name);
}

/** Prints as its text, without quotes. */
class Plain {
  constructor(private readonly text: string) {}

  [inspect.custom](): string {
    return this.text;
  }
}

function masked(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (typeof value === 'string') return KEY_TEXT.test(value) ? MASK : maskUrl(value);
  if (typeof value === 'function') return new Plain(value.name ? `[Function: ${value.name}]` : '[Function]');
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value;
  if (value instanceof Date || value instanceof RegExp) return value;
  if (value instanceof URL) return new Plain(maskUrl(value.href));
  if (value instanceof Error) return new Plain(`${value.name}: ${maskUrl(value.message)}`);
  if (ArrayBuffer.isView(value)) return new Plain(`<${value.byteLength} bytes>`);
  if (above.has(value)) return new Plain('[Circular]');
  return inside(value, depth, new Set([...above, value]));
}

function inside(value: object, depth: number, above: ReadonlySet<object>): unknown {
  if (depth === 0) return new Plain(Array.isArray(value) ? '[Array]' : '[Object]');
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => masked(item, depth - 1, above));
  if (value instanceof Map) return inside(Object.fromEntries(value), depth, above);
  if (value instanceof Set) return inside([...value], depth, above);
  const kind = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor?.name;
  if (kind !== undefined && kind !== 'Object') return new Plain(`[${kind}]`);
  return Object.fromEntries(Object.keys(value).map((name) => [name, own(value, name, depth, above)]));
}

function own(value: object, name: string, depth: number, above: ReadonlySet<object>): unknown {
  if (isHiddenName(name)) return MASK;
  return masked((value as Readonly<Record<string, unknown>>)[name], depth - 1, above);
}
