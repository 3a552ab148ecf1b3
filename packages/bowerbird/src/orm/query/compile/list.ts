import { type ColumnModel } from '../model/entity-model.js';
import { resolvePath } from '../model/resolve-path.js';
import { type QueryEngine } from '../query-engine.js';
import { isSliced, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { AliasSource, JoinScope } from './join-scope.js';
import { allOf } from './predicate.js';
import { SelectList } from './select-list.js';
import { planSelect, selectSql } from './select.js';

/**
 * The statement of a query in an `in` lookup: its own one column, or the wanted columns of its rows. NULLs are left
 * out, for one would make `NOT IN` hold for no row at all.
 */
export function compileList(engine: QueryEngine, state: QueryState, wanted: readonly ColumnModel[] | undefined): Sql {
  const scope = new JoinScope(engine.model(state.entity), new AliasSource());
  const path = ownPath(state);
  if (path === undefined && !wanted) throw usage('selects whole rows');
  const columns = path === undefined ? wanted!.map((column) => scope.column([], column)) : columnsAt(scope, path);
  const list = new SelectList();
  for (const column of columns) list.add(column.sql);
  const known = columns
    .filter(({ nullable }) => nullable)
    .map((column) => ({ sql: sql`${column.sql} IS NOT NULL`, certain: true }));
  const ordered = isSliced(state) ? state : { ...state, order: [], total: false };
  const plan = planSelect(scope, ordered);
  const inner = selectSql(
    { ...plan, where: state.empty ? { sql: raw('1 = 0'), certain: true } : allOf([plan.where, ...known]) },
    list,
    ordered,
  );
  return isSliced(state) ? sql`SELECT * FROM (${inner}) AS listed` : inner;
}

function ownPath({ shape }: QueryState): string | undefined {
  if (shape.type === 'flat') return shape.path;
  if (shape.type === 'entity') return undefined;
  if (shape.paths.length === 1) return shape.paths[0];
  throw usage(`selects ${shape.paths.length} values`);
}

function columnsAt(scope: JoinScope, path: string): ReturnType<JoinScope['column']>[] {
  const target = resolvePath(scope.model, path);
  return target.columns.map((column) => scope.column(target.hops, column));
}

function usage(what: string): QueryUsageError {
  return new QueryUsageError(`A query in an \`in\` lookup ${what}`, {
    hint: 'Select one path, for example with flat()',
  });
}
