import { createHash } from 'node:crypto';

import { type LocalState } from '../../routing/local-state.js';
import { checksum, migrationKey, type MigrationFile } from '../files/migration-file.js';
import { placesOf } from '../files/replay.js';
import { guardedSteps } from '../lint/guarded-steps.js';
import { IrreversibleError } from '../migrations.errors.js';
import { type Direction } from '../operations/operation.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { stepText, type Step } from '../schema/step.js';
import { type ProjectState } from '../state/project-state.js';

/** One operation of a run with its steps. */
export interface OperationRun {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** One migration in one direction, worked out for one dialect. */
export interface MigrationRun {
  readonly file: MigrationFile;
  readonly direction: Direction;
  readonly checksum: string;
  readonly operations: readonly OperationRun[];
  /** The state before the migration; for going back too. */
  readonly base: ProjectState;
}

/** What a migration is worked out for. */
export interface RunTarget {
  readonly editor: SchemaEditor;
  /** Drop what has rows or values, without a reason in the file. */
  readonly force?: boolean;
  /** What of the history is in the database. */
  readonly local?: LocalState;
}

/** Works out the steps of a migration. `base` is the state without it. @throws IrreversibleError */
export function runOf(
  file: MigrationFile,
  direction: Direction,
  base: ProjectState,
  { editor, force = false, local }: RunTarget,
): MigrationRun {
  const places = placesOf(base, file).map((place) => (local ? local.place(place) : place));
  const { operations } = file.migration;
  if (direction === 'backward') requireReversible(file);
  const runs = operations.map((operation, index): OperationRun => ({
    title: direction === 'forward' ? operation.title : `Undo: ${operation.title}`,
    steps: places[index] ? guardedSteps(operation, places[index], { editor, direction, force }) : [],
  }));
  // Where a part of the history is elsewhere, what has nothing to do here is not worth a word.
  const here = local?.isPartial ? runs.filter(({ steps }) => steps.length > 0) : runs;
  const ordered = direction === 'forward' ? here : here.toReversed();
  return { file, direction, checksum: checksum(file), operations: ordered, base };
}

/** Whether nothing of a migration is in the database that it was worked out for. */
export function isElsewhere({ file, operations }: MigrationRun): boolean {
  return operations.length === 0 && file.migration.operations.length > 0;
}

/** A hash of the first steps of a run, to recognize them when it is taken up again. */
export function digestOf(run: MigrationRun, steps: number): string {
  const texts = run.operations.flatMap((operation) => operation.steps.map(stepText)).slice(0, steps);
  return createHash('sha256').update(texts.join('\0')).digest('hex');
}

function requireReversible(file: MigrationFile): void {
  const stuck = file.migration.operations.find(({ reversible }) => !reversible);
  if (!stuck) return;
  throw new IrreversibleError(`${migrationKey(file)} cannot be taken back: "${stuck.title}" does not say how`, {
    hint: 'Give the operation its second argument; an empty list says that there is nothing to do',
  });
}
