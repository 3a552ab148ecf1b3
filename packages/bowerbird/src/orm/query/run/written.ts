import { type EntityDescription, type EntityKey } from '../../describe/entity-description.js';
import { valueAt } from '../../describe/entity-text.js';
import { type EntityColumns } from '../../hydrate/entity-columns.js';
import { compileMapper } from '../../hydrate/row-mapper.js';
import { classColumns } from '../../hydrate/subclasses.js';
import { type WrittenValues } from '../../writes/write-listener.js';
import { inKeys, type RawKey } from '../compile/keys.js';
import { openScope } from '../compile/open-scope.js';
import { SelectList } from '../compile/select-list.js';
import { lockSql, planSelect, selectSql } from '../compile/select.js';
import { type ColumnModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { type QueryEngine, type RawRow } from '../query-engine.js';
import { WAITING_LOCK, type QueryState } from '../query-state.js';
import { NOTHING, sql } from '../sql/sql.js';

/** A row as listeners see it. */
export interface WrittenRow {
  /** The primary key as the driver gave it. */
  readonly key: RawKey;
  /** Equal for equal keys. */
  readonly name: string;
  readonly entityKey: EntityKey;
  readonly text: string;
  readonly values: WrittenValues;
}

/** Which rows {@link loadWritten} reads, and whether they stay as they are until the transaction ends. */
export interface WrittenOptions {
  readonly keys?: readonly RawKey[];
  readonly lock?: boolean;
}

/** Loads every column of the rows of a query, those included that queries leave out, for a listener. */
export async function loadWritten(
  engine: QueryEngine,
  state: QueryState,
  { keys, lock = false }: WrittenOptions,
): Promise<WrittenRow[]> {
  const model = engine.model(state.entity);
  const scope = openScope(engine, state);
  const list = new SelectList();
  const relations = model.metadata.relations
    .map(({ propertyPath }) => model.relation(propertyPath)!)
    .filter(({ owning }) => owning);
  const wanted = new Set([
    ...model.columns.values(),
    ...model.primary,
    ...classColumns(model),
    ...relations.flatMap(({ pairs }) => pairs.map(({ own }) => own)),
  ]);
  const aliases = new Map([...wanted].map((column) => [column, list.column(scope.joinedColumn([], column), column)]));
  const keyColumns = model.primary.map((column) => ({ column, sql: scope.joinedColumn([], column) }));
  const some = keys ? [{ sql: inKeys(keyColumns, keys), certain: true }] : [];
  const plain: QueryState = { ...state, order: [], shape: { type: 'entity' } };
  const statement = selectSql(planSelect(scope, plain, some), list, plain);
  const rows = await engine.rows(sql`${statement}${lock ? lockSql(scope, WAITING_LOCK) : NOTHING}`);
  const columns: EntityColumns = {
    model,
    aliases,
    related: [],
    later: [],
    relations,
    deferred: [],
    strict: false,
    properties: [...wanted].filter(({ property }) => property),
  };
  return describeRows(engine, rows, columns, relations);
}

function describeRows(
  engine: QueryEngine,
  rows: readonly RawRow[],
  columns: EntityColumns,
  relations: readonly RelationModel[],
): WrittenRow[] {
  const { model, aliases } = columns;
  const entities = compileMapper(columns)(rows, engine.loader);
  const { description, primary } = model;
  return rows.map((row, index) => {
    const entity = entities[index]!;
    const key = primary.map((column) => row[aliases.get(column)!]);
    const values = { ...fieldValues(description, entity), ...relationKeys(relations, row, aliases) };
    return {
      key,
      name: JSON.stringify(key.map(String)),
      entityKey: entityKey(description.primaryKey, key),
      text: description.text(entity),
      values,
    };
  });
}

function fieldValues(description: EntityDescription, entity: object): Record<string, unknown> {
  const own = description.fields.filter(({ relation }) => relation === undefined);
  return Object.fromEntries(own.map(({ path }) => [path, valueAt(entity, path)]));
}

function relationKeys(
  relations: readonly RelationModel[],
  row: RawRow,
  aliases: ReadonlyMap<ColumnModel, string>,
): Record<string, unknown> {
  return Object.fromEntries(
    relations.map(({ path, pairs }) => {
      const values = pairs.map(({ own }) => row[aliases.get(own)!]);
      const paths = pairs.map(({ target }) => target.path);
      return [path, values.includes(null) ? null : entityKey(paths, values)];
    }),
  );
}

/** The key of a row by the values of its columns. */
export function entityKey(paths: readonly string[], values: RawKey): EntityKey {
  if (values.length === 1) return String(values[0]);
  return Object.fromEntries(values.map((value, index) => [paths[index]!, String(value)]));
}
