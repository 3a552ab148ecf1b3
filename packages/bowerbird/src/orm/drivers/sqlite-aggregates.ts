import { type Big } from 'big.js';

import { exact, type SqlNumber } from './exact-number.js';

/**
 * An aggregate for better-sqlite3. With `inverse`, which takes the earliest value back out, it works over windows, too:
 * https://www.sqlite.org/windowfunctions.html#user_defined_aggregate_window_functions
 */
interface Aggregate<S> {
  readonly start: () => S;
  readonly step: (state: S, value: SqlNumber) => S;
  readonly inverse: (state: S, value: SqlNumber) => S;
  readonly result: (state: S) => unknown;
}

/** A running total and how many values are in it. */
interface Total {
  readonly sum: Big;
  readonly count: number;
}

function totalling(result: (total: Total) => Big): Aggregate<Total> {
  return {
    start: () => ({ sum: exact(0), count: 0 }),
    step: (total, value) => (value === null ? total : { sum: total.sum.plus(exact(value)), count: total.count + 1 }),
    inverse: (total, value) =>
      value === null ? total : { sum: total.sum.minus(exact(value)), count: total.count - 1 },
    result: (total) => (total.count === 0 ? null : result(total).toFixed()),
  };
}

/** Values that may still become the outermost one of a window, best first; `place` says when each of them came. */
interface Candidates {
  readonly queue: { readonly place: number; readonly value: Big }[];
  came: number;
  left: number;
}

/** Those that a later value beats are forgotten, so that a list of rows keeps few. */
function outermost(beats: (value: Big, other: Big) => boolean): Aggregate<Candidates> {
  return {
    start: () => ({ queue: [], came: 0, left: 0 }),
    step: (state, given) => {
      const place = state.came;
      state.came += 1;
      if (given === null) return state;
      const value = exact(given);
      while (state.queue.length > 0 && !beats(state.queue.at(-1)!.value, value)) state.queue.pop();
      state.queue.push({ place, value });
      return state;
    },
    inverse: (state) => {
      if (state.queue[0]?.place === state.left) state.queue.shift();
      state.left += 1;
      return state;
    },
    result: ({ queue }) => queue[0]?.value.toFixed() ?? null,
  };
}

/** The values of a window, of which the first `left` have been taken out. */
interface Sample {
  values: number[];
  left: number;
}

/** Taken out values are dropped when there are as many of them as others, at least so many. */
const DROPPED = 1_000;

function spreading(result: (squares: number, count: number) => number | null): Aggregate<Sample> {
  return {
    start: () => ({ values: [], left: 0 }),
    step: (sample, value) => {
      if (value !== null) sample.values.push(Number(value));
      return sample;
    },
    inverse: (sample, value) => {
      if (value !== null) sample.left += 1;
      if (sample.left < DROPPED || sample.left * 2 < sample.values.length) return sample;
      return { values: sample.values.slice(sample.left), left: 0 };
    },
    result: ({ values, left }) => result(squaresOf(values, left), values.length - left),
  };
}

/** Welford's method: one pass, without large sums of squares. */
function squaresOf(values: readonly number[], start: number): number {
  let [mean, squares] = [0, 0];
  for (let index = start; index < values.length; index += 1) {
    const value = values[index]!;
    const next = mean + (value - mean) / (index - start + 1);
    squares += (value - mean) * (value - next);
    mean = next;
  }
  return squares;
}

/** Different texts, in the order in which they come, and what stands between them. */
interface Texts {
  readonly separator: string;
  readonly texts: Set<string>;
}

/** The one that is not for windows: no database takes back which texts are different. */
export const DIFFERENT_TEXTS = {
  start: null,
  step: (found: Texts | null, text: string | null, separator: string): Texts | null =>
    text === null ? found : { separator, texts: (found?.texts ?? new Set<string>()).add(text) },
  result: (found: Texts | null) => found && [...found.texts].join(found.separator),
};

/** Aggregates of numbers, exact for decimals and for integers of any size. */
export const NUMBER_AGGREGATES = {
  sum: totalling(({ sum }) => sum),
  mean: totalling(({ sum, count }) => sum.div(count)),
  least: outermost((value, other) => value.lt(other)),
  greatest: outermost((value, other) => value.gt(other)),
  variance: spreading((squares, count) => (count === 0 ? null : squares / count)),
  sampleVariance: spreading((squares, count) => (count < 2 ? null : squares / (count - 1))),
} as const;
