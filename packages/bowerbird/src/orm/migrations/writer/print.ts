import { Call } from '../operations/call.js';

/** Text that is written as it is. */
export class Verbatim extends Call {
  constructor(readonly text: string) {
    super(text, []);
  }
}

/** Columns of a line of a migration file. */
const WIDTH = 120;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** A value as TypeScript, formatted as prettier would: on one line where it fits, one item per line where it does not. */
export function printValue(value: unknown, indent = '', used = 0): string {
  const flat = printFlat(value);
  if (value instanceof Verbatim || (!mustBreak(value) && indent.length + used + flat.length <= WIDTH)) return flat;
  if (value instanceof Call) return printCall(value, indent);
  if (Array.isArray(value)) return printList(value, indent);
  return isRecord(value) ? printRecord(value, indent) : flat;
}

/** Text in single quotes; in double ones when that saves escapes. */
export function printText(text: string): string {
  const json = JSON.stringify(text).slice(1, -1);
  const raw = json.replaceAll('\\"', '"');
  if (!raw.includes("'")) return `'${raw}'`;
  return raw.includes('"') ? `'${raw.replaceAll("'", "\\'")}'` : `"${raw}"`;
}

function printFlat(value: unknown): string {
  if (value instanceof Verbatim) return value.text;
  if (value instanceof Call) return `ops.${value.callee}(${value.args.map(printFlat).join(', ')})`;
  if (Array.isArray(value)) return `[${value.map(printFlat).join(', ')}]`;
  if (isRecord(value)) {
    const parts = entriesOf(value).map(([key, each]) => `${printKey(key)}: ${printFlat(each)}`);
    return parts.length > 0 ? `{ ${parts.join(', ')} }` : '{}';
  }
  return typeof value === 'string' ? printText(value) : String(value);
}

/** Prettier keeps an object open whose first key stands on a line of its own: entities and their fields read so. */
function mustBreak(value: unknown): boolean {
  if (holdsTable(value)) return true;
  if (value instanceof Call) return value.args.some(mustBreak);
  return isRecord(value) && Object.values(value).some((each) => each instanceof Call || mustBreak(each));
}

/** Prettier opens a list of several lists or objects, each with several items, and all that is around it. */
function holdsTable(value: unknown): boolean {
  if (value instanceof Call) return value.args.some(holdsTable);
  if (isRecord(value)) return Object.values(value).some(holdsTable);
  if (!Array.isArray(value)) return false;
  const isTable = value.every((each) => Array.isArray(each) && each.length > 1) || value.every(hasSeveralKeys);
  return (value.length > 1 && isTable) || value.some(holdsTable);
}

function hasSeveralKeys(value: unknown): boolean {
  return isRecord(value) && entriesOf(value).length > 1;
}

/** The last argument opens up when the ones before it fit on the line of the call; otherwise each has its own line. */
function printCall({ callee, args }: Call, indent: string): string {
  const head = args.slice(0, -1).map((each) => printFlat(each));
  const last = args.at(-1);
  const start = `ops.${callee}(${head.map((each) => `${each}, `).join('')}`;
  const hugs = (isRecord(last) || Array.isArray(last)) && indent.length + start.length < WIDTH;
  const shallow = hugs && !args.slice(0, -1).some((each) => each instanceof Call || isRecord(each));
  if (shallow) return `${start}${printOpen(last, indent)})`;
  const inner = `${indent}  `;
  const lines = args.map((each) => `${inner}${printValue(each, inner, 1)},`);
  return `ops.${callee}(\n${lines.join('\n')}\n${indent})`;
}

function printOpen(value: unknown, indent: string): string {
  return Array.isArray(value) ? printList(value, indent) : printRecord(value as Record<string, unknown>, indent);
}

function printList(values: readonly unknown[], indent: string): string {
  const inner = `${indent}  `;
  return `[\n${values.map((each) => `${inner}${printValue(each, inner, 1)},`).join('\n')}\n${indent}]`;
}

function printRecord(value: Record<string, unknown>, indent: string): string {
  const inner = `${indent}  `;
  const lines = entriesOf(value).map(([key, each]) => {
    const name = printKey(key);
    return `${inner}${name}: ${printValue(each, inner, name.length + 3)},`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function entriesOf(value: Record<string, unknown>): [string, unknown][] {
  return Object.entries(value).filter(([, each]) => each !== undefined);
}

/** Only keys that need quotes get them. */
function printKey(key: string): string {
  return IDENTIFIER.test(key) ? key : printText(key);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Call);
}
