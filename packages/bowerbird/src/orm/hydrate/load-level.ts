import { type Class } from '#core';

import { AliasSource, JoinScope } from '../query/compile/join-scope.js';
import { inKeys, type KeyColumn, type RawKey } from '../query/compile/keys.js';
import { narrowedModel } from '../query/compile/narrowed-model.js';
import { orderBy } from '../query/compile/ordering.js';
import { SelectList } from '../query/compile/select-list.js';
import { planSelect, selectSql, type SelectPlan } from '../query/compile/select.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { initialState, isSliced, unscopedState, type QueryState, type StatedQuery } from '../query/query-state.js';
import { QueryUsageError } from '../query/query.errors.js';
import { join, raw, sql, type Sql } from '../query/sql/sql.js';
import { type RelationTree } from './relation-tree.js';

/** A related row, and the key of the row that it belongs to. */
export interface RelatedEntity {
  readonly key: RawKey;
  readonly entity: object;
}

/** The related rows of those with some keys, by one statement. @throws QueryUsageError */
export async function loadLevel(
  engine: QueryEngine,
  tree: RelationTree,
  keys: readonly RawKey[],
): Promise<RelatedEntity[]> {
  const { relation } = tree;
  const state = levelState(engine, tree);
  if (state.empty || state.limit === 0) return [];
  const model = narrowedModel(relation.target, state, undefined);
  const scope = new JoinScope(model, new AliasSource(), relation.junction && { relation, optional: false });
  const list = new SelectList();
  const hydrate = engine.compileEntities(scope, list, state);
  const back = backColumns(scope, relation);
  const names = back.map(({ sql: expression, column }) => list.column(expression, column));
  const plan = planSelect(scope, state, [{ sql: tiedTo(scope, relation, inKeys(back, keys)), certain: true }]);
  const rows = await engine.rows(isSliced(state) ? slicedSql(plan, list, state, back) : selectSql(plan, list, state));
  const entities = await hydrate(rows);
  return entities.map((entity, index) => ({ entity, key: names.map((name) => rows[index]![name]) }));
}

function levelState(engine: QueryEngine, { relation, request, below }: RelationTree): QueryState {
  const state = request.query ? givenState(engine, relation, request.query) : stateOf(relation);
  return below.length > 0 ? { ...state, prefetch: [...state.prefetch, ...below] } : state;
}

function givenState(engine: QueryEngine, relation: RelationModel, query: StatedQuery): QueryState {
  const { target, path, from, many } = relation;
  const problem = problemOf(engine, relation, query);
  if (problem) throw new QueryUsageError(`The query that prefetches "${path}" of ${from.name} ${problem}`);
  const { state } = query;
  const unordered = (state.order ?? target.description.ordering).length === 0;
  return { ...state, total: state.total || isSliced(state) || (many && unordered) };
}

function problemOf(
  engine: QueryEngine,
  { target }: RelationModel,
  { engine: other, state }: StatedQuery,
): string | undefined {
  if (other !== engine) return 'is of another database';
  if (state.entity !== target.metadata.target) return `is of ${state.entity.name} and not of ${target.name}`;
  const whole = state.shape.type === 'entity' && !state.distinct && !state.lock && !state.distinctOn && !state.compound;
  return whole ? undefined : 'has values(), flat(), distinct(), a set operation or selectForUpdate()';
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
function backColumns(scope: JoinScope, { pairs, junction, generic }: RelationModel): KeyColumn[] {
  if (generic) return [{ sql: scope.joinedColumn([], generic.reference.key), column: generic.reference.key }];
  if (junction)
    return junction.own.map(({ name, references }) => ({ sql: scope.junctionColumn(name), column: references }));
  return pairs.map(({ target }) => ({ sql: scope.joinedColumn([], target), column: target }));
}

/** Rows that refer generically say of what kind the row is. */
function tiedTo(scope: JoinScope, { generic }: RelationModel, keys: Sql): Sql {
  return generic ? sql`${keys} AND ${scope.joinedColumn([], generic.reference.type)} ${generic.types()}` : keys;
}

/** A slice counts for each row that the related ones belong to, so their places are numbered by that row. */
function slicedSql(plan: SelectPlan, list: SelectList, state: QueryState, back: readonly KeyColumn[]): Sql {
  const owner = join(
    back.map(({ sql: column }) => column),
    ', ',
  );
  const selected = raw(list.aliases().join(', '));
  const place = raw(list.add(sql`ROW_NUMBER() OVER (PARTITION BY ${owner}${orderBy(plan.order, plan.scope.model)})`));
  const inner = selectSql({ ...plan, order: [] }, list, { ...state, limit: null, offset: 0 });
  const first = raw(` > ${state.offset}`);
  const last = state.limit === null ? raw('') : sql` AND ${place}${raw(` <= ${state.offset + state.limit}`)}`;
  return sql`SELECT ${selected} FROM (${inner}) AS placed WHERE ${place}${first}${last} ORDER BY ${place}`;
}
