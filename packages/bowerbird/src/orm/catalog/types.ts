import { type CatalogType } from './catalog.js';

/** `decimal(10,2) unsigned`, `character varying (20)[]`, `timestamp(6) without time zone`. */
const WRITTEN = /^\s*([^(]*?)\s*(?:\(([^)]*)\)([^[]*))?(\[\])*\s*$/;
/** Types whose first number is a count of digits, not of characters. */
const COUNTED_IN_DIGITS =
  /^(decimal|numeric|dec|fixed|number|float|double|real|money|time|timestamp|datetime|interval)/;
/** Whole numbers: what stands in parentheses after them is a width for display. */
const WHOLE = /^(tiny|small|medium|big)?int(eger)?$/;

/** Takes the text of a type apart: its name, its sizes and its signs. */
export function parseType(text: string): CatalogType {
  const [, head = text, sizes, tail = '', list] = WRITTEN.exec(text) ?? [];
  const words = `${head} ${tail}`.toLowerCase().replace(/\s+/g, ' ').trim();
  const name = words.replace(/ (unsigned|signed|zerofill)\b/g, '');
  return {
    text,
    name,
    ...(sizes !== undefined && sizesOf(name, sizes)),
    ...(/ unsigned\b/.test(words) && { unsigned: true }),
    ...(list !== undefined && { array: true }),
  };
}

function sizesOf(name: string, sizes: string): Partial<CatalogType> {
  const [first, second] = sizes.split(',').map((part) => Number(part.trim()));
  if (first === undefined || !Number.isInteger(first) || WHOLE.test(name)) return {};
  if (!COUNTED_IN_DIGITS.test(name)) return { length: first };
  return { precision: first, ...(second !== undefined && Number.isInteger(second) && { scale: second }) };
}

/** The values between the parentheses of `enum('a','it''s')`. */
export function quotedValues(text: string): readonly string[] {
  return [...text.matchAll(/'((?:[^'\\]|''|\\.)*)'/g)].map(([, value = '']) =>
    value.replace(/''|\\(.)/g, (whole, escaped: string | undefined) => (whole === "''" ? "'" : escaped!)),
  );
}
