import { MalformedBodyError } from '../http.errors.js';

/**
 * Parses JSON text strictly: nesting has a limit, and keys that reach into prototypes and NUL characters, which databases
 * refuse, are errors. @throws MalformedBodyError
 */
export function parseJson(text: string, depth: number): unknown {
  if (nestingOf(text, depth) > depth) throw new MalformedBodyError(`The JSON is nested deeper than ${depth} levels`);
  const value = parse(text);
  inspect(value);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new MalformedBodyError('The body is not valid JSON', { cause });
  }
}

/** The deepest nesting of arrays and objects, counted on the text; stops one level beyond the limit. */
function nestingOf(text: string, limit: number): number {
  let level = 0;
  let deepest = 0;
  for (let index = 0; index < text.length && deepest <= limit; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === BRACKET || code === BRACE) deepest = Math.max(deepest, (level += 1));
    else if (code === BRACKET_END || code === BRACE_END) level -= 1;
  }
  return deepest;
}

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

/** Refuses what no handler should have to think of. The depth is already known to be small. */
function inspect(value: unknown): void {
  if (typeof value === 'string') return refuseNul(value);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return value.forEach(inspect);
  for (const [key, item] of Object.entries(value)) {
    refuseKey(key, item);
    inspect(item);
  }
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
