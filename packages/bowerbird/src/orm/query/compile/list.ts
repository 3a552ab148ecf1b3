import { type CompiledExpression, type ExpressionContext } from '../expressions/expression.js';
import { type ColumnModel } from '../model/entity-model.js';
import { tryResolvePath } from '../model/resolve-path.js';
import { type QueryEngine } from '../query-engine.js';
import { isSliced, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { type JoinScope } from './join-scope.js';
import { openScope } from './open-scope.js';
import { allOf, type Predicate } from './predicate.js';
import { SelectList } from './select-list.js';
import { planSelect, selectSql } from './select.js';
import { compilerOf } from './where.js';

/**
 * The statement of a query in an `in` lookup: its own one column, or the wanted columns of its rows. NULLs are left
 * out, for one would make `NOT IN` hold for no row at all.
 */
export function compileList(
  engine: QueryEngine,
  state: QueryState,
  wanted: readonly ColumnModel[] | undefined,
  outer?: ExpressionContext,
): Sql {
  const scope = scopeIn(engine, state, outer);
  const path = ownPath(state);
  if (path === undefined && !wanted) throw usage('selects whole rows');
  const columns = path === undefined ? wanted!.map((column) => scope.column([], column)) : valuesAt(scope, state, path);
  const known = columns
    .filter(({ nullable }) => nullable)
    .map((column) => ({ sql: sql`${column.sql} IS NOT NULL`, certain: true }));
  const inner = listSql(scope, isSliced(state) ? state : { ...state, order: [], total: false }, columns, known);
  return isSliced(state) ? sql`SELECT * FROM (${inner}) AS ${raw(scope.aliases.take())}` : inner;
}

/** The one value of the first row of a query, in parentheses. @throws QueryUsageError when it selects none or several */
export function compileScalar(engine: QueryEngine, state: QueryState, outer: ExpressionContext): CompiledExpression {
  const scope = scopeIn(engine, state, outer);
  const path = ownPath(state);
  if (path === undefined) throw usage('selects whole rows');
  const [value, ...more] = valuesAt(scope, state, path);
  if (more.length > 0) throw usage(`selects "${path}", which has several columns`);
  const limited = { ...state, limit: Math.min(state.limit ?? 1, 1) };
  return { ...value!, sql: sql`(${listSql(scope, limited, [value!], [])})`, nullable: true };
}

/** The statement that has a row when a query has one. */
export function compilePresence(engine: QueryEngine, state: QueryState, outer: ExpressionContext): Sql {
  const ordered = isSliced(state) ? state : { ...state, order: [], total: false };
  return listSql(scopeIn(engine, state, outer), ordered, [], []);
}

function scopeIn(engine: QueryEngine, state: QueryState, outer: ExpressionContext | undefined): JoinScope {
  if (state.compound)
    throw new QueryUsageError('Rows of several queries cannot be a subquery', {
      hint: 'Put the queries together before flat() or values()',
    });
  return openScope(engine, state, { outer });
}

function listSql(
  scope: JoinScope,
  state: QueryState,
  columns: readonly { readonly sql: Sql }[],
  more: readonly Predicate[],
): Sql {
  const list = new SelectList();
  for (const column of columns) list.add(column.sql);
  const plan = planSelect(scope, state);
  const where: Predicate = state.empty ? { sql: raw('1 = 0'), certain: true } : allOf([plan.where, ...more]);
  return selectSql({ ...plan, where }, list, { ...state, lock: null });
}

function ownPath({ shape }: QueryState): string | undefined {
  if (shape.type === 'flat') return shape.path;
  if (shape.type === 'entity') return undefined;
  if (shape.type === 'pairs') throw usage('has put rows together and selects nothing of them');
  if (shape.paths.length === 1) return shape.paths[0];
  throw usage(`selects ${shape.paths.length} values`);
}

function valuesAt(scope: JoinScope, state: QueryState, path: string): CompiledExpression[] {
  const compiler = compilerOf(scope, state);
  const target = compiler.knows(path) ? undefined : tryResolvePath(scope.model, path);
  if (!target) return [compiler.joining(path).path(path)];
  return target.columns.map((column, index) => {
    const origin = target.references?.[index] ?? column;
    return { ...scope.column(target.hops, column), kind: column.kind, scale: origin.metadata.scale, column: origin };
  });
}

function usage(what: string): QueryUsageError {
  return new QueryUsageError(`A query in an \`in\` lookup or a Subquery() ${what}`, {
    hint: 'Select one path, for example with flat()',
  });
}
