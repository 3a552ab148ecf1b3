import { afterwards } from '#core';

import { compileEntities } from '../../hydrate/hydrate.js';
import { compileValues } from '../../hydrate/values-mapper.js';
import { DoesNotExistError, MultipleRowsError } from '../../orm.errors.js';
import { commonShape, compoundSql } from '../compile/compound.js';
import { type JoinScope } from '../compile/join-scope.js';
import { openScope } from '../compile/open-scope.js';
import { SelectList } from '../compile/select-list.js';
import { planSelect, selectSql, type SelectPlan } from '../compile/select.js';
import { withoutIdleDistinct } from '../compile/unique-names.js';
import { compilerOf } from '../compile/where.js';
import { type QueryEngine, type RawRow } from '../query-engine.js';
import { isSliced, type Compound, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { type Sql } from '../sql/sql.js';

/** A statement, and what makes its rows into results. */
export interface CompiledQuery {
  readonly sql: Sql;
  readonly plan: SelectPlan;
  /** Runs what belongs to the result beside the statement. */
  readonly hydrate: (rows: readonly RawRow[]) => unknown[] | Promise<unknown[]>;
}

/** Compiles the statement of a query. `extend` may add columns to it. @throws FieldError */
export function compileQuery(
  engine: QueryEngine,
  given: QueryState,
  extend?: (plan: SelectPlan, list: SelectList) => void,
): CompiledQuery {
  const state = withoutIdleDistinct(given);
  if (state.compound) return compileCompound(engine, state, state.compound);
  const scope = openScope(engine, state);
  const list = new SelectList();
  const hydrate =
    state.shape.type === 'entity' ? compileEntities(engine, scope, list, state) : compileRows(scope, list, state);
  const plan = planSelect(scope, state);
  extend?.(plan, list);
  return { plan, hydrate, sql: selectSql(plan, list, state) };
}

/** The rows of several queries, made by the first of them. */
function compileCompound(engine: QueryEngine, state: QueryState, compound: Compound): CompiledQuery {
  commonShape(compound);
  const parts = compound.parts.map((part) => compileQuery(engine, emptied(part)));
  const { plan, hydrate } = parts[0]!;
  const statement = compoundSql(
    engine.dialect,
    parts.map(({ sql }) => sql),
    {
      operation: compound.operation,
      columns: compilerOf(plan.scope, compound.parts[0]!).selected,
      order: state.order ?? [],
      reversed: state.reversed,
      slice: engine.dialect.slice(state.limit, state.offset),
    },
  );
  return { plan, hydrate, sql: statement };
}

/** An empty part selects its columns from no rows. */
function emptied(state: QueryState): QueryState {
  return state.empty ? { ...state, limit: 0 } : state;
}

/** Every row of a query. */
export async function fetchAll(engine: QueryEngine, state: QueryState): Promise<unknown[]> {
  if (state.lock) refuseLock(engine, state);
  if (state.empty || state.limit === 0) return [];
  const query = knownQuery(engine, state);
  const rows = await engine.rows(query.sql);
  const result = await query.hydrate(rows);
  return state.seek?.direction === 'before' ? result.reverse() : result;
}

/** What {@link fetchAll} makes its result of. */
export async function fetchRaw(engine: QueryEngine, state: QueryState): Promise<readonly RawRow[]> {
  if (state.lock) refuseLock(engine, state);
  return state.empty || state.limit === 0 ? [] : engine.rows(knownQuery(engine, state).sql);
}

/** The result of rows that {@link fetchRaw} gave for the same query; at once, unless more has to be loaded. */
export function hydrateRaw(
  engine: QueryEngine,
  state: QueryState,
  rows: readonly RawRow[],
): unknown[] | Promise<unknown[]> {
  if (rows.length === 0) return [];
  const inOrder = (result: unknown[]): unknown[] => (state.seek?.direction === 'before' ? result.reverse() : result);
  return afterwards(knownQuery(engine, state).hydrate(rows), inOrder);
}

/** The query that was compiled for the same shape before, with the values of this one. */
export function knownQuery(engine: QueryEngine, state: QueryState): CompiledQuery {
  return engine.knownQueries.of(engine.model(state.entity), state, () => compileQuery(engine, state));
}

/** The first row, or null. An unordered query is ordered by its primary key. */
export async function fetchFirst(engine: QueryEngine, state: QueryState): Promise<unknown> {
  const limit = state.limit === null ? 1 : Math.min(state.limit, 1);
  const ordered = { ...state, limit, total: state.total || isUnordered(engine, state) };
  const [row] = await fetchAll(engine, ordered);
  return row ?? null;
}

/** The one row. @throws DoesNotExistError, MultipleRowsError */
export async function fetchOne(engine: QueryEngine, state: QueryState): Promise<unknown> {
  const limited = isSliced(state)
    ? { ...state, limit: Math.min(state.limit ?? 2, 2) }
    : { ...state, order: [], limit: 2 };
  const rows = await fetchAll(engine, limited);
  const { name } = engine.model(state.entity);
  if (rows.length > 1) throw new MultipleRowsError(name);
  if (rows.length === 0) throw new DoesNotExistError(name);
  return rows[0];
}

/** A lock lasts until the transaction ends; without one it would end with the statement. */
export function refuseLock({ source }: QueryEngine, { distinct, shape }: QueryState): void {
  if (!source.inTransaction)
    throw new QueryUsageError('selectForUpdate() is of use in a transaction only', {
      hint: 'Put the query and what follows it into atomic(async () => { … })',
    });
  if (distinct || shape.type !== 'entity') throw new QueryUsageError('selectForUpdate() locks whole rows, each once');
}

function isUnordered(engine: QueryEngine, { entity, order, groupBy }: QueryState): boolean {
  return (order ?? (groupBy ? [] : engine.model(entity).description.ordering)).length === 0;
}

function compileRows(scope: JoinScope, list: SelectList, state: QueryState): CompiledQuery['hydrate'] {
  const map = compileValues(compilerOf(scope, state), list, state.shape);
  return (rows) => rows.map(map);
}
