import { FrameworkError } from '#core';

import { type Operation } from '../operations/operation.js';
import { StateOnly } from '../operations/separate.operations.js';
import { type ProjectState } from '../state/project-state.js';
import { differentKeys } from '../state/same-state.js';
import { reduced } from './reduce.js';

/** Where operations are read: in an app, after a state. */
export interface OptimizePlace {
  readonly app: string;
  readonly base: ProjectState;
}

/** Operations with the states around them: one more state than operations. */
interface Timeline {
  readonly operations: readonly Operation[];
  readonly states: readonly ProjectState[];
}

/**
 * Fewer operations that come to the same tables. Two are joined only when what lies between them, replayed, still ends in
 * the same state, and never across SQL or code, which may look at it.
 */
export function optimize(operations: readonly Operation[], { app, base }: OptimizePlace): readonly Operation[] {
  const states = statesOf(operations, app, base);
  const raw = new Set(
    operations.filter((each, index) => each instanceof StateOnly || states[index] === states[index + 1]),
  );
  let timeline: Timeline = { operations, states };
  for (let index = 0; index < timeline.operations.length;) {
    const shorter = joinedAt(timeline, index, app, raw);
    if (shorter) timeline = shorter;
    else index += 1;
  }
  return timeline.operations;
}

/** The timeline with the operation at an index joined with a later one; undefined when it cannot be joined with any. */
function joinedAt(
  { operations, states }: Timeline,
  index: number,
  app: string,
  raw: ReadonlySet<Operation>,
): Timeline | undefined {
  const left = operations[index]!;
  if (raw.has(left)) return undefined;
  for (let other = index + 1; other < operations.length && !raw.has(operations[other]!); other += 1) {
    const joined = attempt(() => reduced(left, operations[other]!, app, states[index]!));
    if (!joined) continue;
    const between = operations.slice(index + 1, other);
    for (const part of [
      [...joined, ...between],
      [...between, ...joined],
    ]) {
      const replayed = attempt(() => statesOf(part, app, states[index]!));
      if (!replayed || differentKeys(replayed.at(-1)!, states[other + 1]!).length > 0) continue;
      return {
        operations: [...operations.slice(0, index), ...part, ...operations.slice(other + 1)],
        states: [...states.slice(0, index), ...replayed, ...states.slice(other + 2)],
      };
    }
  }
  return undefined;
}

/** The state before each operation and after the last one. @throws MigrationStateError when they do not follow from each other */
function statesOf(operations: readonly Operation[], app: string, base: ProjectState): readonly ProjectState[] {
  const states = [base];
  for (const operation of operations) states.push(operation.apply(states.at(-1)!, app));
  return states;
}

function attempt<R>(work: () => R): R | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof FrameworkError) return undefined;
    throw error;
  }
}
