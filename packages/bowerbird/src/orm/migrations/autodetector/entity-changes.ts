import { CommentTable, RenameTable, SetManaged } from '../operations/entity.operations.js';
import { type Operation } from '../operations/operation.js';
import {
  AddCheck,
  AddExclusion,
  AddIndex,
  AddUnique,
  RemoveCheck,
  RemoveExclusion,
  RemoveIndex,
  RemoveUnique,
} from '../operations/part.operations.js';
import { MoveTable } from '../operations/schema.operations.js';
import { sameData } from '../schema/schema-change.js';
import { entityKey, tableOfEntity, type EntityState } from '../state/entity-state.js';
import { mentionsField, type PartState } from '../state/mentions.js';
import { type ProjectState } from '../state/project-state.js';
import { freed, gone, Rank, type Change } from './change.js';
import { type Decisions } from './decisions.js';
import { fieldChanges } from './field-changes.js';
import { replacedFields } from './replaced.js';

/** The operations for an entity that stays: its table, its fields, its unique sets, indexes and checks. */
export async function entityChanges(
  before: EntityState,
  after: EntityState,
  recorded: ProjectState,
  decisions: Decisions,
): Promise<readonly Change[]> {
  const replaced = await replacedFields(before, after, decisions);
  return [
    ...tableChanges(before, after, recorded),
    ...(after.managed === false ? [] : partChanges(before, after, replaced)),
    ...(await fieldChanges(before, after, { recorded, decisions, replaced })),
  ];
}

function tableChanges(before: EntityState, after: EntityState, recorded: ProjectState): readonly Change[] {
  const { app, name, table } = after;
  const [was, is] = [before.managed !== false, after.managed !== false];
  return [
    ...(before.schema === after.schema ? [] : [moveChange(before, after, recorded)]),
    ...(before.table === table ? [] : [change(app, new RenameTable(name, table), Rank.AlterEntity)]),
    ...(before.comment === after.comment
      ? []
      : [change(app, new CommentTable(name, after.comment ?? null), Rank.AlterEntity)]),
    ...(was === is ? [] : [change(app, new SetManaged(name, is), Rank.AlterEntity)]),
  ];
}

/** A table moves under its old name, after the one that had that place has left it. */
function moveChange(before: EntityState, after: EntityState, recorded: ProjectState): Change {
  const { app, name, schema } = after;
  const place = tableOfEntity({ ...before, schema });
  const there = [...recorded.entities.values()].filter((other) => tableOfEntity(other) === place);
  return {
    ...change(app, new MoveTable(name, schema ?? null), Rank.AlterEntity),
    provides: [freed(tableOfEntity(before))],
    requires: [freed(place), ...there.map((other) => gone(entityKey(other)))],
  };
}

/** What stands on a field that is made anew goes with it and comes back. */
function partChanges(before: EntityState, after: EntityState, replaced: ReadonlySet<string>): readonly Change[] {
  const { app, name } = after;
  const touched = (part: PartState) => [...replaced].some((path) => mentionsField(after, part, path));
  const uniques = compare(before.uniques, after.uniques, touched);
  const indexes = compare(before.indexes, after.indexes, touched);
  const checks = compare(before.checks, after.checks, touched);
  const exclusions = compare(before.exclusions ?? [], after.exclusions ?? [], touched);
  return [
    ...exclusions.gone.map((part) => change(app, new RemoveExclusion(name, part), Rank.RemoveCheck)),
    ...checks.gone.map((part) => change(app, new RemoveCheck(name, part), Rank.RemoveCheck)),
    ...uniques.gone.map((part) => change(app, new RemoveUnique(name, part), Rank.RemovePart)),
    ...indexes.gone.map((part) => change(app, new RemoveIndex(name, part), Rank.RemovePart)),
    ...uniques.come.map((part) => change(app, new AddUnique(name, part), Rank.AddPart)),
    ...indexes.come.map((part) => change(app, new AddIndex(name, part), Rank.AddPart)),
    ...checks.come.map((part) => change(app, new AddCheck(name, part), Rank.AddPart)),
    ...exclusions.come.map((part) => change(app, new AddExclusion(name, part), Rank.AddPart)),
  ];
}

function compare<T>(
  before: readonly T[],
  after: readonly T[],
  redo: (part: T) => boolean = () => false,
): { readonly gone: readonly T[]; readonly come: readonly T[] } {
  return {
    gone: before.filter((part) => redo(part) || !after.some((other) => sameData(part, other))),
    come: after.filter((part) => redo(part) || !before.some((other) => sameData(part, other))),
  };
}

function change(app: string, operation: Operation, rank: number): Change {
  return { app, operation, rank, provides: [], requires: [], refersTo: [] };
}
