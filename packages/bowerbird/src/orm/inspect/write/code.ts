import { printText, printValue } from '../../migrations/writer/print.js';

/** Columns of a line. */
const WIDTH = 120;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** A piece of TypeScript: text as it is, an object, or a list. */
export type Code = string | CodeObject | readonly Code[];

/** An object literal; entries that are undefined are left out. */
export interface CodeObject {
  readonly [key: string]: Code | undefined;
}

/** A value as TypeScript. */
export function literal(value: unknown): string {
  return printValue(value, '', -WIDTH);
}

/** Text in quotes. */
export { printText as quoted };

/** A call: on one line where it fits; else its last object opens up, or each argument has a line of its own. */
export function printCall(callee: string, args: readonly Code[], indent: string): string {
  const used = args.filter((arg) => !isEmptyObject(arg));
  const flat = `${callee}(${used.map(printFlat).join(', ')})`;
  if (indent.length + flat.length <= WIDTH) return flat;
  const head = used.slice(0, -1).map((arg) => `${printFlat(arg)}, `);
  const last = used.at(-1);
  if (isObject(last)) return `${callee}(${head.join('')}${printObject(last, indent)})`;
  if (used.length === 1 && Array.isArray(last)) return `${callee}(${printCode(last, indent, WIDTH)})`;
  const lines = used.map((arg) => `${indent}  ${printCode(arg, `${indent}  `)},`);
  return `${callee}(\n${lines.join('\n')}\n${indent})`;
}

/** A piece on one line where it fits, else opened up. */
export function printCode(code: Code, indent: string, used = 1): string {
  const flat = printFlat(code);
  if (typeof code === 'string' || indent.length + used + flat.length <= WIDTH) return flat;
  if (isObject(code)) return printObject(code, indent);
  const lines = code.map((each) => `${indent}  ${printCode(each, `${indent}  `)},`);
  return `[\n${lines.join('\n')}\n${indent}]`;
}

function printFlat(code: Code): string {
  if (typeof code === 'string') return code;
  if (!isObject(code)) return `[${code.map(printFlat).join(', ')}]`;
  const entries = entriesOf(code).map(([key, value]) => printEntry(key, printFlat(value)));
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}';
}

function printObject(code: CodeObject, indent: string): string {
  const lines = entriesOf(code).map(([key, value]) => {
    const text = printCode(value, `${indent}  `, key.length + 3);
    const line = `${indent}  ${printEntry(key, text)},`;
    // Long text goes on a line of its own.
    const isLong = text.startsWith("'") && line.length > WIDTH;
    return isLong ? `${indent}  ${printEntry(key, `\n${indent}    ${text}`)},`.replace(': \n', ':\n') : line;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function printEntry(key: string, value: string): string {
  return `${IDENTIFIER.test(key) ? key : printText(key)}: ${value}`;
}

function entriesOf(code: CodeObject): readonly (readonly [string, Code])[] {
  return Object.entries(code).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}

function isObject(code: Code | undefined): code is CodeObject {
  return typeof code === 'object' && !Array.isArray(code);
}

function isEmptyObject(code: Code): boolean {
  return isObject(code) && entriesOf(code).length === 0;
}

/** Text that cannot end a comment, on one line. */
export function commentText(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim();
}
