/** A moment at which the clocks of a zone are set anew. Everything is in seconds, offsets are east of UTC. */
export interface ClockChange {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

const DAY = 86_400;
const GMT = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** No zone has changed its clocks before: the first was Manila, at the end of 1844. */
const FIRST_YEAR = 1840;
/** The first year behind those that are looked at: long enough for the rules of the future to repeat themselves. */
export const END_YEAR = 2150;

/**
 * In how many days, until a year, no zone has two changes. Boa Vista had a summer of seven days in 2000; the rules of the
 * future know nothing shorter than Ramadan in Morocco.
 */
const STEPS: readonly { readonly until: number; readonly days: number }[] = [
  { until: 1900, days: 20 },
  { until: 2038, days: 5 },
  { until: END_YEAR, days: 20 },
];

/** Clocks are changed on quarters of an hour of UTC, except for the first changes of all. */
const QUARTER = 900;

/** The first second of a year, since 1970. */
export function startOfYear(year: number): number {
  return Date.UTC(year, 0, 1) / 1000;
}

/** The clocks of a zone: the offset that they were first set to, and every change since, in order. */
export interface Clocks {
  readonly first: number;
  readonly changes: readonly ClockChange[];
}

/** What Node knows of the clocks of a zone. Takes some hundredths of a second. */
export function readClocks(zone: string): Clocks {
  const offsetAt = offsetReader(zone);
  const changes: ClockChange[] = [];
  let at = startOfYear(FIRST_YEAR);
  const first = offsetAt(at);
  let offset = first;
  for (const { until, days } of STEPS)
    while (at < startOfYear(until)) {
      const next = at + days * DAY;
      const later = offsetAt(next);
      bisect({ at, offset }, { at: next, offset: later }, offsetAt, changes);
      [at, offset] = [next, later];
    }
  return { first, changes };
}

/** The offset of a zone's clocks at a moment, in seconds. */
export function offsetReader(zone: string): (seconds: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
  return (seconds) => {
    const [, sign, hours = '0', minutes = '0', rest = '0'] = GMT.exec(format.format(seconds * 1000))!;
    const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
    return sign === '-' ? -offset : offset;
  };
}

/** A moment and the offset at it. */
interface Reading {
  readonly at: number;
  readonly offset: number;
}

function bisect(from: Reading, to: Reading, offsetAt: (seconds: number) => number, found: ClockChange[]): void {
  if (from.offset === to.offset) return;
  const length = to.at - from.at;
  if (length === 1 || (length <= QUARTER && offsetAt(to.at - 1) === from.offset)) {
    found.push({ at: to.at, before: from.offset, after: to.offset });
    return;
  }
  const unit = length > QUARTER ? QUARTER : 1;
  const at = from.at + Math.floor(length / (2 * unit)) * unit;
  const middle = { at, offset: offsetAt(at) };
  bisect(from, middle, offsetAt, found);
  bisect(middle, to, offsetAt, found);
}
