import { END_YEAR, startOfYear, type ClockChange } from './clock-changes.js';

const DAY = 86_400;

/** A calendar with a leap day every four years repeats itself after 28 years; in seconds. */
export const CYCLE = 10_227 * DAY;

/** 1 March 2000, from which centuries are counted. */
export const CENTURIES = Date.UTC(2000, 2, 1) / 1000;

/** Days of four centuries. */
export const FOUR_CENTURIES = 146_097;

/** After a century without a leap day the calendar goes on as it would 16 years later with one, on the same weekday. */
export const CENTURY_SHIFT = 5_845 * DAY;

/** Years whose days, and with them the changes of clocks, are those of any other 28 years. */
const SAMPLE = 56;

/**
 * The second of the first 28 years behind `from` whose place in the calendar is that of a later one: the same day of the
 * same month, on the same day of the week.
 */
export function cycled(seconds: number, from: number): number {
  if (seconds < from) return seconds;
  const century = Math.trunc((4 * Math.trunc((seconds - CENTURIES) / DAY) + 3) / FOUR_CENTURIES);
  const dropped = Math.trunc((3 * century + 3) / 4);
  return from + ((seconds - from + CENTURY_SHIFT * dropped) % CYCLE);
}

/** The first second of the years that all follow the same rule; undefined where no clocks are changed any more. */
export function cycleStart(changes: readonly ClockChange[]): number | undefined {
  const last = changes.at(-1);
  if (!last || last.at < startOfYear(END_YEAR - SAMPLE)) return undefined;
  const byYear = new Map<number, string>();
  for (const { at, after } of changes) {
    const year = new Date(at * 1000).getUTCFullYear();
    byYear.set(year, `${byYear.get(year) ?? ''} ${at - startOfYear(year)}:${after}`);
  }
  const patterns = new Map<string, string>();
  let year = END_YEAR - 1;
  for (; ; year -= 1) {
    const pattern = byYear.get(year) ?? '';
    const kind = kindOfYear(year);
    if ((patterns.get(kind) ?? pattern) !== pattern) break;
    patterns.set(kind, pattern);
  }
  return startOfYear(year + 1);
}

/** The changes of the first 28 years behind `from`, and those before. */
export function changesOfCycle(changes: readonly ClockChange[], from: number): readonly ClockChange[] {
  const before = changes.filter(({ at }) => at < from);
  const end = startOfYear(new Date(from * 1000).getUTCFullYear() + SAMPLE);
  const later = changes.filter(({ at }) => at >= from && at < end);
  const keyed = new Map(later.map((change) => [cycled(change.at, from), change]));
  const ofCycle = [...keyed].map(([at, change]) => ({ ...change, at }));
  return [...before, ...ofCycle.sort((left, right) => left.at - right.at)];
}

/** Years of one kind have the same days of the week. */
function kindOfYear(year: number): string {
  const start = new Date(Date.UTC(year, 0, 1)).getUTCDay();
  const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  return `${start}${leap}`;
}
