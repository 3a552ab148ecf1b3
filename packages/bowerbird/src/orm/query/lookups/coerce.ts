import { fixDecimal } from '../../describe/decimal.js';
import { type FieldKind } from '../../describe/entity-description.js';
import { parseDate, parseMoment, parseTime } from './dates.js';

/** Makes the value that a comparison binds out of what the caller gave, or undefined when it does not fit. */
type Coercion = (value: unknown) => unknown;

/** How a kind takes values, and what a message says that it takes. */
interface KindRule {
  readonly expects: string;
  readonly coerce: Coercion;
}

const NUL = '\0';
const INTEGER = /^[+-]?\d{1,19}$/;
const DECIMAL = /^[+-]?(\d{1,64}(\.\d{0,64})?|\.\d{1,64})$/;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
const UUID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

const LARGEST_BIGINT = 9_223_372_036_854_775_807n;

const TRUE: ReadonlySet<unknown> = new Set([true, 1, 'true', '1']);
const FALSE: ReadonlySet<unknown> = new Set([false, 0, 'false', '0']);

const text: KindRule = { expects: 'well-formed text without NUL bytes', coerce: toText };

/** Kinds by what they take. JSON takes nothing: its lookups are of their own. */
const RULES: Readonly<Record<FieldKind, KindRule>> = {
  string: text,
  text,
  enum: text,
  integer: { expects: 'an integer', coerce: toInteger },
  bigint: { expects: 'an integer of 64 bits', coerce: toBigint },
  float: { expects: 'a number', coerce: toFloat },
  decimal: { expects: 'a decimal number', coerce: toDecimal },
  boolean: { expects: 'true or false', coerce: toBoolean },
  date: { expects: 'a date (YYYY-MM-DD)', coerce: parseDate },
  time: { expects: 'a time (HH:MM:SS)', coerce: parseTime },
  datetime: { expects: 'a date and time (ISO 8601)', coerce: parseMoment },
  uuid: { expects: 'a UUID', coerce: toUuid },
  json: { expects: 'no such comparison', coerce: () => undefined },
  binary: { expects: 'bytes', coerce: (value) => (value instanceof Uint8Array ? Buffer.from(value) : undefined) },
};

/** The value to bind for a kind, or undefined when the given one does not fit. Never null. */
export function coerce(kind: FieldKind, value: unknown): unknown {
  return RULES[kind].coerce(value);
}

/** What values of a kind look like, for messages. */
export function expectation(kind: FieldKind): string {
  return RULES[kind].expects;
}

/** Text that every database can store and compare. */
export function toText(value: unknown): string | undefined {
  const given = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  return typeof given === 'string' && !given.includes(NUL) && isWellFormed(given) ? given : undefined;
}

/** Whether a text has no half of a surrogate pair, in whose place each driver would put something of its own. */
export function isWellFormed(text: string): boolean {
  // Node has it from 20 on; the library of ES2023 does not declare it.
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}

function toInteger(value: unknown): number | undefined {
  const given = typeof value === 'string' && INTEGER.test(value.trim()) ? Number(value) : value;
  const number = typeof given === 'bigint' ? Number(given) : given;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

/** As text, which no driver rounds. */
function toBigint(value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return undefined;
  const given = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  if (typeof given !== 'string' || !INTEGER.test(given.trim())) return undefined;
  const number = BigInt(given.trim().replace(/^\+/, ''));
  return number <= LARGEST_BIGINT && number >= -LARGEST_BIGINT - 1n ? String(number) : undefined;
}

function toFloat(value: unknown): number | undefined {
  const given = typeof value === 'string' && FLOAT.test(value.trim()) ? Number(value) : value;
  const number = typeof given === 'bigint' ? Number(given) : given;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function toDecimal(value: unknown): string | undefined {
  const given = typeof value === 'number' ? plainNumber(value) : typeof value === 'bigint' ? String(value) : value;
  const plain = typeof given === 'string' ? given.trim() : '';
  return DECIMAL.test(plain) ? plain : undefined;
}

/** A number without an exponent: JavaScript writes 1e-7 and 1e+21. */
function plainNumber(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const places = Number(/e-(\d+)$/.exec(text)?.[1] ?? 0) + (/\.(\d+)e-/.exec(text)?.[1]?.length ?? 0);
  return fixDecimal(text, places);
}

function toBoolean(value: unknown): boolean | undefined {
  if (TRUE.has(value)) return true;
  return FALSE.has(value) ? false : undefined;
}

function toUuid(value: unknown): string | undefined {
  const match = typeof value === 'string' ? UUID.exec(value) : null;
  return match?.slice(1).join('-').toLowerCase();
}
