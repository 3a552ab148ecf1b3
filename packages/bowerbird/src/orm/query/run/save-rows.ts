import { type Class } from '#core';

import { DoesNotExistError } from '../../orm.errors.js';
import { type QueryEngine } from '../query-engine.js';
import { unscopedState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { insertRow } from './get-or-create.js';
import { saveFields } from './save-fields.js';
import { lockKeys } from './written-keys.js';

/** How rows are saved other than by inserting or updating them, whichever it takes. */
export interface SaveRequest {
  readonly fields?: readonly string[];
  readonly force?: 'insert' | 'update';
}

/** Saves rows by fields or as new or known ones, all or none. @throws DoesNotExistError, IntegrityError */
export async function saveRows(
  engine: QueryEngine,
  rows: readonly object[],
  { fields, force }: SaveRequest,
): Promise<void> {
  if (fields && force === 'insert') throw new QueryUsageError('A new row is saved with all of its fields');
  if (fields) return saveFields(engine, rows, fields);
  const save = force === 'insert' ? insertWhole : updateWhole;
  await engine.source.atomic(async () => {
    for (const row of rows) await save(engine, row);
  });
}

async function insertWhole(engine: QueryEngine, row: object): Promise<void> {
  const { metadata } = engine.model(row.constructor as Class);
  const links = metadata.relations.some((relation) => {
    const linked: unknown = relation.isOwning && !relation.isManyToMany ? undefined : relation.getEntityValue(row);
    return linked !== undefined && linked !== null;
  });
  await insertRow(engine, row, links || metadata.treeType !== undefined);
}

/** The row is held until the transaction ends, so that it is still there when it is saved. */
async function updateWhole(engine: QueryEngine, row: object): Promise<void> {
  const model = engine.model(row.constructor as Class);
  const where = [{ op: 'lookups', lookups: { pk: row } }] as const;
  const found = await lockKeys(engine, { ...unscopedState(model.description.target), where });
  if (found.length === 0) throw new DoesNotExistError(model.name);
  await engine.source.save(row);
}
