import { type FieldDescription, type FieldFormat, type FieldKind } from '#orm';

import { type Random } from './random.js';

/** What a made-up value is made of. */
interface Source {
  readonly field: FieldDescription;
  /** Counts the rows. */
  readonly n: number;
  readonly random: Random;
}

type Maker = (source: Source) => unknown;

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
/** A value for each row, so that unique fields stay unique. */
const day = (n: number): string => new Date(START + (n - 1) * DAY).toISOString().slice(0, 10);
const word = ({ path }: FieldDescription): string => path.split('.').at(-1)!.toLowerCase();

const FORMATS: Readonly<Partial<Record<FieldFormat, (source: Source) => string>>> = {
  email: ({ field, n }) => `${word(field)}${n}@example.com`,
  url: ({ n }) => `https://example.com/${n}`,
  slug: ({ field, n }) => `${word(field)}-${n}`,
  file: ({ n }) => `file-${n}.txt`,
  image: ({ n }) => `image-${n}.png`,
  color: ({ n }) => `#${(n % 0x1000000).toString(16).padStart(6, '0')}`,
  phone: ({ n }) => `+49301${String(n).padStart(6, '0')}`,
};

const KINDS: Readonly<Record<FieldKind, Maker>> = {
  string: textOf,
  text: textOf,
  enum: textOf,
  integer: numberOf,
  bigint: (source) => String(numberOf(source)),
  float: numberOf,
  decimal: (source) => numberOf(source).toFixed(source.field.scale ?? 0),
  boolean: () => false,
  date: ({ n }) => day(n),
  time: ({ n }) => new Date(START + (n % 86_400) * 1_000).toISOString().slice(11, 19),
  datetime: ({ n }) => new Date(START + n * 60_000),
  uuid: ({ random }) => random.uuid(),
  json: () => ({}),
  binary: (source) => Buffer.from(textOf(source)),
};

/** A value that fits a field: its kind, format, length, choices and validators; another one for each row. */
export function madeUpValue(source: Source): unknown {
  const { field, n } = source;
  const allowed =
    field.choices?.map(({ value }) => value) ?? (argument(field, 'isIn') as readonly unknown[] | undefined);
  if (allowed && allowed.length > 0) return allowed[(n - 1) % allowed.length];
  return KINDS[field.kind](source);
}

function textOf(source: Source): string {
  const { field, n } = source;
  const end = String(n);
  const most = Math.min(field.length ?? Infinity, limit(field, 'maxLength') ?? limit(field, 'isLength', 1) ?? Infinity);
  const formatted = field.format && FORMATS[field.format]?.(source);
  if (formatted !== undefined) return formatted.length <= most ? formatted : end.padStart(most, '0').slice(-most);
  const least = limit(field, 'minLength') ?? limit(field, 'isLength') ?? 0;
  const zeros = '0'.repeat(Math.max(0, least - field.label.length - 1 - end.length));
  // The number at the end stays, so that the text differs from those of other rows.
  return `${`${field.label} ${zeros}`.slice(0, Math.max(0, most - end.length))}${end}`.slice(-most);
}

/** Counts from the least allowed number, and begins again after the greatest. */
function numberOf({ field, n }: Source): number {
  const digits = field.kind === 'decimal' ? 10 ** ((field.precision ?? 19) - (field.scale ?? 0)) - 1 : 2_147_483_647;
  const most = Math.min(limit(field, 'max') ?? Infinity, digits);
  const least = limit(field, 'min') ?? Math.min(1, most);
  return least + ((n - 1) % Math.max(1, most - least + 1));
}

function argument({ validators }: FieldDescription, name: string, index = 0): unknown {
  return validators.find((validator) => validator.name === name && !validator.each)?.args[index];
}

function limit(field: FieldDescription, name: string, index = 0): number | undefined {
  const given = argument(field, name, index);
  return given === undefined ? undefined : Number(given);
}
