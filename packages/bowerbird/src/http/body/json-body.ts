import { MalformedBodyError } from '../http.errors.js';

/**
 * Parses JSON text strictly: nesting has a limit, and names that come twice in an object, keys that reach into prototypes
 * and NUL characters, which databases refuse, are errors (RFC 8259, section 4; RFC 7493). @throws MalformedBodyError
 */
export function parseJson(text: string, depth: number): unknown {
  const written = outlineOf(text, depth);
  if (written.depth > depth) throw new MalformedBodyError(`The JSON is nested deeper than ${depth} levels`);
  const value = parse(text);
  if (inspect(value) < written.members)
    throw new MalformedBodyError(`The name "${repeatedName(text)}" comes twice in an object`);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new MalformedBodyError('The body is not valid JSON', { cause });
  }
}

/** The deepest nesting of arrays and objects, counted on the text up to one level beyond the limit, and the members of objects. */
function outlineOf(text: string, limit: number): { readonly depth: number; readonly members: number } {
  let [level, depth, members] = [0, 0, 0];
  for (let index = 0; index < text.length && depth <= limit; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === BRACKET || code === BRACE) depth = Math.max(depth, (level += 1));
    else if (code === BRACKET_END || code === BRACE_END) level -= 1;
    else if (code === COLON) members += 1;
  }
  return { depth, members };
}

const COLON = 58;
const QUOTE = 34;
const BACKSLASH = 92;
const BRACKET = 91;
const BRACKET_END = 93;
const BRACE = 123;
const BRACE_END = 125;

function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text.charCodeAt(index) !== QUOTE) index += text.charCodeAt(index) === BACKSLASH ? 2 : 1;
  return index;
}

/** The first name that comes twice in an object; the text is known to parse. */
function repeatedName(text: string): string {
  const open: Set<string>[] = [];
  let name = '';
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BRACE) open.push(new Set());
    else if (code === BRACE_END) open.pop();
    else if (code === QUOTE) {
      const end = endOfString(text, index);
      name = JSON.parse(text.slice(index, end + 1)) as string;
      index = end;
    } else if (code === COLON) {
      if (open.at(-1)!.has(name)) return name;
      open.at(-1)!.add(name);
    }
  }
  return name;
}

/** Refuses what no handler should have to think of, and counts the members of objects. The depth is already known to be small. */
function inspect(value: unknown): number {
  if (typeof value === 'string') refuseNul(value);
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((members, item) => members + inspect(item), 0);
  let members = 0;
  for (const [key, item] of Object.entries(value)) {
    refuseKey(key, item);
    members += 1 + inspect(item);
  }
  return members;
}

function refuseKey(key: string, item: unknown): void {
  const reaches = key === '__proto__' || (key === 'constructor' && isObject(item) && Object.hasOwn(item, 'prototype'));
  if (reaches) throw new MalformedBodyError(`The key "${key}" is not allowed`);
  refuseNul(key);
}

function refuseNul(text: string): void {
  if (text.includes('\0')) throw new MalformedBodyError('The body holds a NUL character');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
