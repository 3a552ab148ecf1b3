import { fittingValue, type Choice, type FieldDescription, type FieldKind } from '#orm';

import { type JsonSchema } from '../openapi/json-schema.js';

/** Reads one value of a parameter. */
export interface ValueReader {
  /** What it takes, for the description of the API. */
  readonly schema: JsonSchema;
  /** What is said of a text that is none. */
  messageFor(text: string): string;
  /** The value in a text; undefined where it is none. */
  read(text: string): unknown;
}

interface KindRule {
  readonly schema: JsonSchema;
  readonly message: string;
  /** What is said besides of some texts. */
  readonly hint?: (text: string) => string;
  readonly read?: (text: string) => unknown;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

const TEXT: KindRule = { schema: { type: 'string' }, message: 'Some characters are not valid text.' };

/** Kinds whose values are given as text. Those that are not here cannot be compared with anything. */
const KINDS: Readonly<Partial<Record<FieldKind, KindRule>>> = {
  string: TEXT,
  text: TEXT,
  enum: TEXT,
  integer: { schema: { type: 'integer' }, message: 'Enter a whole number.' },
  bigint: { schema: { type: 'string', pattern: '^[+-]?\\d{1,19}$' }, message: 'Enter a whole number.' },
  float: { schema: { type: 'number' }, message: 'Enter a number.' },
  decimal: { schema: { type: 'string', format: 'decimal' }, message: 'Enter a number.' },
  boolean: { schema: { type: 'boolean' }, message: 'Enter true or false.', read: (text) => BOOLEANS.get(text) },
  date: { schema: { type: 'string', format: 'date' }, message: 'Enter a valid date.' },
  time: { schema: { type: 'string', format: 'time' }, message: 'Enter a valid time.' },
  datetime: {
    schema: { type: 'string', format: 'date-time' },
    message: 'Enter a valid date and time.',
    // An unescaped plus is a space in an address.
    hint: (text) => (/\d \d\d(:?\d\d)?$/.test(text) ? ' Write "+" as "%2B".' : ''),
  },
  uuid: { schema: { type: 'string', format: 'uuid' }, message: 'Enter a valid UUID.' },
};

/** Most choices that a message lists. */
const MOST_LISTED = 20;

/** Whether values of a kind can be given in an address. */
export function isReadable(kind: FieldKind): boolean {
  return KINDS[kind] !== undefined;
}

/** Reads values of a kind, in the form in which the query compares them. */
export function readerOfKind(kind: FieldKind): ValueReader {
  const { schema, message, hint, read = (text: string) => fittingValue(kind, text) } = KINDS[kind] ?? TEXT;
  return { schema, messageFor: (text) => message + (hint?.(text) ?? ''), read };
}

/** What columns of integers hold that say nothing else; those of 64 bits hold all that their kind allows. */
const INTEGERS = [-(2 ** 31), 2 ** 31 - 1] as const;

/** Reads values that a field may have: one of its choices where it has some, a number within its bounds. */
export function readerOf({ kind, choices, range }: Pick<FieldDescription, 'kind' | 'choices' | 'range'>): ValueReader {
  if (choices && kind !== 'boolean') return readerOfChoices(choices);
  const reader = readerOfKind(kind);
  const bounds = range ?? (kind === 'integer' ? INTEGERS : undefined);
  if (!bounds) return reader;
  const schema =
    range && kind === 'integer'
      ? { ...reader.schema, minimum: Number(range[0]), maximum: Number(range[1]) }
      : reader.schema;
  return { ...bounded(reader, bounds), schema };
}

/** Numbers of 64 bits are texts, so that none of them is rounded. */
function bounded(
  reader: ValueReader,
  [least, most]: readonly [number | string, number | string],
): Omit<ValueReader, 'schema'> {
  const holds = (value: number | string): boolean => BigInt(value) >= BigInt(least) && BigInt(value) <= BigInt(most);
  return {
    messageFor: (text) =>
      reader.read(text) === undefined ? reader.messageFor(text) : `Enter a whole number from ${least} to ${most}.`,
    read(text) {
      const value = reader.read(text) as number | string | undefined;
      return value !== undefined && holds(value) ? value : undefined;
    },
  };
}

/** Reads one of some values. */
export function readerOfChoices(choices: readonly Pick<Choice, 'value'>[]): ValueReader {
  const byText = new Map(choices.map(({ value }) => [String(value), value]));
  const shown = [...byText.keys()].slice(0, MOST_LISTED).join(', ');
  const more = byText.size > MOST_LISTED ? ', …' : '';
  return {
    schema: { enum: choices.map(({ value }) => value) },
    messageFor: () => `Choose one of: ${shown}${more}.`,
    read: (text) => byText.get(text),
  };
}
