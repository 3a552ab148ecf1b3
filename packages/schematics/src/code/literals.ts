import { WIDTH } from '../syntax/source-text.js';

/** Text in single quotes; in double ones when that saves escapes. */
export function quoted(text: string): string {
  const raw = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  if (!raw.includes("'")) return `'${raw}'`;
  return raw.includes('"') ? `'${raw.replaceAll("'", "\\'")}'` : `"${raw}"`;
}

/** `['name', 'price']`. */
export function listOf(texts: readonly string[]): string {
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
  const line = `  ${name}: ${flatValue(value)},`;
  if (line.length <= WIDTH || typeof value === 'string') return `${line}\n`;
  return `  ${name}: [\n${value.map((each) => `    ${quoted(each)},\n`).join('')}  ],\n`;
}

function flatValue(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : listOf(value);
}
