import { CreateEntity } from '../operations/entity.operations.js';
import { AddField } from '../operations/field.operations.js';
import { AddCheck, AddExclusion, AddIndex, AddUnique } from '../operations/part.operations.js';
import { entityKey, tableOfEntity, type EntityState } from '../state/entity-state.js';
import { isColumn, isJunction } from '../state/field-state.js';
import { mentionsField, type PartState } from '../state/mentions.js';
import { created, fieldAdded, freed, gone, Rank, targetKeys, type Change } from './change.js';
import { referencedKeys } from './replaced.js';

/** The operations for entities that are new. References that run in a circle are added after their targets exist. */
export function createdEntities(added: readonly EntityState[], removed: readonly EntityState[]): readonly Change[] {
  const deferred = deferredFields(added);
  return added.flatMap((entity) => {
    const later = deferred.get(entityKey(entity)) ?? [];
    return [
      createChange(entity, later, removed),
      ...later.map((path) => fieldChange(entity, path)),
      ...partChanges(entity, later),
    ];
  });
}

function createChange(entity: EntityState, later: readonly string[], removed: readonly EntityState[]): Change {
  const { app, name, table, schema, managed, primaryKey, uniques, indexes, checks } = entity;
  const fields = Object.fromEntries(Object.entries(entity.fields).filter(([path]) => !later.includes(path)));
  const now = <T extends PartState>(parts: readonly T[]) => parts.filter((part) => !waits(entity, part, later));
  const exclusions = now(entity.exclusions ?? []);
  const operation = new CreateEntity(name, {
    table,
    ...(schema !== undefined && { schema }),
    ...(managed === false && { managed }),
    ...(primaryKey !== undefined && { primaryKey }),
    fields,
    uniques: now(uniques),
    indexes: now(indexes),
    checks: now(checks),
    ...(exclusions.length > 0 && { exclusions }),
    ...(entity.comment !== undefined && { comment: entity.comment }),
  });
  const targets = targetKeys(fields).filter((target) => target !== entityKey(entity));
  const place = tableOfEntity(entity);
  const replaced = removed.filter((old) => tableOfEntity(old) === place).map((old) => gone(entityKey(old)));
  return {
    app,
    operation,
    rank: Rank.CreateEntity,
    provides: [created(entityKey(entity))],
    requires: [
      ...targets.map(created),
      ...Object.values(fields).flatMap((field) => referencedKeys(entity, field)),
      ...replaced,
      freed(place),
    ],
    refersTo: targets,
  };
}

function fieldChange(entity: EntityState, path: string): Change {
  const key = entityKey(entity);
  const field = entity.fields[path]!;
  const targets = targetKeys({ [path]: field });
  return {
    app: entity.app,
    operation: new AddField(entity.name, path, field),
    rank: Rank.AddField,
    provides: [fieldAdded(key, path)],
    requires: [created(key), ...targets.map(created), ...referencedKeys(entity, field)],
    refersTo: targets,
  };
}

function partChanges(entity: EntityState, later: readonly string[]): readonly Change[] {
  const { app, name, uniques, indexes, checks, exclusions = [] } = entity;
  const late = (part: PartState) => waits(entity, part, later);
  const operations = [
    ...uniques.filter(late).map((part) => ({ part, operation: new AddUnique(name, part) })),
    ...indexes.filter(late).map((part) => ({ part, operation: new AddIndex(name, part) })),
    ...checks.filter(late).map((part) => ({ part, operation: new AddCheck(name, part) })),
    ...exclusions.filter(late).map((part) => ({ part, operation: new AddExclusion(name, part) })),
  ];
  return operations.map(({ part, operation }): Change => {
    const named = later.filter((path) => mentionsField(entity, part, path));
    const fields = named.map((path) => fieldAdded(entityKey(entity), path));
    return {
      app,
      operation,
      rank: Rank.AddPart,
      provides: [],
      requires: [created(entityKey(entity)), ...fields],
      refersTo: [],
    };
  });
}

/** Whether a part speaks of fields that are added after the table. */
function waits(entity: EntityState, part: PartState, later: readonly string[]): boolean {
  return later.some((path) => mentionsField(entity, part, path));
}

/** The references that must wait so that the others can be created in some order, by entity. */
function deferredFields(added: readonly EntityState[]): ReadonlyMap<string, readonly string[]> {
  const left = new Map(added.map((entity) => [entityKey(entity), entity]));
  const deferred = new Map<string, readonly string[]>();
  while (left.size > 0) {
    const waiting = [...left.values()].map((entity) => ({ entity, paths: pathsTo(entity, left) }));
    const free = waiting.filter(({ paths }) => paths.length === 0);
    for (const { entity } of free) left.delete(entityKey(entity));
    if (free.length > 0) continue;
    const { entity, paths } = waiting.toSorted((one, other) => costOf(one) - costOf(other))[0]!;
    deferred.set(entityKey(entity), paths);
    left.delete(entityKey(entity));
  }
  return deferred;
}

function pathsTo(entity: EntityState, left: ReadonlyMap<string, EntityState>): readonly string[] {
  return Object.entries(entity.fields).flatMap(([path, field]) =>
    !isColumn(field) && field.target !== entityKey(entity) && left.has(field.target) ? [path] : [],
  );
}

/** What is cheapest to add later: pair tables, then what may be empty; never a part of the key. */
function costOf({ entity, paths }: { readonly entity: EntityState; readonly paths: readonly string[] }): number {
  return paths.reduce((sum, path) => {
    const field = entity.fields[path]!;
    if (isJunction(field) || isColumn(field)) return sum + 1;
    return sum + (field.primary ? 1_000_000 : field.nullable ? 10 : 1000);
  }, 0);
}
