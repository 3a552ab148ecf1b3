import { type InsertQueryBuilder } from 'typeorm';

import { MultipleRowsError, UniqueError } from '../../orm.errors.js';
import { checkingValues } from '../../writes/checked-values.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { WAITING_LOCK, type QueryState } from '../query-state.js';
import { fetchAll } from './fetch.js';
import { filledRow, withRelatedRows } from './new-rows.js';
import { workedForNew } from './worked-values.js';

/** Values of an entity's properties. */
export type Values = Readonly<Record<string, unknown>>;

/** A row, and whether it was made just now. */
export interface GotOrCreated<R> {
  readonly row: R;
  readonly created: boolean;
}

/**
 * Stores a new row, and the links to others that its values hold. Never changes a row that is there.
 * @throws IntegrityError, BadLookupValueError, UnknownPathError
 */
export async function createRow(engine: QueryEngine, state: QueryState, values: Values): Promise<object> {
  const model = engine.model(state.entity);
  const { metadata } = model;
  const given = await workedForNew(engine, state, values);
  const row = withRelatedRows(model, filledRow(model, model.create(), given));
  const linked = metadata.relations.some(({ isOwning, propertyName }) => !isOwning && propertyName in values);
  const links = linked || metadata.manyToManyRelations.some(({ propertyName }) => propertyName in values);
  return insertRow(engine, row, links || metadata.treeType !== undefined);
}

/** Stores an instance as a new row, with `links` also what its lists of related rows hold. @throws IntegrityError */
export async function insertRow(engine: QueryEngine, row: object, links: boolean): Promise<object> {
  const { source } = engine;
  source.requirePlaced(row);
  const single = links ? undefined : engine.inserts.of(row);
  if (single && !source.inTransaction) return single.store(row).then(() => row);
  // Inside of a transaction a savepoint keeps it usable when the row is refused.
  return source.atomic(async () => {
    if (single) await single.store(row);
    else await source.mapped(() => checkingValues(() => insertion(engine, row).execute()));
    return links ? source.save(row) : row;
  });
}

/** TypeORM leaves keys out on PostgreSQL that the database could make, also where the row has one. */
function insertion({ source }: QueryEngine, row: object): InsertQueryBuilder<object> {
  const metadata = source.dataSource.getMetadata(row.constructor);
  const keyed = metadata.generatedColumns.some((column) => (column.getEntityValue(row) ?? undefined) !== undefined);
  const all = metadata.columns.filter(({ isInsert }) => isInsert).map(({ propertyPath }) => propertyPath);
  const builder = source.dataSource.createQueryBuilder().insert();
  return (keyed ? builder.into(row.constructor, all) : builder.into(row.constructor)).values(row);
}

/**
 * The row with some values, made of them and of further ones where there is none. When somebody else makes it in
 * between, a unique set decides, and theirs is returned. @throws MultipleRowsError, IntegrityError
 */
export async function getOrCreate(
  engine: QueryEngine,
  state: QueryState,
  match: Values,
  defaults: Values,
): Promise<GotOrCreated<object>> {
  const found = await engine.source.onPrimary(() => theOne(engine, state, match));
  if (found) return { row: found, created: false };
  try {
    const row = await createRow(engine, state, { ...ownValues(engine.model(state.entity), match), ...defaults });
    return { row, created: true };
  } catch (error) {
    if (!(error instanceof UniqueError)) throw error;
    const other = await lockedOne(engine, state, match);
    if (!other) throw error;
    return { row: other, created: false };
  }
}

/** The row with some values, locked and changed, or made where there is none. @throws MultipleRowsError, IntegrityError */
export async function updateOrCreate(
  engine: QueryEngine,
  state: QueryState,
  match: Values,
  changes: Values,
  initial: Values,
): Promise<GotOrCreated<object>> {
  return engine.source.atomic(async () => {
    const found = await lockedOne(engine, state, match);
    const { row, created } = found
      ? { row: found, created: false }
      : await getOrCreate(engine, state, match, { ...changes, ...initial });
    if (!created) await engine.source.save(Object.assign(row, changes));
    return { row, created };
  });
}

/** What a new row gets of the values that it was looked for by: not those of lookups and of other rows. */
function ownValues({ metadata }: EntityModel, match: Values): Values {
  const { propertiesMap, primaryColumns } = metadata;
  const [key, ...more] = primaryColumns;
  const named = Object.entries(match).map(([name, value]) => {
    const isKey = name === 'pk' && !(name in propertiesMap) && more.length === 0;
    return [isKey ? key!.propertyName : name, value] as const;
  });
  return Object.fromEntries(named.filter(([name]) => name in propertiesMap || !/__|\./.test(name)));
}

async function theOne(engine: QueryEngine, state: QueryState, match: Values): Promise<object | undefined> {
  const where = Object.keys(match).length === 0 ? [] : [{ op: 'lookups', lookups: match } as const];
  const rows = await fetchAll(engine, { ...state, where: [...state.where, ...where], order: [], limit: 2 });
  if (rows.length > 1) throw new MultipleRowsError(engine.model(state.entity).name);
  return rows[0] as object | undefined;
}

/** Reads what is there now, also where the transaction's own view is older. */
function lockedOne(engine: QueryEngine, state: QueryState, match: Values): Promise<object | undefined> {
  return engine.source.atomic(() => theOne(engine, { ...state, lock: WAITING_LOCK }, match));
}
