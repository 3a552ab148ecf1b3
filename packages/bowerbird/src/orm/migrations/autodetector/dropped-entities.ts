import { DropEntity } from '../operations/entity.operations.js';
import { RemoveField } from '../operations/field.operations.js';
import { RemoveCheck, RemoveExclusion, RemoveIndex, RemoveUnique } from '../operations/part.operations.js';
import { entityKey, type EntityState } from '../state/entity-state.js';
import { isColumn } from '../state/field-state.js';
import { mentionsField, type PartState } from '../state/mentions.js';
import { type ProjectState } from '../state/project-state.js';
import { fieldGone, gone, Rank, type Change } from './change.js';

/** The operations for entities that are gone: those that refer to them go first, circles are cut open. */
export function droppedEntities(removed: readonly EntityState[], recorded: ProjectState): readonly Change[] {
  const keys = new Set(removed.map(entityKey));
  const cut = removed.flatMap((entity) => relationsTo(entity, keys).map((path) => ({ entity, path })));
  const circular = cut.filter(({ entity, path }) => reaches(targetOf(entity, path), entityKey(entity), recorded, keys));
  const cuts = circular.flatMap(({ entity, path }) => removeRelation(entity, path));
  const drops = removed.map((entity): Change => {
    const key = entityKey(entity);
    const referrers = recorded.referrersOf(key).filter((other) => other !== entity);
    return {
      app: entity.app,
      operation: new DropEntity(entity.name),
      rank: Rank.DropEntity,
      provides: [gone(key)],
      requires: referrers.flatMap((other) => released(other, key, circular)),
      refersTo: [],
    };
  });
  return [...cuts, ...drops];
}

type Relation = { readonly entity: EntityState; readonly path: string };

/** What shows that an entity no longer refers to another: its relations are gone, or it is. */
function released(entity: EntityState, target: string, cut: readonly Relation[]): readonly string[] {
  const key = entityKey(entity);
  const paths = relationsTo(entity, new Set([target]));
  const isCut = (path: string) => cut.some((each) => each.entity === entity && each.path === path);
  return paths.every(isCut)
    ? paths.map((path) => fieldGone(key, path))
    : [gone(key), ...paths.map((path) => fieldGone(key, path))];
}

function removeRelation(entity: EntityState, path: string): readonly Change[] {
  const { app, name } = entity;
  const uses = (part: PartState) => mentionsField(entity, part, path);
  const parts = [
    ...entity.uniques.filter(uses).map((part) => new RemoveUnique(name, part)),
    ...entity.indexes.filter(uses).map((part) => new RemoveIndex(name, part)),
    ...entity.checks.filter(uses).map((part) => new RemoveCheck(name, part)),
    ...(entity.exclusions ?? []).filter(uses).map((part) => new RemoveExclusion(name, part)),
  ];
  const bare = { app, provides: [], requires: [], refersTo: [] };
  const provides = [fieldGone(entityKey(entity), path)];
  return [
    ...parts.map((operation): Change => ({ ...bare, operation, rank: Rank.RemovePart })),
    { ...bare, operation: new RemoveField(name, path), rank: Rank.RemoveRelation, provides },
  ];
}

function relationsTo(entity: EntityState, keys: ReadonlySet<string>): readonly string[] {
  return Object.entries(entity.fields).flatMap(([path, field]) =>
    !isColumn(field) && field.target !== entityKey(entity) && keys.has(field.target) ? [path] : [],
  );
}

function targetOf(entity: EntityState, path: string): string {
  const field = entity.fields[path]!;
  return isColumn(field) ? '' : field.target;
}

/** Whether references lead from one entity to another, through entities that are removed too. */
function reaches(from: string, to: string, state: ProjectState, keys: ReadonlySet<string>): boolean {
  const seen = new Set([from]);
  for (const key of seen) {
    const entity = state.get(key);
    for (const path of relationsTo(entity, keys)) seen.add(targetOf(entity, path));
  }
  return seen.has(to);
}
