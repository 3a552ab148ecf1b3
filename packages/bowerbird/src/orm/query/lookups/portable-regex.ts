import { BadLookupValueError } from '../query.errors.js';

/** A pattern in the syntax of each database. */
export interface PortableRegex {
  readonly postgres: string;
  readonly mysql: string;
  readonly sqlite: string;
}

/** The longest pattern, in characters. */
const LONGEST = 500;

/** What the short forms stand for, in ASCII: databases differ about the rest of Unicode. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: ' \\t\\n\\r\\f\\v',
};

const TOKEN =
  /\\[dwsDWS]|\\[tnrfv]|\\[^A-Za-z0-9]|\[\^?\]?(?:\\.|\[:[a-z]+:\]|[^\]\\])*\]|\(\?:|\(\?|[()|^$.]|(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})[?+]?|[^\\()[\]{}*+?|^$.]/gsy;

/**
 * A regular expression in the part of the syntax that means the same everywhere: characters, sets, groups,
 * alternatives, `*`, `+`, `?`, `{m,n}`, `^`, `$`, `.`, `\d`, `\w` and `\s`. The point stands for line breaks too.
 * @throws BadLookupValueError for anything else
 */
export function portableRegex(value: unknown, path: string): PortableRegex {
  if (typeof value !== 'string' || value.length > LONGEST || value.includes('\0')) throw unfit(path, value);
  const tokens = value.match(TOKEN) ?? [];
  if (tokens.join('') !== value || tokens.some(isUnportable)) throw unfit(path, value);
  const plain = tokens.map(writeToken).join('');
  try {
    void new RegExp(plain, 'u');
  } catch (error) {
    throw unfit(path, value, error);
  }
  const toEnd = tokens.map((token) => (token === '$' ? '\\z' : writeToken(token))).join('');
  return { postgres: plain, mysql: `(?s)${toEnd}`, sqlite: plain };
}

function isUnportable(token: string): boolean {
  return (
    token === '(?' || /^(?:[*+?]|\{.*\})[?+]$/.test(token) || /\[:|\\[^dws\]\\^\-tnrfv[/.+*?(){}|$]/.test(inSet(token))
  );
}

function inSet(token: string): string {
  return token.startsWith('[') ? token.slice(1) : '';
}

function writeToken(token: string): string {
  if (token.startsWith('[')) return token.replace(/\\([dws])/g, (_all, name: string) => CLASSES[name]!);
  const [, name] = /^\\([dwsDWS])$/.exec(token) ?? [];
  if (!name) return /^\\[^A-Za-z0-9]$/.test(token) ? escaped(token[1]!) : token;
  return `[${name === name.toLowerCase() ? '' : '^'}${CLASSES[name.toLowerCase()]!}]`;
}

/** JavaScript's Unicode mode knows escapes of its own signs only. */
function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

function unfit(path: string, value: unknown, cause?: unknown): BadLookupValueError {
  return new BadLookupValueError(path, value, 'a regular expression of the part that every database has', { cause });
}
