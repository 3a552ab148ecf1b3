import { type QueryState } from '../query-state.js';
import { list, NOTHING, raw, sql, type Sql } from '../sql/sql.js';
import { compileCondition } from './condition.js';
import { type JoinScope } from './join-scope.js';
import { compileOrdering, orderBy, type OrderTerm } from './ordering.js';
import { allOf, isAlways, type Predicate } from './predicate.js';
import { decodeCursor, seekAfter } from './seek.js';
import { type SelectList } from './select-list.js';

/** A query whose names and values are resolved; what it selects is still open. */
export interface SelectPlan {
  readonly scope: JoinScope;
  readonly where: Predicate;
  readonly order: readonly OrderTerm[];
}

/** The conditions of a query alone. */
export function compileWhere(scope: JoinScope, state: QueryState, more: readonly Predicate[] = []): Predicate {
  const rows = [...ownRows(scope), ...scopedRows(scope, state)];
  return allOf([...rows, ...state.where.map((where) => compileCondition(scope, where)), ...more]);
}

/** The rows of an entity that shares the table of another one: those with its discriminator or one below it. */
function ownRows(scope: JoinScope): Predicate[] {
  const { metadata } = scope.model;
  const { discriminatorColumn, parentEntityMetadata, childEntityMetadatas } = metadata;
  if (!discriminatorColumn || !parentEntityMetadata) return [];
  const values = [metadata, ...childEntityMetadatas].map(({ discriminatorValue }) => discriminatorValue);
  const column = scope.column([], scope.model.column(discriminatorColumn));
  return [{ sql: sql`${column.sql} IN ${list(values)}`, certain: !column.nullable }];
}

/** The default scopes of the entity that the query does not leave out. */
function scopedRows(scope: JoinScope, { unscoped }: QueryState): Predicate[] {
  if (unscoped === 'all') return [];
  const scopes = scope.model.description.scopes.filter(({ name }) => !unscoped.includes(name));
  return scopes.map(({ where }) => compileCondition(scope, where()));
}

/** Resolves conditions, ordering and position of a query. @throws FieldError */
export function planSelect(scope: JoinScope, state: QueryState, more: readonly Predicate[] = []): SelectPlan {
  const before = state.seek?.direction === 'before';
  const order = compileOrdering(scope, before ? { ...state, reversed: !state.reversed } : state);
  const position = state.seek ? [seekAfter(order, decodeCursor(state.seek.cursor))] : [];
  return { scope, order, where: compileWhere(scope, state, [...position, ...more]) };
}

/** The whole statement. */
export function selectSql(plan: SelectPlan, columns: SelectList, state: QueryState): Sql {
  const { scope, where, order } = plan;
  const head = raw(state.distinct ? 'SELECT DISTINCT ' : 'SELECT ');
  const { dialect } = scope.model;
  const slice = dialect.slice(state.limit, state.offset);
  const lock = state.lock ? dialect.lock(scope.alias, state.lock) : NOTHING;
  return sql`${head}${columns.sql()} FROM ${scope.from()}${whereSql(where)}${orderBy(order, scope.model)}${slice}${lock}`;
}

/** ` WHERE …`, or nothing when every row matches. */
export function whereSql(where: Predicate): Sql {
  return isAlways(where) ? NOTHING : sql` WHERE ${where.sql}`;
}
