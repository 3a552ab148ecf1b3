import { readClocks, type ClockChange } from './clock-changes.js';
import { changesOfCycle, cycleStart } from './clock-cycle.js';

const DAY = 86_400;

/** The first days that databases can hold, and the last one; in seconds since 1970. */
const FIRST_DAY = Date.parse('0001-01-01T00:00:00Z') / 1000;
const SECOND_DAY = FIRST_DAY + DAY;

/** A function of steps: `values[n]` for an argument that is not less than `n` of the ascending `starts`. */
export interface Steps {
  readonly starts: readonly number[];
  readonly values: readonly number[];
}

/** Where a step begins, and its value. */
type Step = readonly [start: number, value: number];

/** The offsets of a zone's clocks, in seconds. Arguments behind `from` are looked up in the cycle of calendars. */
export interface ClockTable {
  /** From when on the clocks follow one rule; undefined where they are not changed any more. */
  readonly from: number | undefined;
  readonly changes: readonly ClockChange[];
  /** By moments: what the clocks are ahead of UTC. */
  readonly ofMoments: Steps;
  /** By midnights as clocks show them: what they are ahead of the first moment of the day that begins. */
  readonly ofMidnights: Steps;
  /** Whether the clocks would show the year 10000 before 9999 is over. */
  readonly leadsOut: boolean;
}

/** The table of a zone, from what Node knows. Clocks that would show a day outside of the calendar show UTC instead. */
export function readTable(zone: string): ClockTable {
  const { first, changes: all } = readClocks(zone);
  const from = cycleStart(all);
  const changes = from === undefined ? all : changesOfCycle(all, from);
  const lasting = from === undefined ? [changes.at(-1)?.after ?? first] : ofRule(changes, from);
  return {
    from,
    changes,
    ofMoments: stepsOf([
      ...opening(first, SECOND_DAY, -Infinity),
      ...changes.map(({ at, after }): Step => [at, after]),
    ]),
    ofMidnights: stepsOf([...opening(first, SECOND_DAY, FIRST_DAY + 1), ...changes.flatMap(midnightSteps)]),
    leadsOut: lasting.some((offset) => offset > 0),
  };
}

/** How many steps begin at an argument or before it. */
export function stepsUntil({ starts }: Steps, argument: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= argument) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first offset, from the day on from which it stays within the calendar. */
function opening(first: number, west: number, east: number): readonly Step[] {
  const start = first < 0 ? west : east;
  return start === -Infinity
    ? [[-Infinity, first]]
    : [
        [-Infinity, 0],
        [start, first],
      ];
}

function ofRule(changes: readonly ClockChange[], from: number): readonly number[] {
  return changes.filter(({ at }) => at >= from).map(({ after }) => after);
}

/**
 * Where clocks are put back over midnight the day begins when they show it first; where they are put forward over it,
 * with the change.
 */
function midnightSteps({ at, before, after }: ClockChange): readonly Step[] {
  if (after < before) return [[at + before, after]];
  const midnight = Math.ceil((at + before) / DAY) * DAY;
  const skipped = midnight > at + before && midnight < at + after;
  return skipped
    ? [
        [midnight, midnight - at],
        [midnight + 1, after],
      ]
    : [[at + before + 1, after]];
}

function stepsOf(steps: readonly Step[]): Steps {
  return { starts: steps.slice(1).map(([start]) => start), values: steps.map(([, value]) => value) };
}
