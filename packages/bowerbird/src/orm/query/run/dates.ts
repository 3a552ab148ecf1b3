import { AliasSource, JoinScope } from '../compile/join-scope.js';
import { allOf } from '../compile/predicate.js';
import { SelectList } from '../compile/select-list.js';
import { planSelect, selectSql } from '../compile/select.js';
import { resolvePath } from '../model/resolve-path.js';
import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError, UnfitPathError } from '../query.errors.js';
import { raw, sql } from '../sql/sql.js';

/** What a date is cut down to. */
export type DateUnit = 'year' | 'month' | 'week' | 'day';

/** What a moment is cut down to besides. */
export type TimeUnit = 'hour' | 'minute' | 'second';

export type Direction = 'ascending' | 'descending';

/** Which values are cut down to what, and in which order. */
export interface DatesRequest {
  readonly path: string;
  readonly unit: DateUnit | TimeUnit;
  readonly direction: Direction;
}

/** The distinct first days of the units, as `2026-11-01`. @throws UnfitPathError for a path without dates */
export async function fetchDates(engine: QueryEngine, state: QueryState, request: DatesRequest): Promise<string[]> {
  const begun = await fetchBegun(engine, state, request, ['date', 'datetime']);
  return begun.map((text) => text.slice(0, 10));
}

/** The distinct first moments of the units, in UTC. @throws UnfitPathError for a path without moments */
export async function fetchMoments(engine: QueryEngine, state: QueryState, request: DatesRequest): Promise<Date[]> {
  const begun = await fetchBegun(engine, state, request, ['datetime']);
  return begun.map((text) => new Date(`${text.replace(' ', 'T')}Z`));
}

/** Begins of the units as text, `2026-11-01 00:00:00`. */
async function fetchBegun(
  engine: QueryEngine,
  state: QueryState,
  { path, unit, direction }: DatesRequest,
  kinds: readonly string[],
): Promise<string[]> {
  if (state.limit !== null || state.offset > 0)
    throw new QueryUsageError('dates() and datetimes() cannot follow slice()');
  if (state.empty) return [];
  const scope = new JoinScope(engine.model(state.entity), new AliasSource());
  const target = resolvePath(scope.model, path);
  const [column] = target.columns;
  if (!column || !kinds.includes(column.kind))
    throw new UnfitPathError(scope.model.name, path, `holds no ${kinds.join(' and no ')}`, 'Name a column of dates');
  const plain = { ...state, order: [], total: false, distinct: true };
  const value = scope.column(target.hops, column);
  const list = new SelectList();
  const alias = list.add(engine.dialect.begin(unit, value.sql, column.kind));
  const plan = planSelect(scope, plain);
  const known = allOf([plan.where, { sql: sql`${value.sql} IS NOT NULL`, certain: true }]);
  const statement = selectSql({ ...plan, where: known }, list, plain);
  const order = raw(` ORDER BY ${alias}${direction === 'descending' ? ' DESC' : ''}`);
  const rows = await engine.rows<Record<string, string>>(sql`${statement}${order}`);
  return rows.map((row) => row[alias]!);
}
