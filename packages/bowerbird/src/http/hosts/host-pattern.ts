import { isIPv6 } from 'node:net';

const NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.?$/;
const PORT = /^\d{1,5}$/;

/** The name in a `Host` header, in lower case without port and final dot, or undefined when the header is malformed. */
export function hostName(header: string): string | undefined {
  const text = header.toLowerCase();
  const end = text.startsWith('[') ? text.indexOf(']') + 1 : colonOrEnd(text);
  const name = text.slice(0, end);
  const rest = text.slice(end);
  if (rest !== '' && !(rest.startsWith(':') && PORT.test(rest.slice(1)))) return undefined;
  if (name.startsWith('[')) return isIPv6(name.slice(1, -1)) ? name : undefined;
  return NAME.test(name) ? name.replace(/\.$/, '') : undefined;
}

function colonOrEnd(text: string): number {
  const colon = text.indexOf(':');
  return colon < 0 ? text.length : colon;
}

/** Whether a text is no pattern for hosts: `example.com`, `.example.com`, `[::1]` or `*`. */
export function badHostPattern(pattern: string): boolean {
  if (pattern === '*') return false;
  const name = pattern.startsWith('.') ? pattern.slice(1) : pattern;
  return name === '' || hostName(name) !== name.toLowerCase();
}

/** A test for host names, built once from the patterns. */
export function hostMatcher(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.includes('*')) return () => true;
  const exact = new Set(patterns.map((pattern) => pattern.replace(/^\./, '')));
  const endings = patterns.filter((pattern) => pattern.startsWith('.'));
  return (name) => exact.has(name) || endings.some((ending) => name.endsWith(ending));
}
