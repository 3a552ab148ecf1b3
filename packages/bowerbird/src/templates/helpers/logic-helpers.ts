import { isTruthy } from '../compile/blocks.js';
import { type Helper } from '../compile/helper.js';
import { property } from '../compile/paths.js';
import { SafeHtml } from '../safe-html.js';

/** A helper without requirements. */
const tolerant = (call: Helper['call']): Helper => ({ call, requires: 0 });

/** Equal: the same value; dates by their moment, markup by its text. Numbers and texts are never equal. */
export function isEqual(left: unknown, right: unknown): boolean {
  return Object.is(comparable(left), comparable(right)) || left === right;
}

function comparable(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return value instanceof SafeHtml ? value.toString() : value;
}

function compare(args: readonly unknown[], holds: (sign: number) => boolean): boolean {
  const [left, right] = args.map((value) => comparable(value) as number);
  if (left === null || left === undefined || right === null || right === undefined) return false;
  if (left < right) return holds(-1);
  if (left > right) return holds(1);
  return isEqual(left, right) && holds(0);
}

function contains(collection: unknown, value: unknown): boolean {
  if (typeof collection === 'string') return collection.includes(String(value));
  if (typeof collection !== 'object' || collection === null) return false;
  if (Symbol.iterator in collection) return [...(collection as Iterable<unknown>)].some((item) => isEqual(item, value));
  return Object.hasOwn(collection, String(value));
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Comparisons and choices. */
export const LOGIC_HELPERS: Readonly<Record<string, Helper>> = {
  eq: tolerant(([left, right]) => isEqual(left, right)),
  ne: tolerant(([left, right]) => !isEqual(left, right)),
  lt: tolerant((args) => compare(args, (sign) => sign < 0)),
  lte: tolerant((args) => compare(args, (sign) => sign <= 0)),
  gt: tolerant((args) => compare(args, (sign) => sign > 0)),
  gte: tolerant((args) => compare(args, (sign) => sign >= 0)),
  and: tolerant((args) => args.find((value) => !isTruthy(value)) ?? (args.every(isTruthy) ? args.at(-1) : false)),
  or: tolerant((args) => args.find(isTruthy) ?? args.at(-1)),
  not: { call: ([value]) => !isTruthy(value), requires: 0 },
  in: tolerant(([value, collection]) => contains(collection, value)),
  default: tolerant((args) => args.find((value) => !isEmpty(value)) ?? ''),
  lookup: tolerant(([value, name]) => property(value, String(name))),
};
