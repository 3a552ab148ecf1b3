import { type FieldKind } from '../../describe/entity-description.js';
import { type ExpressionCompiler } from '../compile/expression-compiler.js';
import { openScope } from '../compile/open-scope.js';
import { allOf } from '../compile/predicate.js';
import { SelectList } from '../compile/select-list.js';
import { planSelect, selectSql } from '../compile/select.js';
import { compilerOf } from '../compile/where.js';
import { zoneOf } from '../compile/zone-of.js';
import { type CompiledExpression } from '../expressions/expression.js';
import { zoneFor, type ZoneOptions } from '../expressions/functions/moment-function.js';
import { resolvePath } from '../model/resolve-path.js';
import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError, UnfitPathError } from '../query.errors.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { type TimeZone } from '../zones/time-zone.js';

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
  /** The zone whose calendar and clocks count; that of the query where it is absent. */
  readonly zone: string | undefined;
}

/** How `dates()` and `datetimes()` list what they find. */
export interface DateListOptions extends ZoneOptions {
  /** `ascending` unless told otherwise. */
  readonly direction?: Direction;
}

/** The order and the zone of a list. */
export function listedAs(options: Direction | DateListOptions): Pick<DatesRequest, 'direction' | 'zone'> {
  const { direction = 'ascending', zone } = typeof options === 'string' ? { direction: options } : options;
  return { direction, zone };
}

/** The distinct first days of the units, as `2026-11-01`. @throws UnfitPathError for a path without dates */
export async function fetchDates(engine: QueryEngine, state: QueryState, request: DatesRequest): Promise<string[]> {
  const { dialect } = engine;
  const begun = await fetchBegun(engine, state, request, {
    name: 'dates()',
    kinds: ['date', 'datetime'],
    write: (unit, value, kind, zone) => dialect.begin(unit, dialect.expressions.clock(value, kind, zone)),
  });
  return begun.map((text) => text.slice(0, 10));
}

/** The distinct first moments of the units. @throws UnfitPathError for a path without moments */
export async function fetchMoments(engine: QueryEngine, state: QueryState, request: DatesRequest): Promise<Date[]> {
  const { expressions } = engine.dialect;
  const begun = await fetchBegun(engine, state, request, {
    name: 'datetimes()',
    kinds: ['datetime'],
    write: (unit, value, kind, zone) => expressions.momentText(expressions.truncated(unit, value, kind, zone)),
  });
  return begun.map((text) => new Date(`${text.replace(' ', 'T')}Z`));
}

/** What is asked of each value: the kinds that it may have, and the begin of its unit as text, `2026-11-01 00:00:00`. */
interface Begins {
  readonly name: string;
  readonly kinds: readonly FieldKind[];
  write(unit: DateUnit | TimeUnit, value: Sql, kind: FieldKind, zone: TimeZone): Sql;
}

async function fetchBegun(
  engine: QueryEngine,
  state: QueryState,
  { path, unit, direction, zone }: DatesRequest,
  { name, kinds, write }: Begins,
): Promise<string[]> {
  if (state.limit !== null || state.offset > 0)
    throw new QueryUsageError('dates() and datetimes() cannot follow slice()');
  if (state.empty) return [];
  const { dialect } = engine;
  const scope = openScope(engine, state);
  const plain = { ...state, order: [], total: false, distinct: true };
  const value = valueAt(compilerOf(scope, plain), path);
  if (!kinds.includes(value.kind))
    throw new UnfitPathError(scope.model.name, path, `holds no ${kinds.join(' and no ')}`, 'Name a column of dates');
  const list = new SelectList();
  const own = zoneFor(name, value.kind, { zone }, { zone: zoneOf(dialect, state), dialect });
  const alias = list.add(write(unit, value.sql, value.kind, own));
  const plan = planSelect(scope, plain);
  const known = allOf([plan.where, { sql: sql`${value.sql} IS NOT NULL`, certain: true }]);
  const statement = selectSql({ ...plan, where: known }, list, plain);
  const order = raw(` ORDER BY ${alias}${direction === 'descending' ? ' DESC' : ''}`);
  const rows = await engine.rows<Record<string, string>>(sql`${statement}${order}`);
  return rows.map((row) => row[alias]!);
}

/** A value of the rows, or of those related to them. */
function valueAt(compiler: ExpressionCompiler, path: string): Pick<CompiledExpression, 'sql' | 'kind'> {
  if (compiler.knows(path)) return compiler.path(path);
  const { scope } = compiler;
  const { hops, columns } = resolvePath(scope.model, path);
  return { sql: scope.column(hops, columns[0]!).sql, kind: columns[0]!.kind };
}
