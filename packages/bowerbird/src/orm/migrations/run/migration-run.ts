import { createHash } from 'node:crypto';

import { checksum, migrationKey, type MigrationFile } from '../files/migration-file.js';
import { placesOf } from '../files/replay.js';
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

/** Works out the steps of a migration. `base` is the state without it. @throws IrreversibleError */
export function runOf(
  file: MigrationFile,
  direction: Direction,
  base: ProjectState,
  editor: SchemaEditor,
): MigrationRun {
  const places = placesOf(base, file);
  const { operations } = file.migration;
  if (direction === 'backward') requireReversible(file);
  const runs = operations.map((operation, index): OperationRun => ({
    title: direction === 'forward' ? operation.title : `Undo: ${operation.title}`,
    steps: operation.steps(places[index]!, editor, direction),
  }));
  const ordered = direction === 'forward' ? runs : runs.toReversed();
  return { file, direction, checksum: checksum(file), operations: ordered, base };
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
