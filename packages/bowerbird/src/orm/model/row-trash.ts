import { type Class, type Signal } from '#core';

import { type EntityModel } from '../query/model/entity-model.js';
import { type Where } from '../query/q.js';
import { type QueryEngine } from '../query/query-engine.js';
import { unscopedState, type QueryState } from '../query/query-state.js';
import { fetchAll } from '../query/run/fetch.js';
import { type DeleteShape } from '../signals/entity-events.js';
import { postDelete, preDelete } from '../signals/signals.js';
import { restoreRows, trashRows } from './trash.js';

/** Marks loaded rows of one entity as deleted, and puts the moment on them. @throws ForeignKeyError */
export async function trashLoaded(engine: QueryEngine, rows: readonly object[]): Promise<void> {
  const state = stateOf(engine, rows);
  const { description } = engine.model(state.entity);
  const { signals } = engine.source;
  const tell = async (signal: Signal<DeleteShape>): Promise<void> => {
    if (!signals.hears(description, signal)) return;
    for (const row of rows) await signals.send(signal, description, { row, key: description.keyOf(row), soft: true });
  };
  await engine.source.atomic(async () => {
    await tell(preDelete);
    await trashRows(engine, state, 'rows');
    await reread(engine, state, rows);
    await tell(postDelete);
  });
}

/** Takes the mark of deletion away from loaded rows of one entity. */
export async function restoreLoaded(engine: QueryEngine, rows: readonly object[]): Promise<void> {
  const state = stateOf(engine, rows);
  const { deletionDate } = engine.model(state.entity).description;
  const lookups = { [`${deletionDate}__isnull`]: false };
  await engine.source.atomic(async () => {
    await restoreRows(engine, { ...state, where: [...state.where, { op: 'lookups', lookups }] });
    await reread(engine, state, rows);
  });
}

function stateOf(engine: QueryEngine, rows: readonly object[]): QueryState {
  const entity = rows[0]!.constructor as Class;
  engine.model(entity);
  const where: Where = { op: 'lookups', lookups: { pk__in: rows } };
  return { ...unscopedState(entity), where: [where] };
}

/** Puts onto rows what the database has set: the moment, and the version and date of the change. */
async function reread(engine: QueryEngine, state: QueryState, rows: readonly object[]): Promise<void> {
  const model = engine.model(state.entity);
  const found = (await fetchAll(engine, { ...state, order: [] })) as object[];
  const byKey = new Map(found.map((row) => [keyName(model, row), row]));
  const { deleteDateColumn, updateDateColumn, versionColumn } = model.metadata;
  for (const row of rows) {
    const now = byKey.get(keyName(model, row));
    for (const column of [deleteDateColumn, updateDateColumn, versionColumn])
      if (now && column) column.setEntityValue(row, column.getEntityValue(now));
  }
}

function keyName({ description }: EntityModel, row: object): string {
  return JSON.stringify(description.keyOf(row));
}
