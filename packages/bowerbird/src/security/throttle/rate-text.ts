import { LimitError } from '../security.errors.js';

const SECONDS = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3_600,
  hour: 3_600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
} as const;

type Unit = keyof typeof SECONDS;

/** So many in a length of time: `'10/min'`, `'100/h'`, `'5/s'`, `'20/15m'`. */
export type Rate = `${number}/${Unit}` | `${number}/${number}${Unit}`;

/** What a {@link Rate} says. */
export interface ParsedRate {
  readonly amount: number;
  /** Milliseconds. */
  readonly window: number;
}

/** More than any limit means. */
const MOST = 1_000_000_000;
const LONGEST_SECONDS = 366 * SECONDS.d;

/** Reads a rate. @throws LimitError which shows what was written */
export function parseRate(rate: unknown): ParsedRate {
  const [, amount, length = '1', unit = ''] =
    typeof rate === 'string' ? (/^(\d+)\/(\d+)?([a-z]+)$/.exec(rate) ?? []) : [];
  const seconds = Object.hasOwn(SECONDS, unit) ? SECONDS[unit as Unit] * Number(length) : 0;
  if (!isCount(Number(amount)) || seconds < 1 || seconds > LONGEST_SECONDS) throw new LimitError(RATE, rate, EXPECTED);
  return { amount: Number(amount), window: seconds * 1_000 };
}

/** Whether a number can be a number of requests. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= MOST;
}

const RATE = 'The rate';
const EXPECTED = `a number from 1, a slash and a length of time of at most 366 days: "10/min", "20/15m" (units: ${Object.keys(SECONDS).join(', ')})`;
