import { CreateEntity, DropEntity, RenameEntity, RenameTable } from '../operations/entity.operations.js';
import {
  AddField,
  AlterField,
  RemoveField,
  RenameField,
  type FieldChangeOptions,
} from '../operations/field.operations.js';
import { Operation } from '../operations/operation.js';
import { AddCheck, AddExclusion, AddIndex, AddUnique } from '../operations/part.operations.js';
import { MoveTable } from '../operations/schema.operations.js';
import { sameData } from '../schema/schema-change.js';
import { resolveKey, type EntityState } from '../state/entity-state.js';
import { isColumn, type FieldState } from '../state/field-state.js';
import { fieldOf, type ProjectState } from '../state/project-state.js';
import { differentKeys } from '../state/same-state.js';

/** Two operations that follow each other, and the states around them when nothing stands between. */
interface Pair {
  readonly left: Operation;
  readonly right: Operation;
  readonly app: string;
  readonly before: ProjectState;
  readonly after: ProjectState;
}

type Rule = (pair: Pair) => readonly Operation[] | undefined;

/**
 * What two operations can be joined to; undefined when they must stay two. `before` is the state before the first one.
 * @throws MigrationStateError when the second one cannot follow the first directly
 */
export function reduced(
  left: Operation,
  next: Operation,
  app: string,
  before: ProjectState,
): readonly Operation[] | undefined {
  const right = left instanceof CreateEntity ? bare(next) : next;
  const subject = subjectOf(left, 'after');
  if (subject === undefined || subject !== subjectOf(right, 'before')) return undefined;
  if (!followsFromState(left) || !followsFromState(right)) return undefined;
  const pair = { left, right, app, before, after: right.apply(left.apply(before, app), app) };
  for (const rule of RULES) {
    const joined = rule(pair);
    if (joined) return joined;
  }
  return undefined;
}

/** A table that is new has no rows to lose and nobody to block, so what frames an operation says nothing of it. */
function bare(operation: Operation): Operation {
  const { inner } = operation as { readonly inner?: unknown };
  return inner instanceof Operation ? bare(inner) : operation;
}

/** What an operation overrides when it does something else than the states around it say. */
const WORK = ['steps', 'change'] as const;

/** Whether the states around an operation say all that it does. */
function followsFromState(operation: Operation): boolean {
  return WORK.every((name) => Reflect.get(operation, name) === Reflect.get(Operation.prototype, name));
}

/** The entity that an operation is about, as its own app names it before or after. */
function subjectOf(operation: Operation, when: 'before' | 'after'): string | undefined {
  if (operation instanceof RenameEntity) return when === 'before' ? operation.from : operation.to;
  if (operation instanceof CreateEntity || operation instanceof DropEntity) return operation.name;
  const { entity } = operation as { readonly entity?: unknown };
  return typeof entity === 'string' ? entity : undefined;
}

/** Operations that only add or rename: what takes them back leaves nothing to do. */
const WITHOUT_TRACE = [
  CreateEntity,
  AddField,
  AddUnique,
  AddIndex,
  AddCheck,
  AddExclusion,
  RenameEntity,
  RenameTable,
  MoveTable,
  RenameField,
];

const undone: Rule = ({ left, before, after }) =>
  WITHOUT_TRACE.some((kind) => left instanceof kind) && differentKeys(before, after).length === 0 ? [] : undefined;

/** A table that is made here takes in what happens to it afterwards. */
const intoCreate: Rule = ({ left, right, app, after }) => {
  if (!(left instanceof CreateEntity) || right instanceof DropEntity) return undefined;
  return [createOf(after.get(resolveKey(app, subjectOf(right, 'after')!)))];
};

const intoAdd: Rule = ({ left, right, app, after }) => {
  if (!(left instanceof AddField)) return undefined;
  const entity = after.entities.get(resolveKey(app, left.entity));
  if (right instanceof RenameField && right.from === left.path && entity)
    return [new AddField(left.entity, right.to, fieldOf(entity, right.to), left.options)];
  if (!(right instanceof AlterField) || right.path !== left.path || !keepsFill(left, right)) return undefined;
  return [new AddField(left.entity, left.path, right.field, fillOfBoth(left, right))];
};

/** Only the last form counts, unless values were converted or filled on the way. */
const lastAlter: Rule = ({ left, right }) => {
  if (!(left instanceof AlterField)) return undefined;
  if (right instanceof RemoveField && right.path === left.path) return [right];
  if (!(right instanceof AlterField) || right.path !== left.path) return undefined;
  return isPlain(left) && isPlain(right) && sameKind(left.field, right.field) ? [right] : undefined;
};

const renameOnce: Rule = ({ left, right }) => {
  if (left instanceof RenameField && right instanceof RenameField && left.to === right.from)
    return [new RenameField(left.entity, left.from, right.to)];
  if (left instanceof RenameTable && right instanceof RenameTable) return [right];
  if (left instanceof MoveTable && right instanceof MoveTable) return [right];
  if (!(left instanceof RenameEntity) || !(right instanceof RenameEntity)) return undefined;
  const table = right.options.table ?? left.options.table;
  return [new RenameEntity(left.from, right.to, table === undefined ? {} : { table })];
};

const RULES: readonly Rule[] = [undone, intoCreate, intoAdd, lastAlter, renameOnce];

function createOf(entity: EntityState): CreateEntity {
  const { app: _, name, ...options } = entity;
  return new CreateEntity(name, options);
}

/** Rows that exist got the first value there was: the one given, or the default of the first form. */
function fillOfBoth(left: AddField, right: AlterField): FieldChangeOptions {
  const [first, last] = [defaultOf(left.field), defaultOf(right.field)];
  const kept = sameData(first, last) ? undefined : first;
  const fill = left.options.fill ?? kept ?? right.options.fill;
  return fill === undefined ? {} : { fill };
}

function defaultOf(field: FieldState): unknown {
  return isColumn(field) ? field.default : undefined;
}

/** The value of existing rows is the same in both forms of the field, or given only for the last. */
function keepsFill(left: AddField, right: AlterField): boolean {
  return (
    sameKind(left.field, right.field) || (isPlain(left) && 'nullable' in left.field && left.field.nullable === true)
  );
}

function isPlain({ options }: AddField | AlterField): boolean {
  return options.fill === undefined && !options.lossy;
}

function sameKind(left: FieldState, right: FieldState): boolean {
  return left.kind === right.kind && isColumn(left) === isColumn(right);
}
