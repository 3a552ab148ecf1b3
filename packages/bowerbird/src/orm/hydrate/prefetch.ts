import { type Class } from '#core';

import { AliasSource, JoinScope } from '../query/compile/join-scope.js';
import { inKeys, keyChunks, type KeyColumn, type RawKey } from '../query/compile/keys.js';
import { SelectList } from '../query/compile/select-list.js';
import { planSelect, selectSql } from '../query/compile/select.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { type QueryEngine, type RawRow } from '../query/query-engine.js';
import { initialState, unscopedState, type QueryState } from '../query/query-state.js';
import { afterLoad } from './after-load.js';
import { compileMapper, setRelated, type EntityColumns } from './row-mapper.js';
import { ownColumns, selectEntity, type RelationTree } from './select-entity.js';

/** An entity, the raw row that it was made of, and where its columns are in there. */
export interface LoadedRow {
  readonly entity: object;
  readonly row: RawRow;
}

/**
 * Loads related rows of entities: one statement for each relation (in chunks of 5,000 keys), matched by a map, then the
 * same for what is below.
 */
export async function prefetch(
  engine: QueryEngine,
  loaded: readonly LoadedRow[],
  columns: EntityColumns,
  tree: readonly RelationTree[],
): Promise<void> {
  for (const { relation, below } of tree) {
    const joined = columns.related.find((related) => related.relation === relation);
    if (joined) await prefetch(engine, joinedRows(loaded, relation), joined.columns, below);
    else await loadRelated(engine, loaded, columns, { relation, below });
  }
}

/** The rows that the same statement joined. */
function joinedRows(loaded: readonly LoadedRow[], { metadata }: RelationModel): LoadedRow[] {
  return loaded.flatMap(({ entity, row }) => {
    const related = metadata.getEntityValue(entity, true) as object | null | undefined;
    return related ? [{ entity: related, row }] : [];
  });
}

async function loadRelated(
  engine: QueryEngine,
  loaded: readonly LoadedRow[],
  columns: EntityColumns,
  { relation, below }: RelationTree,
): Promise<void> {
  const aliases = ownColumns(relation).map((column) => columns.aliases.get(column)!);
  const owners = groupByKey(loaded, ({ row }) => aliases.map((alias) => row[alias]));
  const found = new Map<string, object[]>();
  const keys = [...owners.values()].map(({ key }) => key);
  for (const chunk of keyChunks(keys))
    for (const { name, entity } of await loadLevel(engine, relation, below, chunk)) append(found, name, entity);
  assign(loaded, relation, (row) => found.get(keyName(aliases.map((alias) => row[alias]))));
}

interface RelatedEntity {
  /** The name of the key of the row that it belongs to. */
  readonly name: string;
  readonly entity: object;
}

async function loadLevel(
  engine: QueryEngine,
  relation: RelationModel,
  below: readonly RelationTree[],
  keys: readonly RawKey[],
): Promise<RelatedEntity[]> {
  const aliases = new AliasSource();
  const scope = new JoinScope(relation.target, aliases, relation.junction && { relation, optional: false });
  const list = new SelectList();
  const columns = selectEntity(scope, list, { related: [], prefetch: below });
  const back = backColumns(scope, relation);
  const names = back.map(({ sql: expression, column }) => list.column(expression, column));
  const state = stateOf(relation);
  const plan = planSelect(scope, state, [{ sql: inKeys(back, keys), certain: true }]);
  const rows = await engine.rows(selectSql(plan, list, state));
  const map = compileMapper(columns);
  const loaded = rows.map((row) => ({ entity: map(row), row }));
  await prefetch(engine, loaded, columns, below);
  const entities = loaded.map(({ entity }) => entity);
  engine.source.loaded?.(entities);
  await afterLoad(columns, entities);
  return loaded.map(({ entity, row }) => ({ entity, name: keyName(names.map((name) => row[name])) }));
}

/**
 * Rows of a to-many relation come in the order of their entity, or by key when it has none, those left out that its
 * default scopes hide. A reference to one row leads to it in any case.
 */
function stateOf({ many, target }: RelationModel): QueryState {
  const entity = target.metadata.target as Class;
  const state = many ? initialState(entity) : unscopedState(entity);
  return many ? { ...state, total: target.description.ordering.length === 0 } : { ...state, order: [] };
}

/** The columns of a related row (or of its junction) that hold the key of the row that it belongs to. */
function backColumns(scope: JoinScope, { pairs, junction }: RelationModel): KeyColumn[] {
  if (junction)
    return junction.own.map(({ name, references }) => ({ sql: scope.junctionColumn(name), column: references }));
  return pairs.map(({ target }) => ({ sql: scope.joinedColumn([], target), column: target }));
}

function assign(
  loaded: readonly LoadedRow[],
  relation: RelationModel,
  find: (row: RawRow) => readonly object[] | undefined,
): void {
  for (const { entity, row } of loaded) {
    const related = find(row);
    setRelated(relation, entity, relation.many ? [...(related ?? [])] : (related?.[0] ?? null));
  }
}

/** Distinct keys without those that are NULL. */
function groupByKey(
  loaded: readonly LoadedRow[],
  keyOf: (loaded: LoadedRow) => RawKey,
): Map<string, { readonly key: RawKey }> {
  const groups = new Map<string, { readonly key: RawKey }>();
  for (const each of loaded) {
    const key = keyOf(each);
    if (!key.includes(null)) groups.set(keyName(key), { key });
  }
  return groups;
}

/** Equal for equal keys, whatever type the driver gives them on either side. */
function keyName(key: RawKey): string {
  const [first] = key;
  return key.length === 1 ? valueName(first) : JSON.stringify(key.map(valueName));
}

function valueName(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

function append(groups: Map<string, object[]>, name: string, entity: object): void {
  const group = groups.get(name);
  if (group) group.push(entity);
  else groups.set(name, [entity]);
}
