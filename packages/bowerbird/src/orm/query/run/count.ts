import { openScope } from '../compile/open-scope.js';
import { SelectList } from '../compile/select-list.js';
import { compileWhere, planSelect, selectSql, whereSql } from '../compile/select.js';
import { type QueryEngine } from '../query-engine.js';
import { isSliced, type QueryState } from '../query-state.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { compileQuery } from './fetch.js';

/** The number of rows; with `upTo` at most one more than that, found without reading on. */
export async function count(engine: QueryEngine, state: QueryState, upTo?: number): Promise<number> {
  if (state.empty || state.limit === 0) return 0;
  const [row] = await engine.rows<{ n: string | number }>(countSql(engine, state, upTo));
  return Number(row?.n ?? 0);
}

/** Whether there is a row. */
export async function exists(engine: QueryEngine, state: QueryState): Promise<boolean> {
  if (state.empty || state.limit === 0) return false;
  const rows = await engine.rows(rowsSql(engine, { ...state, order: isSliced(state) ? state.order : [], limit: 1 }));
  return rows.length > 0;
}

/**
 * About how many rows there are, without counting where the database keeps statistics: those of the table without
 * conditions, on PostgreSQL the planner's guess with conditions. Exact on SQLite and for what was never analyzed.
 */
export async function estimate(engine: QueryEngine, state: QueryState): Promise<number> {
  if (state.empty) return 0;
  const plain = isWhole(engine, state) && !isSliced(state) && state.seek === null;
  const guess = plain ? await tableSize(engine, state) : await plannedRows(engine, state);
  return guess ?? count(engine, state);
}

/** Whether a query is for every row of its entity. */
function isWhole(engine: QueryEngine, { entity, where, unscoped, joins, origin }: QueryState): boolean {
  const { scopes } = engine.model(entity).description;
  return (
    where.length === 0 &&
    joins.length === 0 &&
    !origin &&
    (unscoped === 'all' || scopes.every(({ name }) => unscoped.includes(name)))
  );
}

/** The statement that counts; its one column is `n`. */
export function countSql(engine: QueryEngine, state: QueryState, upTo: number | undefined): Sql {
  const free = { ...state, lock: null };
  const limited = upTo === undefined ? free : { ...free, limit: Math.min(state.limit ?? Infinity, upTo + 1) };
  if (isSliced(limited) || multiplies(limited)) {
    const inner = multiplies(limited) ? compileQuery(engine, limited).sql : rowsSql(engine, limited);
    return sql`SELECT COUNT(*) AS n FROM (${inner}) AS counted`;
  }
  const scope = openScope(engine, limited);
  const where = limited.seek ? planSelect(scope, limited).where : compileWhere(scope, limited);
  return sql`SELECT COUNT(*) AS n FROM ${scope.from()}${whereSql(where)}`;
}

/** Whether rows of the result are others than those of the entity: values over relations, distinct ones. */
function multiplies({ shape, distinct }: QueryState): boolean {
  return distinct || shape.type === 'values' || shape.type === 'flat';
}

/** The rows of the query without columns, unordered: which rows a slice takes does not change their number. */
function rowsSql(engine: QueryEngine, state: QueryState): Sql {
  if (state.compound) return compileQuery(engine, state).sql;
  const scope = openScope(engine, state);
  const plan = planSelect(scope, state);
  return selectSql({ ...plan, order: [] }, new SelectList(), { ...state, distinct: false, lock: null });
}

async function tableSize(engine: QueryEngine, { entity }: QueryState): Promise<number | undefined> {
  const statement = engine.dialect.tableSize(engine.model(entity).metadata);
  if (!statement) return undefined;
  const [row] = await engine.rows<{ n: string | number | null }>(statement);
  const size = Number(row?.n ?? -1);
  return size > 0 ? size : undefined;
}

interface PlanRow {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Plan Rows': number } }];
}

async function plannedRows(engine: QueryEngine, state: QueryState): Promise<number | undefined> {
  if (engine.dialect.name !== 'postgres') return undefined;
  const [row] = await engine.rows<PlanRow>(sql`${raw('EXPLAIN (FORMAT JSON) ')}${rowsSql(engine, state)}`);
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'];
}
