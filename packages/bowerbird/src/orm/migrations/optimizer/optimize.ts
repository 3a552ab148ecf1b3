import { FrameworkError } from '#core';

import { type Operation } from '../operations/operation.js';
import { type ProjectState } from '../state/project-state.js';
import { differentKeys } from '../state/same-state.js';
import { reduced } from './reduce.js';

/** Where operations are read: in an app, after a state. */
export interface OptimizePlace {
  readonly app: string;
  readonly base: ProjectState;
}

/**
 * Fewer operations that come to the same tables. Two are joined only when the whole list, replayed, still ends in the same
 * state, and never across SQL or code, which may look at what lies between.
 */
export function optimize(operations: readonly Operation[], place: OptimizePlace): readonly Operation[] {
  let list = operations;
  for (let index = 0; index < list.length;) {
    const shorter = joinedAt(list, index, place);
    if (shorter) list = shorter;
    else index += 1;
  }
  return list;
}

/** The list with the operation at an index joined with a later one; undefined when it cannot be joined with any. */
function joinedAt(
  list: readonly Operation[],
  index: number,
  { app, base }: OptimizePlace,
): readonly Operation[] | undefined {
  const states = statesOf(list, app, base)!;
  const left = list[index]!;
  for (let other = index + 1; other < list.length; other += 1) {
    if (states[other] === states[other + 1] || states[index] === states[index + 1]) return undefined;
    const joined = attempt(() => reduced(left, list[other]!, app, states[index]!));
    if (!joined) continue;
    const fitting = placements(list, index, other, joined).find((candidate) => {
      const end = statesOf(candidate, app, base)?.at(-1);
      return end !== undefined && differentKeys(end, states.at(-1)!).length === 0;
    });
    if (fitting) return fitting;
  }
  return undefined;
}

/** What two operations become may stand where the first one stood, or where the second one did. */
function placements(
  list: readonly Operation[],
  first: number,
  second: number,
  joined: readonly Operation[],
): readonly (readonly Operation[])[] {
  const [before, between, after] = [list.slice(0, first), list.slice(first + 1, second), list.slice(second + 1)];
  return [
    [...before, ...joined, ...between, ...after],
    [...before, ...between, ...joined, ...after],
  ];
}

/** The state before each operation and after the last one; undefined when they do not follow from each other. */
function statesOf(list: readonly Operation[], app: string, base: ProjectState): readonly ProjectState[] | undefined {
  return attempt(() => {
    const states = [base];
    for (const operation of list) states.push(operation.apply(states.at(-1)!, app));
    return states;
  });
}

function attempt<R>(work: () => R): R | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof FrameworkError) return undefined;
    throw error;
  }
}
