import { type Class } from '#core';

import { valueAt } from '../../describe/entity-text.js';
import { DoesNotExistError } from '../../orm.errors.js';
import { Expression } from '../expressions/expression.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { unscopedState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { writtenColumns } from './conflicts.js';
import { runListeners } from './new-rows.js';
import { refreshRow } from './refresh.js';
import { updateRows } from './write.js';

/**
 * Stores some fields of rows that are there and leaves every other column alone; the version and the date of the change
 * move, in the database and on the rows. @throws DoesNotExistError when a row is gone
 */
export async function saveFields(
  engine: QueryEngine,
  rows: readonly object[],
  fields: readonly string[],
): Promise<void> {
  if (fields.length === 0) throw new QueryUsageError('save() needs the names of the fields to store');
  await engine.source.atomic(async () => {
    for (const row of rows) await saveRow(engine, row, fields);
  });
}

async function saveRow(engine: QueryEngine, row: object, fields: readonly string[]): Promise<void> {
  const model = engine.model(row.constructor as Class);
  refuseKeys(model, fields);
  const { beforeUpdateListeners, afterUpdateListeners, updateDateColumn, versionColumn } = model.metadata;
  await runListeners(beforeUpdateListeners, [row]);
  const values = Object.fromEntries(fields.map((path) => [path, valueAt(row, path)]));
  const state = unscopedState(model.description.target);
  const where = [{ op: 'lookups', lookups: { pk: row } }] as const;
  if ((await updateRows(engine, { ...state, where }, values)) === 0) throw new DoesNotExistError(model.name);
  const moved = [updateDateColumn, versionColumn].filter((column) => column !== undefined);
  const worked = fields.filter((path) => values[path] instanceof Expression);
  const changed = [...moved.map(({ propertyPath }) => propertyPath), ...worked];
  if (changed.length > 0) await refreshRow(engine, row, changed);
  await runListeners(afterUpdateListeners, [row]);
}

function refuseKeys(model: EntityModel, fields: readonly string[]): void {
  const key = fields.find((path) => writtenColumns(model, path).some((column) => model.primary.includes(column)));
  if (key)
    throw new QueryUsageError(`"${key}" is part of the key of ${model.name}, which does not change`, {
      hint: 'Make a new row with replicate() and remove the old one',
    });
}
