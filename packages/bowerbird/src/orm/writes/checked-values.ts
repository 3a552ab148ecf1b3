import { TypeORMError } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { ContextKey, contextValue, FrameworkError, runWith, type AnyClass, type Class } from '#core';

import { type Descriptions } from '../describe/descriptions.js';
import { type IsForeign } from '../drivers/database-driver.js';
import { TOLERANT } from '../hydrate/accessors.js';
import { type QueryEngine } from '../query/query-engine.js';
import { guardPersistedValues } from '../query/values/persisted-value.js';
import { storerOf, type Store } from '../query/values/stored-value.js';

/** Set while the framework itself stores a row. */
const CHECKED = new ContextKey<boolean>('values of adopted entities are checked');

/** Runs work in which TypeORM's writes to entities that an adopted data source brought are checked as well. */
export function checkingValues<R>(work: () => R): R {
  return runWith(CHECKED, true, work);
}

/**
 * Runs a save by TypeORM. It compares values with stored ones before they are checked; where that fails, what is thrown
 * is the error of the check. @throws BadLookupValueError
 */
export async function checkedSave<R>(engine: QueryEngine, rows: readonly object[], save: () => Promise<R>): Promise<R> {
  try {
    return await checkingValues(save);
  } catch (error) {
    const known = error instanceof FrameworkError || error instanceof TypeORMError;
    if (!known) for (const row of rows) checkRow(engine, row);
    throw error;
  }
}

function checkRow(engine: QueryEngine, row: object): void {
  if (!engine.source.dataSource.hasMetadata(row.constructor)) return;
  const model = engine.model(row.constructor as Class);
  for (const column of model.columns.values()) {
    const value = runWith(TOLERANT, true, () => column.metadata.getEntityValue(row) as unknown);
    if (value !== undefined) storerOf(column)(value);
  }
}

/**
 * Checks the values that TypeORM writes of one data source: those of `save`, of repositories, of query builders. What
 * repositories write of entities that an adopted data source brought is left as it was.
 */
export function checkPersistedValues(engine: QueryEngine, descriptions: Descriptions, isForeign: IsForeign): void {
  const stores = new WeakMap<ColumnMetadata, Store | Unchecked>();
  const storeOf = (metadata: ColumnMetadata): Store | undefined => {
    const known = stores.get(metadata) ?? checkOf(engine, descriptions, metadata) ?? UNCHECKED;
    stores.set(metadata, known);
    if (known === UNCHECKED) return undefined;
    return isForeign(metadata.entityMetadata.target) && !contextValue(CHECKED) ? undefined : known;
  };
  guardPersistedValues(engine.source.dataSource, storeOf);
}

/** Stands for columns whose values TypeORM makes itself: those of pairs, trees and discriminators. */
const UNCHECKED = Symbol('unchecked');
type Unchecked = typeof UNCHECKED;

function checkOf(engine: QueryEngine, descriptions: Descriptions, metadata: ColumnMetadata): Store | undefined {
  const { entityMetadata, isVirtual, relationMetadata } = metadata;
  const { target } = entityMetadata;
  const own = !isVirtual || relationMetadata !== undefined;
  if (!own || typeof target !== 'function' || !descriptions.has(target as AnyClass)) return undefined;
  const model = engine.model(target as never);
  // The metadata of a data source is built anew when it connects.
  return model.metadata === entityMetadata ? storerOf(model.column(metadata)) : undefined;
}
