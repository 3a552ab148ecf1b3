import { afterLoad } from '../../hydrate/after-load.js';
import { type EntityColumns } from '../../hydrate/entity-columns.js';
import { compileMapper } from '../../hydrate/row-mapper.js';
import { classColumns, relationsOf } from '../../hydrate/subclasses.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type QueryEngine, type RawRow } from '../query-engine.js';
import { isSliced, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { type Sql } from '../sql/sql.js';

/**
 * Entities of the rows that a statement selects: columns by their names in the database, fields that it leaves out
 * deferred, whatever else it selects under its own name. @throws QueryUsageError unless it selects the key
 */
export async function fetchRaw(engine: QueryEngine, state: QueryState, statement: Sql): Promise<object[]> {
  if (
    state.where.length > 0 ||
    state.order ||
    isSliced(state) ||
    state.annotations.length > 0 ||
    state.joins.length > 0
  )
    throw new QueryUsageError('raw() takes nothing of the query before it but what is prefetched', {
      hint: 'Put conditions, order and limit into the statement',
    });
  const model = engine.model(state.entity);
  const rows = await engine.rows(statement);
  const [first] = rows;
  if (!first) return [];
  const columns = columnsOf(model, first, state.strict ?? engine.source.lazyLoading === 'strict');
  const entities = compileMapper(columns)(rows, engine.loader);
  addOthers(model, entities, rows);
  await engine.loader.loadInto(model, entities, state.prefetch);
  engine.source.loaded?.(entities);
  await afterLoad(columns, entities);
  return entities;
}

function columnsOf(model: EntityModel, row: RawRow, strict: boolean): EntityColumns {
  const there = [...model.columns.values()].filter(({ name }) => name in row);
  const missing = model.primary.filter((column) => !there.includes(column));
  if (missing.length > 0)
    throw new QueryUsageError(`The statement does not select "${missing[0]!.name}", the key of ${model.name}`, {
      hint: 'Select every column of the key; other columns may be left out',
    });
  const deferred = model.selected.filter((column) => !there.includes(column));
  const known = [...there, ...classColumns(model).filter(({ name }) => name in row)];
  const aliases = new Map<ColumnModel, string>(known.map((column) => [column, column.name]));
  return { model, properties: there, deferred, strict, aliases, related: [], later: [], relations: relationsOf(model) };
}

/** What is no column of the entity, except those that only carry a relation. */
function addOthers(model: EntityModel, entities: readonly object[], rows: readonly RawRow[]): void {
  const own = new Set(model.metadata.columns.map(({ databaseName }) => databaseName));
  const others = Object.keys(rows[0]!).filter((name) => !own.has(name));
  for (const [index, entity] of entities.entries())
    for (const name of others) Object.assign(entity, { [name]: rows[index]![name] });
}
