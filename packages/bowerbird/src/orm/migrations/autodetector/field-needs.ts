import { type Operation } from '../operations/operation.js';
import { entityKey, type EntityState } from '../state/entity-state.js';
import { isColumn, isJunction, type FieldState } from '../state/field-state.js';
import { type ProjectState } from '../state/project-state.js';
import { created, fieldAdded, targetKeys, type Change } from './change.js';
import { type Decisions } from './decisions.js';
import { referencedKeys } from './replaced.js';

/** What the changes of one entity's fields depend on. */
export interface FieldChangeContext {
  readonly recorded: ProjectState;
  readonly decisions: Decisions;
  /** Paths of fields that are removed and added anew. */
  readonly replaced: ReadonlySet<string>;
}

/** A change of one field. `field` is what the entity has afterwards; nothing for a removal. */
export function fieldChange(
  entity: EntityState,
  path: string,
  operation: Operation,
  rank: number,
  field?: FieldState,
): Change {
  const targets = field ? targetKeys({ [path]: field }) : [];
  const keys = field ? referencedKeys(entity, field) : [];
  return {
    app: entity.app,
    operation,
    rank,
    provides: field ? [fieldAdded(entityKey(entity), path)] : [],
    requires: [...targets.map(created), ...keys],
    refersTo: targets.filter((target) => target !== entityKey(entity)),
  };
}

/** Whether rows that exist cannot do without a value that nobody has declared. */
export function mustBeFilled(field: FieldState): boolean {
  if (isJunction(field) || field.nullable) return false;
  return !isColumn(field) || (field.default === undefined && !field.generated);
}

/** The columns of a field. A reference may take over one that is there, and the other way round. */
export function ownColumns(path: string, field: FieldState): readonly string[] {
  if (isJunction(field)) return [];
  return isColumn(field) ? [field.column ?? path] : Object.keys(field.columns);
}

/** The value for existing rows in a new field; undefined where they need none. @throws MigrationQuestionError */
export async function fillOfNew(
  before: EntityState,
  after: EntityState,
  path: string,
  { decisions, replaced }: FieldChangeContext,
): Promise<unknown> {
  const field = after.fields[path]!;
  const known = [
    ...Object.entries(before.fields).filter(([name]) => !replaced.has(name)),
    ...(isColumn(field) ? [] : Object.entries(after.fields).filter(([, each]) => isColumn(each))),
  ].flatMap(([name, each]) => ownColumns(name, each));
  if (!mustBeFilled(field) || ownColumns(path, field).every((name) => known.includes(name))) return undefined;
  return askForFill(after, path, decisions, 'is new and must have a value');
}

/** Asks which value existing rows get. @throws MigrationQuestionError */
export async function askForFill(
  entity: EntityState,
  path: string,
  decisions: Decisions,
  reason: string,
): Promise<unknown> {
  const name = `${entityKey(entity)}.${path}`;
  return decisions.fillFor(name, `The field ${name} ${reason}. Which one do existing rows get?`);
}
