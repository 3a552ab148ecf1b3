import { type Class } from '#core';

import { UnknownPathError } from '../orm.errors.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { requestOf, type Prefetched } from '../query/prefetch.js';
import { type QueryEngine } from '../query/query-engine.js';
import { valuesOf } from './entity-values.js';
import { loadField } from './load-fields.js';
import { LoadGroup } from './load-group.js';

/** The database that a row was loaded from; undefined for one that no query loaded. */
export function engineOf(row: object | undefined): QueryEngine | undefined {
  return row && LoadGroup.of(row)?.loader.engine;
}

/** A relation or a field of a row, loaded for its whole group unless it is there. @throws UnknownPathError */
export async function loadOne(engine: QueryEngine, row: object, path: string): Promise<unknown> {
  const model = modelOf(engine, row);
  const relation = model.relation(path);
  if (relation) return engine.loader.value(row, relation);
  if (model.genericKey(path)) return loadTarget(engine, model, row, path);
  const column = model.columns.get(path);
  if (!column) throw new UnknownPathError(model.name, path, model.knownNames());
  if (valuesOf(row, [column])[0] === undefined) await loadField(engine, row, column, model);
  return valuesOf(row, [column])[0];
}

/** The row that a generic reference leads to, loaded for the whole group unless it is there. */
async function loadTarget(engine: QueryEngine, model: EntityModel, row: object, path: string): Promise<unknown> {
  const held = (one: object): unknown => (one as Record<string, unknown>)[path];
  if (held(row) === undefined) {
    const missing = (LoadGroup.of(row)?.rows ?? [row]).filter((one) => held(one) === undefined);
    await engine.loader.loadInto(model, missing, [{ path }]);
  }
  return held(row);
}

/** Loads what some requests name for some rows of one entity. @throws UnknownPathError, UnfitPathError, QueryUsageError */
export async function loadInto(
  engine: QueryEngine,
  rows: readonly object[],
  requests: readonly (string | Prefetched)[],
): Promise<void> {
  const [first] = rows;
  if (first) await engine.loader.loadInto(modelOf(engine, first), rows, requests.map(requestOf));
}

/** @throws UnknownEntityError */
function modelOf(engine: QueryEngine, row: object): EntityModel {
  return engine.model(row.constructor as Class);
}
