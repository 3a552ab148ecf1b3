import { type ClockChange } from './clock-changes.js';
import { type TimeZone } from './time-zone.js';

const DAY = 86_400;

/** The midnights of a zone that its clocks showed twice or not at all. Everything is in seconds. */
export interface OddMidnights {
  /** By how much clocks were put back over midnight. */
  readonly repeated: readonly number[];
  /** The last time that they were, -Infinity where they never were; undefined where it goes on. */
  readonly until: number | undefined;
  /** Days that began with clocks put forward over their midnight: its moment by the clock before, and the change. */
  readonly skipped: readonly { readonly midnight: number; readonly begin: number }[];
}

/** What is odd about the midnights of a zone. */
export function oddMidnights({ table: { changes, from } }: TimeZone): OddMidnights {
  const repeats = changes.filter(isRepeated);
  const last = repeats.at(-1)?.at ?? -Infinity;
  return {
    repeated: [...new Set(repeats.map(({ before, after }) => before - after))],
    until: from !== undefined && last >= from ? undefined : last,
    skipped: changes.filter(isSkipped).map(({ at, before, after }) => ({
      midnight: nextMidnight(at + before, after > before) - before,
      begin: at,
    })),
  };
}

function isRepeated({ at, before, after }: ClockChange): boolean {
  return after < before && nextMidnight(at + after, false) < at + before;
}

function isSkipped({ at, before, after }: ClockChange): boolean {
  return after > before && nextMidnight(at + before, true) < at + after;
}

/** The first midnight behind a time that a clock shows, or also that time itself. */
function nextMidnight(clock: number, behind: boolean): number {
  return (behind ? Math.floor(clock / DAY) + 1 : Math.ceil(clock / DAY)) * DAY;
}
