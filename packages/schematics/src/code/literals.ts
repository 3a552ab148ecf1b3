import { WIDTH } from '../syntax/source-text.js';

/** Text in single quotes; in double ones when that saves escapes. */
export function quoted(text: string): string {
  const raw = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  if (!raw.includes("'")) return `'${raw}'`;
  return raw.includes('"') ? `'${raw.replaceAll("'", "\\'")}'` : `"${raw}"`;
}

/** A line with a list of texts, or, where that is too long, a line for each of them. */
export function listCode(head: string, texts: readonly string[], end: string): string {
  const line = `${head}${listOf(texts)}${end}`;
  if (line.length <= WIDTH) return line;
  const indent = /^ */.exec(head)![0];
  return `${head}[\n${texts.map((text) => `${indent}  ${quoted(text)},\n`).join('')}${indent}]${end}`;
}

/** `['name', 'price']`. */
function listOf(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`;
}

/**
 * A call with one object, `@Admin({ list: […] })`, on one line where that fits.
 * @param entries the code of values by property; lists of them are broken where their line is too long
 */
export function callWith(
  head: string,
  entries: readonly (readonly [string, string | readonly string[]])[],
  end = '',
): string {
  const flat = entries.map(([name, value]) => `${name}: ${flatValue(value)}`).join(', ');
  const line = `${head}{ ${flat} }${end}`;
  if (line.length <= WIDTH) return line;
  return `${head}{\n${entries.map(([name, value]) => propertyLine(name, value)).join('')}}${end}`;
}

function propertyLine(name: string, value: string | readonly string[]): string {
  return `${typeof value === 'string' ? `  ${name}: ${value},` : listCode(`  ${name}: `, value, ',')}\n`;
}

function flatValue(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : listOf(value);
}
