import { type EntityMetadata } from 'typeorm';

import { type Class } from '#core';

import { StaleRowError } from '../orm.errors.js';
import { AliasSource, JoinScope } from '../query/compile/join-scope.js';
import { SelectList } from '../query/compile/select-list.js';
import { lockSql, planSelect, selectSql } from '../query/compile/select.js';
import { type QueryEngine } from '../query/query-engine.js';
import { unscopedState, WAITING_LOCK, type QueryState } from '../query/query-state.js';
import { sql } from '../query/sql/sql.js';
import { isRaw } from '../signals/raw-writes.js';

/**
 * Refuses to write a row that was read before somebody else changed it, where the entity has a `@VersionColumn`. The row
 * is locked, so that nobody changes it before the transaction ends. A row without its version is written as it is.
 * @throws StaleRowError
 */
export async function refuseStale(
  engine: QueryEngine,
  metadata: EntityMetadata,
  row: object,
  stored: object,
): Promise<void> {
  const mine = versionOf(metadata, row);
  if (mine === undefined) return;
  const theirs = await lockedVersion(engine, metadata.target as Class, stored);
  if (theirs !== mine) throw staleRow(engine, metadata, stored, mine, theirs);
}

/** Refuses to insert a row that was loaded before, and that somebody else has deleted since. @throws StaleRowError */
export function refuseRevival(engine: QueryEngine, metadata: EntityMetadata, row: object): void {
  const mine = versionOf(metadata, row);
  if (mine === undefined || isRaw()) return;
  const key = metadata.primaryColumns.map((column) => column.getEntityValue(row) as unknown);
  if (key.every((value) => value !== undefined && value !== null))
    throw staleRow(engine, metadata, row, mine, undefined);
}

function versionOf({ versionColumn }: EntityMetadata, row: object): number | undefined {
  const version: unknown = versionColumn?.getEntityValue(row);
  return version === undefined || version === null ? undefined : Number(version);
}

/** The version of a row, which stays what it is until the transaction ends; undefined where the row is gone. */
async function lockedVersion(engine: QueryEngine, entity: Class, stored: object): Promise<number | undefined> {
  const model = engine.model(entity);
  const state: QueryState = {
    ...unscopedState(entity),
    order: [],
    where: [{ op: 'lookups', lookups: { pk: stored } }],
  };
  const scope = new JoinScope(model, new AliasSource());
  const list = new SelectList();
  const column = model.column(model.metadata.versionColumn!);
  const alias = list.column(scope.joinedColumn([], column), column);
  const statement = selectSql(planSelect(scope, state), list, state);
  const [found] = await engine.rows(sql`${statement}${lockSql(scope, WAITING_LOCK)}`);
  return found && Number(found[alias]);
}

function staleRow(
  engine: QueryEngine,
  { target }: EntityMetadata,
  row: object,
  mine: number,
  theirs: number | undefined,
): StaleRowError {
  const { description } = engine.model(target as Class);
  const key = description.keyOf(row);
  return new StaleRowError(
    description.name,
    typeof key === 'string' ? key : Object.values(key).join('/'),
    mine,
    theirs,
  );
}
