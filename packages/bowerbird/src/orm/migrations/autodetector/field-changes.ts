import { AddField, AlterField, RemoveField } from '../operations/field.operations.js';
import { sameData } from '../schema/schema-change.js';
import { entityKey, type EntityState } from '../state/entity-state.js';
import { isColumn, isJunction, type FieldState } from '../state/field-state.js';
import { fieldGone, Rank, targetKeys, type Change } from './change.js';
import { askForFill, fieldChange, fillOfNew, mustBeFilled, type FieldChangeContext } from './field-needs.js';
import { keyChange } from './key-change.js';
import { relationsReleased } from './replaced.js';

/** The operations for the fields of an entity that stays. @throws MigrationQuestionError */
export async function fieldChanges(
  before: EntityState,
  after: EntityState,
  context: FieldChangeContext,
): Promise<readonly Change[]> {
  const { change, paths } = await keyChange(before, after, context);
  const isLeft = (path: string) => !paths.includes(path);
  return [
    ...(change ? [change] : []),
    ...removedFields(before, after, context)
      .filter(({ path }) => isLeft(path))
      .map((removed) => removed.change),
    ...(await addedFields(before, after, context, isLeft)),
    ...(await alteredFields(before, after, context, isLeft)),
  ];
}

function removedFields(
  before: EntityState,
  after: EntityState,
  { recorded, replaced }: FieldChangeContext,
): readonly { readonly path: string; readonly change: Change }[] {
  return Object.entries(before.fields).flatMap(([path, field]) => {
    if (after.fields[path] && !replaced.has(path)) return [];
    const rank = isColumn(field) ? Rank.RemoveField : Rank.RemoveRelation;
    const change: Change = {
      ...fieldChange(after, path, new RemoveField(after.name, path), rank),
      provides: [fieldGone(entityKey(after), path)],
      requires: relationsReleased(recorded, before, path),
    };
    return [{ path, change }];
  });
}

async function addedFields(
  before: EntityState,
  after: EntityState,
  context: FieldChangeContext,
  isLeft: (path: string) => boolean,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const [path, field] of Object.entries(after.fields)) {
    const anew = context.replaced.has(path);
    if ((before.fields[path] && !anew) || !isLeft(path)) continue;
    const fill = await fillOfNew(before, after, path, context);
    const operation = new AddField(after.name, path, field, fill === undefined ? {} : { fill });
    const added = fieldChange(after, path, operation, Rank.AddField, field);
    const freed = anew ? [fieldGone(entityKey(after), path)] : [];
    changes.push({ ...added, requires: [...added.requires, ...freed] });
  }
  return changes;
}

async function alteredFields(
  before: EntityState,
  after: EntityState,
  { decisions, replaced }: FieldChangeContext,
  isLeft: (path: string) => boolean,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const [path, field] of Object.entries(after.fields)) {
    const old = before.fields[path];
    if (!old || replaced.has(path) || !isLeft(path) || sameData(old, field)) continue;
    const tightened = isNullable(old) && !isNullable(field) && mustBeFilled(field);
    const fill = tightened
      ? await askForFill(after, path, decisions, 'may be empty now and must have a value then')
      : undefined;
    const operation = new AlterField(after.name, path, field, fill === undefined ? {} : { fill });
    const altered = fieldChange(after, path, operation, Rank.AlterField, field);
    const freed = targetKeys({ [path]: old }).some((target) => !targetKeys({ [path]: field }).includes(target));
    changes.push(freed ? { ...altered, provides: [...altered.provides, fieldGone(entityKey(after), path)] } : altered);
  }
  return changes;
}

function isNullable(field: FieldState): boolean {
  return !isJunction(field) && field.nullable === true;
}
