import { createHash } from 'node:crypto';

import { Big } from 'big.js';

import { fixDecimal, significantDigits } from '../describe/decimal.js';
import { DecimalPrecisionError } from '../orm.errors.js';
import { containsJson, sameJson } from '../query/sql/json-values.js';
import { TimeZones } from '../query/zones/time-zones.js';
import { exact, type SqlNumber } from './exact-number.js';
import { inCase } from './letter-case.js';
import { DIFFERENT_TEXTS, NUMBER_AGGREGATES } from './sqlite-aggregates.js';
import { clockFunctions } from './sqlite-clocks.js';

/** The functions that SQLite is given, by what they do. */
export const SQLITE_FUNCTIONS = {
  lower: 'bowerbird_lower',
  upper: 'bowerbird_upper',
  reverse: 'bowerbird_reverse',
  repeat: 'bowerbird_repeat',
  leftPad: 'bowerbird_left_pad',
  rightPad: 'bowerbird_right_pad',
  hash: 'bowerbird_hash',
  cut: 'bowerbird_cut',
  matches: 'bowerbird_matches',
  regex: 'bowerbird_regex',
  occurrences: 'bowerbird_occurrences',
  sameJson: 'bowerbird_same_json',
  containsJson: 'bowerbird_contains_json',
  decimal: 'bowerbird_decimal',
  integer: 'bowerbird_integer',
  round: 'bowerbird_round',
  store: 'bowerbird_store',
  sortKey: 'bowerbird_sort_key',
  sum: 'bowerbird_sum',
  mean: 'bowerbird_mean',
  least: 'bowerbird_least',
  greatest: 'bowerbird_greatest',
  differentTexts: 'bowerbird_different_texts',
  variance: 'bowerbird_variance',
  sampleVariance: 'bowerbird_sample_variance',
  clock: 'bowerbird_clock',
  unclock: 'bowerbird_unclock',
  midnight: 'bowerbird_midnight',
} as const;

/** The part of better-sqlite3's connection that functions are added to. */
export interface SqliteConnection {
  function(name: string, options: object, work: (...values: never[]) => unknown): void;
  aggregate(name: string, options: object): void;
}

type Text = string | null;

/** Digits before and after the point of a sort key. */
const KEY_DIGITS = 65;
const SAFE = { deterministic: true } as const;
/** Integers as they are: a double would lose digits of large ones. */
const WHOLE = { deterministic: true, safeIntegers: true } as const;
/** SQLite keeps a decimal in a column as a double, which holds this many digits exactly. */
const EXACT_DIGITS = 15;
const LARGEST = 9_223_372_036_854_775_807n;

/** What is added to a connection: functions by name, with their options. */
const FUNCTIONS: readonly (readonly [name: string, options: object, work: (...values: never[]) => unknown])[] = [
  [SQLITE_FUNCTIONS.lower, SAFE, (value: unknown) => (typeof value === 'string' ? inCase('lower', value) : value)],
  [SQLITE_FUNCTIONS.upper, SAFE, (value: unknown) => (typeof value === 'string' ? inCase('upper', value) : value)],
  [SQLITE_FUNCTIONS.reverse, SAFE, (value: Text) => value && Array.from(value).reverse().join('')],
  [SQLITE_FUNCTIONS.repeat, SAFE, (value: Text, times: number) => value && value.repeat(times)],
  [
    SQLITE_FUNCTIONS.leftPad,
    SAFE,
    (value: Text, length: number, fill: string) => padded(value, length, fill, 'before'),
  ],
  [
    SQLITE_FUNCTIONS.rightPad,
    SAFE,
    (value: Text, length: number, fill: string) => padded(value, length, fill, 'behind'),
  ],
  [SQLITE_FUNCTIONS.hash, SAFE, hash],
  [SQLITE_FUNCTIONS.cut, WHOLE, cut],
  [SQLITE_FUNCTIONS.matches, SAFE, matches],
  [SQLITE_FUNCTIONS.regex, SAFE, regexFinder()],
  [SQLITE_FUNCTIONS.occurrences, SAFE, occurrenceCounter()],
  [SQLITE_FUNCTIONS.sameJson, SAFE, ofJson(sameJson)],
  [SQLITE_FUNCTIONS.containsJson, SAFE, ofJson(containsJson)],
  [SQLITE_FUNCTIONS.decimal, WHOLE, decimal],
  [SQLITE_FUNCTIONS.integer, WHOLE, integer],
  [SQLITE_FUNCTIONS.round, WHOLE, round],
  [SQLITE_FUNCTIONS.store, WHOLE, store],
  [SQLITE_FUNCTIONS.sortKey, WHOLE, sortKey],
];

/** Adds what SQLite lacks to a connection. */
export function addSqliteFunctions(connection: SqliteConnection, zones = new TimeZones()): void {
  for (const [name, options, work] of FUNCTIONS) connection.function(name, options, work);
  const { clock, unclock, midnight } = clockFunctions(zones);
  connection.function(SQLITE_FUNCTIONS.clock, SAFE, clock);
  connection.function(SQLITE_FUNCTIONS.unclock, SAFE, unclock);
  connection.function(SQLITE_FUNCTIONS.midnight, SAFE, midnight);
  connection.aggregate(SQLITE_FUNCTIONS.differentTexts, { ...WHOLE, ...DIFFERENT_TEXTS });
  for (const [name, aggregate] of Object.entries(NUMBER_AGGREGATES))
    connection.aggregate(SQLITE_FUNCTIONS[name as keyof typeof NUMBER_AGGREGATES], { ...WHOLE, ...aggregate });
}

const OPERATIONS: Readonly<Record<string, (left: Big, right: Big) => Big>> = {
  '+': (left, right) => left.plus(right),
  '-': (left, right) => left.minus(right),
  '*': (left, right) => left.times(right),
  '/': (left, right) => left.div(right),
  '%': (left, right) => left.mod(right),
};

function decimal(operator: string, left: SqlNumber, right: SqlNumber, scale: bigint): string | null {
  if (left === null || right === null) return null;
  const divides = operator === '/' || operator === '%';
  if (divides && exact(right).eq(0)) return null;
  const result = OPERATIONS[operator]!(exact(left), exact(right));
  return operator === '/' ? result.toFixed(Number(scale)) : result.toFixed();
}

/** Places by which bits of 64 can be moved. */
const PLACES = 64n;

const WHOLE_OPERATIONS: Readonly<Record<string, (left: bigint, right: bigint) => bigint | null>> = {
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<<': (left, right) => (right >= 0n && right < PLACES ? BigInt.asIntN(64, left << right) : null),
  '>>': (left, right) => (right >= 0n && right < PLACES ? left >> right : null),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '%': (left, right) => left % right,
};

function integer(operator: string, left: bigint | null, right: bigint | null): bigint | null {
  if (left === null || right === null) return null;
  const result = WHOLE_OPERATIONS[operator]!(BigInt(left), BigInt(right));
  if (result !== null && (result > LARGEST || result < -LARGEST - 1n)) throw new RangeError('integer out of range');
  return result;
}

function round(value: SqlNumber, digits: bigint): string | null {
  return value === null ? null : fixDecimal(exact(value).toFixed(), Number(digits));
}

/** Characters are counted as databases do: those beyond the first plane are one. */
function padded(value: Text, length: number, fill: string, where: 'before' | 'behind'): Text {
  if (value === null) return null;
  const characters = Array.from(value);
  if (characters.length >= length) return characters.slice(0, length).join('');
  const missing = length - characters.length;
  const filling = Array.from(fill.repeat(missing)).slice(0, missing).join('');
  return where === 'before' ? filling + value : value + filling;
}

const POSITIONS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  whole: (text, part) => text === part,
  anywhere: (text, part) => text.includes(part),
  start: (text, part) => text.startsWith(part),
  end: (text, part) => text.endsWith(part),
};

function matches(text: Text, part: Text, position: string, ignoreCase: number): number | null {
  if (text === null || part === null) return null;
  const [one, other] = ignoreCase ? [inCase('lower', text), inCase('lower', part)] : [text, part];
  return Number(POSITIONS[position]!(one, other));
}

function hash(name: string, value: Text): Text {
  return value === null ? null : createHash(name).update(value, 'utf8').digest('hex');
}

const CUTS: Readonly<Record<string, (value: Big) => Big>> = {
  abs: (value) => value.abs(),
  ceil: (value) => value.round(0, value.lt(0) ? Big.roundDown : Big.roundUp),
  floor: (value) => value.round(0, value.lt(0) ? Big.roundUp : Big.roundDown),
};

function cut(name: string, value: SqlNumber): Text {
  return value === null ? null : CUTS[name]!(exact(value)).toFixed();
}

/** Patterns that are kept compiled: a statement asks for the same few for each row. */
const KEPT_PATTERNS = 100;

function regexFinder(): (text: Text, pattern: string, ignoreCase: number) => number | null {
  const sensitive = patternShelf('su');
  const insensitive = patternShelf('isu');
  return (text, pattern, ignoreCase) => {
    if (text === null) return null;
    return (ignoreCase ? insensitive : sensitive)(pattern).test(text) ? 1 : 0;
  };
}

function occurrenceCounter(): (text: Text, pattern: string) => number | null {
  const compiled = patternShelf('gsu');
  return (text, pattern) => (text === null ? null : (text.match(compiled(pattern))?.length ?? 0));
}

function patternShelf(flags: string): (pattern: string) => RegExp {
  const kept = new Map<string, RegExp>();
  return (pattern) => {
    const known = kept.get(pattern);
    if (known) return known;
    if (kept.size >= KEPT_PATTERNS) kept.clear();
    const made = new RegExp(pattern, flags);
    kept.set(pattern, made);
    return made;
  };
}

function ofJson(test: (value: unknown, other: unknown) => boolean): (value: Text, other: Text) => number | null {
  return (value, other) =>
    value === null || other === null ? null : Number(test(JSON.parse(value), JSON.parse(other)));
}

function store(value: SqlNumber, scale: bigint): string | null {
  const text = round(value, scale);
  if (text !== null && significantDigits(text) > EXACT_DIGITS)
    throw new DecimalPrecisionError('the result', text, EXACT_DIGITS);
  return text;
}

/** A text that sorts as the number does: those below zero have each digit replaced by nine minus it. */
function sortKey(value: SqlNumber): string | null {
  if (value === null) return null;
  const number = exact(value);
  const [whole = '', fraction = ''] = number.abs().toFixed().split('.');
  const digits = `${whole.padStart(KEY_DIGITS, '0')}.${fraction.replace(/0+$/, '')}`;
  if (!number.lt(0)) return `1${digits}`;
  return `0${digits.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}
