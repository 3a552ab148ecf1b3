import { type Direction, type Operation, type OperationPlace } from '../operations/operation.js';
import { type SchemaChange, type TableChange } from '../schema/schema-change.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { type GuardStep, type Step } from '../schema/step.js';
import { type ColumnSchema } from '../schema/table-schema.js';

/** How the steps of an operation are worked out. */
export interface StepContext {
  readonly editor: SchemaEditor;
  readonly direction: Direction;
  /** Somebody said that losses are right. */
  readonly force: boolean;
}

const ADVICE: Readonly<Record<Direction, string>> = {
  forward: 'say in the file why that is right, with ops.reviewed(operation, reason), or run migrate with --force',
  backward: 'to go back nevertheless, run migrate with --force',
};

/**
 * The steps of an operation, behind questions that stop it while it would drop rows or values. A reason in the file answers
 * them; for going back there is only `--force`. They stay in the list then, so that a run which was broken off is recognized.
 */
export function guardedSteps(operation: Operation, place: OperationPlace, context: StepContext): readonly Step[] {
  return operation.parts(place, context.direction).flatMap(([part, at]) => guardedPart(part, at, context));
}

function guardedPart(
  operation: Operation,
  place: OperationPlace,
  { editor, direction, force }: StepContext,
): readonly Step[] {
  const steps = operation.steps(place, editor, direction);
  if (direction === 'forward' && operation.reviewed !== undefined) return steps;
  const losses = lossesOf(operation.change(place, editor.dialect, direction));
  const guards = losses.map(({ table, column }): GuardStep => ({
    ...editor.guardDrop(table, column, ADVICE[direction]),
    ...(force && { skip: true }),
  }));
  return [...guards, ...steps];
}

/** A table that goes, or a column whose values go. */
export interface Loss {
  /** Its name before the change. */
  readonly table: string;
  readonly column: ColumnSchema | null;
}

/** What a change drops. */
export function lossesOf({ dropped, changed }: SchemaChange): readonly Loss[] {
  return [
    ...dropped.map(({ name }): Loss => ({ table: name, column: null })),
    ...changed.flatMap((table) => lostColumns(table).map((column): Loss => ({ table: table.before.name, column }))),
  ];
}

/** Columns that go, and those whose values are computed from now on. */
function lostColumns({ droppedColumns, keptColumns }: TableChange): readonly ColumnSchema[] {
  const computed = keptColumns.filter(({ from, to }) => !isComputed(from) && isComputed(to)).map(({ from }) => from);
  return [...droppedColumns.filter((column) => !isComputed(column)), ...computed];
}

function isComputed({ generated }: ColumnSchema): boolean {
  return generated === 'expression';
}
