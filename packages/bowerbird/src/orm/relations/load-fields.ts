import { type Class } from '#core';

import { DoesNotExistError } from '../orm.errors.js';
import { keyChunks } from '../query/compile/keys.js';
import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { unscopedState, type QueryState } from '../query/query-state.js';
import { keyOf, valuesOf } from './entity-values.js';
import { LoadGroup } from './load-group.js';
import { rowsByKeys } from './rows-by-keys.js';

/** Loads a field that was left out, for a row and all of its group. @throws DoesNotExistError when the row is gone */
export async function loadField(
  engine: QueryEngine,
  entity: object,
  column: ColumnModel,
  model: EntityModel,
): Promise<void> {
  const isMissing = (row: object): boolean => valuesOf(row, [column])[0] === undefined;
  const missing = (LoadGroup.of(entity)?.rows ?? [entity]).filter(isMissing);
  const owners = missing.map((row) => ({ row, ...keyOf(row, model.primary, model) }));
  const byName = new Map(owners.map(({ row, name }) => [name, row]));
  const state: QueryState = {
    ...unscopedState(model.metadata.target as Class),
    order: [],
    fields: { only: [column.path], deferred: [] },
  };
  for (const chunk of keyChunks(owners.map(({ key }) => key)))
    for (const row of await rowsByKeys(engine, state, chunk)) {
      const owner = byName.get(keyOf(row, model.primary, model).name);
      if (owner) column.metadata.setEntityValue(owner, column.metadata.getEntityValue(row));
    }
  if (isMissing(entity)) throw new DoesNotExistError(model.name);
}
