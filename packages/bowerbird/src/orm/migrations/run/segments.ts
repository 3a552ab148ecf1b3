import { type Step } from '../schema/step.js';
import { type MigrationRun, type OperationRun } from './migration-run.js';

/** A step with its operation and its number in the run; an operation without steps stands there without one. */
export interface PlacedStep {
  readonly operation: OperationRun;
  readonly step?: Step;
  /** From 1; the number of the step before where there is none. */
  readonly position: number;
}

/** Whether a run has steps that must be committed by themselves. */
export function hasSeparateSteps({ operations }: MigrationRun): boolean {
  return operations.some(({ steps }) => steps.some(isSeparate));
}

/**
 * Cuts a run into what is committed at once: each step by itself, or with `together` all between two that must be
 * separate.
 */
export function segmentsOf(run: MigrationRun, together: boolean): readonly (readonly PlacedStep[])[] {
  const segments: PlacedStep[][] = [];
  let open: PlacedStep[] | undefined;
  for (const placed of placedSteps(run)) {
    const alone = placed.step !== undefined && (!together || isSeparate(placed.step));
    if (alone || !open) segments.push((open = []));
    open.push(placed);
    if (alone) open = undefined;
  }
  return segments;
}

function placedSteps({ operations }: MigrationRun): readonly PlacedStep[] {
  let position = 0;
  return operations.flatMap((operation): PlacedStep[] =>
    operation.steps.length === 0
      ? [{ operation, position }]
      : operation.steps.map((step) => ({ operation, step, position: (position += 1) })),
  );
}

function isSeparate({ kind }: Step): boolean {
  return kind === 'separate';
}
