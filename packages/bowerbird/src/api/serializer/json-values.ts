import { type FieldDescription, type FieldKind } from '#orm';

/** Turns what a field holds into what JSON can hold. */
export type ToJson = (value: unknown) => unknown;

const asText: ToJson = (value) => (typeof value === 'number' || typeof value === 'bigint' ? `${value}` : value);

/**
 * What JSON documents hold for each kind of field. Decimals and integers of 64 bits are texts, because numbers of
 * JavaScript cannot hold them; moments are ISO 8601 in UTC, bytes Base64.
 */
const BY_KIND: Readonly<Partial<Record<FieldKind, ToJson>>> = {
  datetime: (value) => (value instanceof Date ? value.toISOString() : value),
  date: (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value),
  binary: (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value),
  bigint: asText,
  decimal: asText,
  float: (value) => (Number.isFinite(value) ? value : null),
};

/** How the values of a field are written, or undefined where they stand as they are. */
export function toJsonOf({ kind }: FieldDescription): ToJson | undefined {
  return BY_KIND[kind];
}

/** The key of a row as JSON has it: a number for integers, text for others, an object for keys of several columns. */
export function keyToJson(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`;
  return value instanceof Date ? value.toISOString() : value;
}
