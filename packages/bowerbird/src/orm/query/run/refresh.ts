import { type Class } from '#core';

import { setRelated } from '../../hydrate/row-mapper.js';
import { DoesNotExistError } from '../../orm.errors.js';
import { type EntityModel } from '../model/entity-model.js';
import { resolvePath } from '../model/resolve-path.js';
import { requestOf } from '../prefetch.js';
import { type QueryEngine } from '../query-engine.js';
import { unscopedState, type QueryState } from '../query-state.js';
import { fetchAll } from './fetch.js';

/**
 * Reads a row again: some fields and relations, or all columns and those relations to one row that are loaded. Default
 * scopes do not hide it. @throws DoesNotExistError when it is gone
 */
export async function refreshRow(engine: QueryEngine, row: object, fields?: readonly string[]): Promise<void> {
  const model = engine.model(row.constructor as Class);
  const paths = fields ?? everyPath(model, row);
  const relations = paths.filter((path) => resolvePath(model, path).relation !== undefined);
  const columns = paths.filter((path) => !relations.includes(path));
  await engine.source.onPrimary(async () => {
    if (columns.length > 0) await refreshColumns(engine, row, columns);
    if (relations.length > 0) await refreshRelations(engine, row, relations);
  });
}

/** Reads columns of a row again. @throws DoesNotExistError when it is gone */
export async function refreshColumns(engine: QueryEngine, row: object, paths: readonly string[]): Promise<void> {
  const model = engine.model(row.constructor as Class);
  const found = await theRow(engine, model, { ...stateOf(model, row), shape: { type: 'values', paths } });
  for (const path of paths) {
    const [column] = resolvePath(model, path).columns;
    column!.metadata.setEntityValue(row, (found as Readonly<Record<string, unknown>>)[path]);
  }
}

async function refreshRelations(engine: QueryEngine, row: object, paths: readonly string[]): Promise<void> {
  const model = engine.model(row.constructor as Class);
  const many = paths.filter((path) => resolvePath(model, path).relation!.many);
  const related = paths.filter((path) => !many.includes(path));
  const found = await theRow(engine, model, {
    ...stateOf(model, row),
    related,
    prefetch: many.map((path) => requestOf(path)),
  });
  for (const path of paths) {
    const relation = model.relation(path)!;
    setRelated(relation, row, relation.metadata.getEntityValue(found as object));
  }
}

async function theRow(engine: QueryEngine, model: EntityModel, state: QueryState): Promise<unknown> {
  const [found] = await fetchAll(engine, state);
  if (found === undefined) throw new DoesNotExistError(model.name);
  return found;
}

function stateOf(model: EntityModel, row: object): QueryState {
  const where = [{ op: 'lookups', lookups: { pk: row } }] as const;
  return { ...unscopedState(model.description.target), order: [], where };
}

function everyPath(model: EntityModel, row: object): readonly string[] {
  const loaded = model.metadata.relations.filter((relation) => {
    const toOne = relation.isManyToOne || relation.isOneToOne;
    return toOne && !relation.isLazy && relation.getEntityValue(row) !== undefined;
  });
  const columns = model.selected.filter((column) => !model.primary.includes(column));
  return [...columns.map(({ path }) => path), ...loaded.map(({ propertyPath }) => propertyPath)];
}
