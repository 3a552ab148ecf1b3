/** A media type, or a range of them, with its parameters (RFC 9110, section 8.3.1 and 12.5.1). */
export interface MediaRange {
  /** In small letters, without parameters: `text/csv`, `text/*`. */
  readonly essence: string;
  /** By name in small letters, unquoted; without `q`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** How much it is wanted, from 0 to 1. */
  readonly quality: number;
}

/** Longest part first, so that commas and semicolons inside of quotes separate nothing. */
const quoted = (separator: string): RegExp => new RegExp(`(?:"(?:\\\\.|[^"\\\\])*"?|[^${separator}"])+`, 'g');

const ITEM = quoted(',');
const PART = quoted(';');
/** What most clients send needs no taking apart. */
const PLAIN = /^[a-z]+\/[a-z\d.+-]+$/;
const NONE: ReadonlyMap<string, string> = new Map();
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** The ranges of an `Accept` header, in their order. What is no media range counts for nothing. */
export function mediaRanges(header: string): readonly MediaRange[] {
  return (header.match(ITEM) ?? []).flatMap((item) => mediaRange(item) ?? []);
}

/** One media type or range; undefined for any other text. */
export function mediaRange(text: string): MediaRange | undefined {
  if (PLAIN.test(text)) return { essence: text, parameters: NONE, quality: 1 };
  const [name = '', ...rest] = text.match(PART) ?? [];
  const essence = name.trim().toLowerCase();
  if (!/^[^\s/]+\/[^\s/]+$/.test(essence)) return undefined;
  const parameters = new Map(rest.flatMap((part) => parameterOf(part)));
  const weight = parameters.get('q') ?? '1';
  parameters.delete('q');
  return { essence, parameters, quality: QUALITY.test(weight) ? Number(weight) : 0 };
}

function parameterOf(part: string): readonly (readonly [string, string])[] {
  const at = part.indexOf('=');
  if (at < 0) return [];
  const value = part.slice(at + 1).trim();
  const plain = value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value;
  return [[part.slice(0, at).trim().toLowerCase(), plain]];
}
