import { type AnyClass } from '#core';

import {
  type EntityDescription,
  type ExclusionDescription,
  type IndexDescription,
  type UniqueDescription,
} from '../../describe/entity-description.js';
import { EntityMetadataError } from '../../orm.errors.js';
import { columnNames } from '../schema/column-resolver.js';
import { defaultNames } from '../schema/names.js';
import { describeFields, type TargetLookup } from './describe-fields.js';
import { entityKey, type EntityState, type ExclusionState, type IndexState, type UniqueState } from './entity-state.js';
import { isReference } from './field-state.js';
import { ProjectState, targetsOf } from './project-state.js';

/** The key of an entity in project states; all entities of one inheritance tree share the one that owns the table. */
export function stateKey({ app, name }: Pick<EntityDescription, 'app' | 'name'>): string {
  return `${app}.${name}`;
}

/**
 * The state that the entities ask for, computed without a database. Entities without a table of their own are left out,
 * and so are unmanaged ones to which no managed one refers. `outside` finds entities that are not among them.
 * @throws EntityMetadataError for a constraint that cannot be read
 */
export function describeState(
  descriptions: readonly EntityDescription[],
  outside: (target: AnyClass) => EntityDescription | undefined = () => undefined,
): ProjectState {
  const roots = descriptions.filter(({ inheritance }) => !inheritance?.parent);
  roots.filter(({ managed }) => managed).forEach(requireReadable);
  const byTarget = new Map<AnyClass, EntityDescription>(descriptions.map((each) => [each.target, each]));
  const known = (target: AnyClass) => rootOf(target, byTarget);
  const lookup: TargetLookup = { known, any: (target) => known(target) ?? outside(target) };
  const all = ProjectState.of(roots.map((description) => bareState(description, lookup)));
  const needed = new Set([...all.entities.values()].filter(({ managed }) => managed !== false).flatMap(targetsOf));
  const kept = [...all.entities.values()].filter((entity) => entity.managed !== false || needed.has(entityKey(entity)));
  const state = ProjectState.of(kept.map((entity) => (entity.managed === false ? withoutReferences(entity) : entity)));
  return roots.reduce((current, description) => addParts(current, description), state);
}

/** A constraint that was left out would be taken away from the table. @throws EntityMetadataError */
function requireReadable({ name, constraintProblems = [] }: EntityDescription): void {
  const [problem] = constraintProblems;
  if (!problem) return;
  throw new EntityMetadataError(`The constraint ${problem.constraint} of ${name} cannot be read: ${problem.message}`, {
    hint: problem.hint,
  });
}

function rootOf(target: AnyClass, byTarget: ReadonlyMap<AnyClass, EntityDescription>): EntityDescription | undefined {
  const description = byTarget.get(target);
  const parent = description?.inheritance?.parent;
  return parent ? rootOf(parent, byTarget) : description;
}

/** Fields alone: names of indexes can only be compared when all columns are known. */
function bareState(description: EntityDescription, lookup: TargetLookup): EntityState {
  const { app, name, table, schema, apart, managed, primaryKeyName, comment } = description;
  const fields = describeFields(description, lookup);
  return {
    app,
    name,
    table,
    ...(apart && { schema }),
    ...(managed ? {} : { managed }),
    ...(primaryKeyName !== undefined && { primaryKey: primaryKeyName }),
    fields,
    uniques: [],
    indexes: [],
    checks: [],
    ...(managed && comment !== '' && { comment }),
  };
}

/** Of a table that is not ours only the columns matter to which others refer. */
function withoutReferences(entity: EntityState): EntityState {
  const fields = Object.entries(entity.fields).filter(([, field]) => !('target' in field));
  return { ...entity, fields: Object.fromEntries(fields) };
}

function addParts(state: ProjectState, description: EntityDescription): ProjectState {
  const key = stateKey(description);
  if (state.entities.get(key)?.managed === false || !state.has(key)) return state;
  const entity = state.get(key);
  const columns = (paths: readonly string[]) => columnNames(state, entity, paths);
  return state.replace(key, () => ({
    ...entity,
    uniques: description.uniques.flatMap((unique) => uniqueState(entity, unique, columns(unique.paths))),
    indexes: description.indexes.map((index) => indexState(entity, index, columns(index.paths))),
    checks: description.checks.map(({ name, expression }) => ({
      ...named(name, typeof expression === 'string' ? defaultNames.check(entity.table, expression) : undefined),
      expression,
    })),
    ...(description.exclusions && { exclusions: description.exclusions.map((each) => exclusionState(entity, each)) }),
  }));
}

function exclusionState(
  { table }: EntityState,
  { name, expression, deferrable }: ExclusionDescription,
): ExclusionState {
  return {
    ...(name !== undefined && named(name, defaultNames.exclusion(table, expression))),
    expression,
    ...(deferrable && { deferrable }),
  };
}

function indexState(
  { table }: EntityState,
  { name, paths, unique, where, expressions, descending, include, operators, using, nulls, fullText }: IndexDescription,
  columns: readonly string[],
): IndexState {
  const usual = typeof where === 'object' ? undefined : defaultNames.index(table, columns, where);
  return {
    ...named(name, expressions ? undefined : usual),
    fields: expressions ? [] : paths,
    ...(unique && { unique }),
    ...(where !== undefined && { where }),
    ...(expressions && { expressions }),
    ...(descending && { descending }),
    ...(include && { include }),
    ...(operators && { operators }),
    ...(using !== undefined && using !== 'btree' && { using }),
    ...(nulls && { nulls }),
    ...(fullText !== undefined && { fullText }),
  };
}

/** The database's own names differ (TypeORM makes a unique set an index on MySQL); the state knows neither. */
function uniqueState(
  entity: EntityState,
  { name, paths, include, deferrable, nulls }: UniqueDescription,
  columns: readonly string[],
): readonly UniqueState[] {
  const { unique, index, oneToOne } = defaultNames;
  const usual = [unique, index, oneToOne].map((nameOf) => nameOf(entity.table, columns));
  const field = paths.length === 1 ? entity.fields[paths[0]!] : undefined;
  if (field && isReference(field) && field.kind === 'one-to-one' && usual.includes(name)) return [];
  const rules = { ...(include && { include }), ...(deferrable && { deferrable }), ...(nulls && { nulls }) };
  return [{ ...(usual.includes(name) ? {} : { name }), fields: paths, ...rules }];
}

function named(name: string, usual: string | undefined): { readonly name?: string } {
  return name === usual ? {} : { name };
}
