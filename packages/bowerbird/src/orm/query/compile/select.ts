import { resolvePath } from '../model/resolve-path.js';
import { type LockRequest, type QueryState } from '../query-state.js';
import { UnfitPathError } from '../query.errors.js';
import { join, NOTHING, raw, sql, type Sql } from '../sql/sql.js';
import { type JoinScope } from './join-scope.js';
import { compileOrdering, orderBy, type OrderTerm } from './ordering.js';
import { isAlways, type Predicate } from './predicate.js';
import { decodeCursor, seekAfter } from './seek.js';
import { type SelectList } from './select-list.js';
import { clause, compileHaving, compileWhere, groupColumns } from './where.js';

export { compileWhere } from './where.js';

/** A query whose names and values are resolved; what it selects is still open. */
export interface SelectPlan {
  readonly scope: JoinScope;
  readonly where: Predicate;
  readonly groupBy: readonly Sql[];
  readonly having: Predicate;
  readonly order: readonly OrderTerm[];
}

/** Resolves conditions, ordering and position of a query. @throws FieldError */
export function planSelect(scope: JoinScope, state: QueryState, more: readonly Predicate[] = []): SelectPlan {
  const before = state.seek?.direction === 'before';
  const order = compileOrdering(scope, before ? { ...state, reversed: !state.reversed } : state);
  const position = state.seek ? [seekAfter(order, decodeCursor(state.seek.cursor))] : [];
  return {
    scope,
    order,
    where: compileWhere(scope, state, [...position, ...more]),
    groupBy: groupColumns(scope, state),
    having: compileHaving(scope, state),
  };
}

/** The whole statement. */
export function selectSql(plan: SelectPlan, columns: SelectList, state: QueryState): Sql {
  const { scope, where, order } = plan;
  const head = raw(state.distinct ? 'SELECT DISTINCT ' : 'SELECT ');
  const { dialect } = scope.model;
  const slice = dialect.slice(state.limit, state.offset);
  const lock = state.lock ? lockSql(scope, state.lock) : NOTHING;
  const body = sql`${columns.sql()} FROM ${scope.from()}${whereSql(where)}${groupSql(plan)}`;
  return sql`${head}${body}${orderBy(order, scope.model)}${slice}${lock}`;
}

/** Locks rows of the query's own table, and of those that relations lead to, which are joined. @throws FieldError */
export function lockSql(scope: JoinScope, lock: LockRequest): Sql {
  const aliases = lock.of.map((path) => (path === 'self' ? scope.alias : lockedAlias(scope, path)));
  return scope.model.dialect.lock([...new Set(aliases)], lock);
}

function lockedAlias(scope: JoinScope, path: string): string {
  const { name } = scope.model;
  const { hops, relation } = resolvePath(scope.model, path);
  const hint = 'Lock the rows at its end by a query of their own';
  if (!relation) throw new UnfitPathError(name, path, 'is no relation', 'Name relations to one row, or "self"');
  const all = hops.at(-1) === relation ? hops : [...hops, relation];
  if (all.some(({ many }) => many)) throw new UnfitPathError(name, path, 'leads to many rows', hint);
  if (all.some(({ optional }) => optional)) throw new UnfitPathError(name, path, 'may have no row to lock', hint);
  return scope.joinTable(all);
}

/** ` WHERE …`, or nothing when every row matches. */
export function whereSql(where: Predicate): Sql {
  return clause('WHERE', where);
}

function groupSql({ groupBy, having }: SelectPlan): Sql {
  const groups = groupBy.length > 0 ? sql` GROUP BY ${join(groupBy, ', ')}` : NOTHING;
  return isAlways(having) ? groups : sql`${groups}${clause('HAVING', having)}`;
}
