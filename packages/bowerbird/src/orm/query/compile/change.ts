import { UnknownPathError } from '../../orm.errors.js';
import { compileBeside, Expression } from '../expressions/expression.js';
import { assignedValue } from '../lookups/column-value.js';
import { keyValues } from '../lookups/key-values.js';
import { refuseComputed } from '../model/computed-columns.js';
import { refuseEncrypted } from '../model/encrypted-fields.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { resolvePath, tryParsePath, type ResolvedPath } from '../model/resolve-path.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError, UnfitPathError } from '../query.errors.js';
import { bind, join, raw, sql, type Sql } from '../sql/sql.js';
import { type ExpressionCompiler } from './expression-compiler.js';
import { type JoinScope } from './join-scope.js';
import { type Predicate } from './predicate.js';
import { whereSql } from './select.js';
import { namesIn } from './where-expressions.js';
import { compilerOf } from './where.js';

/** A column and the SQL of its new value. */
export interface Assignment {
  readonly column: ColumnModel;
  readonly value: Sql;
  /** Columns of the same row that the new value is made of. */
  readonly reads: ReadonlySet<ColumnModel>;
}

/** Resolves the new values of an update. @throws FieldError, QueryUsageError */
export function resolveAssignments(
  scope: JoinScope,
  state: QueryState,
  values: Readonly<Record<string, unknown>>,
): Assignment[] {
  const { model } = scope;
  const given = givenAssignments(scope, state, values);
  const columns = new Set(given.map(({ column }) => column));
  const ordered = inReadingOrder(model, given);
  return given.length === 0 ? [] : [...ordered, ...automatic(model).filter(({ column }) => !columns.has(column))];
}

/** The same for these values alone, as they come. @throws FieldError, QueryUsageError */
export function givenAssignments(
  scope: JoinScope,
  state: QueryState,
  values: Readonly<Record<string, unknown>>,
): Assignment[] {
  const compiler = compilerOf(scope, state);
  const { joinCount } = scope;
  const given = Object.entries(values).flatMap(([path, value]) => assignmentsOf(scope.model, path, value, compiler));
  if (scope.joinCount > joinCount) throw ownColumnsAlone();
  return given;
}

/**
 * The assignments in an order in which none reads what another one has set already, where the database would see the new
 * value (MySQL). @throws QueryUsageError when they read each other
 */
export function inReadingOrder({ dialect }: EntityModel, assignments: readonly Assignment[]): readonly Assignment[] {
  if (!dialect.assignsInOrder) return assignments;
  const rest = [...assignments];
  const ordered: Assignment[] = [];
  while (rest.length > 0) {
    const next = rest.findIndex(
      ({ column }) => !rest.some((other) => other.column !== column && other.reads.has(column)),
    );
    if (next < 0)
      throw new QueryUsageError("Fields of an update that take over each other's values cannot be set at once", {
        hint: 'MySQL sets one after another; use two updates in a transaction',
      });
    ordered.push(...rest.splice(next, 1));
  }
  return ordered;
}

/** `UPDATE … SET … WHERE …`. */
export function updateSql(scope: JoinScope, assignments: readonly Assignment[], where: Predicate): Sql {
  const { model, alias } = scope;
  const quote = (column: ColumnModel): Sql => raw(model.dialect.quote(column.name));
  const sets = join(
    assignments.map(({ column, value }) => sql`${quote(column)} = ${value}`),
    ', ',
  );
  return sql`UPDATE ${model.table} AS ${raw(alias)} SET ${sets}${whereSql(reachable(scope, where))}`;
}

/** `DELETE FROM … WHERE …`. */
export function deleteSql(scope: JoinScope, where: Predicate): Sql {
  const { model, alias } = scope;
  return sql`${model.dialect.deleteFrom(model.table, alias)}${whereSql(reachable(scope, where))}`;
}

/** A statement that changes rows has no joins: where the condition needs them, a subquery finds the keys. */
function reachable(scope: JoinScope, where: Predicate): Predicate {
  const { dialect, primary } = scope.model;
  const nested = where.sql.texts.some((text) => text.includes('SELECT '));
  if (!scope.hasJoins && (dialect.readsChangedTable || !nested)) return where;
  const own = primary.map((column) => scope.joinedColumn([], column));
  const names = own.map((_, index) => raw(`k${index}`));
  const found = join(
    own.map((column, index) => sql`${column} AS ${names[index]!}`),
    ', ',
  );
  const keys = sql`SELECT ${join(names, ', ')} FROM (SELECT ${found} FROM ${scope.from()}${whereSql(where)}) AS matched`;
  const left = own.length === 1 ? own[0]! : sql`(${join(own, ', ')})`;
  return { sql: sql`${left} IN (${keys})`, certain: true };
}

function assignmentsOf(model: EntityModel, path: string, value: unknown, compiler: ExpressionCompiler): Assignment[] {
  const target = resolvePath(model, path);
  if (target.hops.length > 0)
    throw new UnfitPathError(
      model.name,
      path,
      'is not a column of its own rows',
      'Update the other entity, or use related() for to-many relations',
    );
  refuseComputed(model, path, target.columns);
  if (path === 'pk') throw new UnknownPathError(model.name, path, model.knownNames());
  if (value instanceof Expression) refuseEncrypted(target, 'compute its value');
  if (value instanceof Expression) return [computed(model, target, value, compiler)];
  if (!target.references) return [assignment(target.columns[0]!, value, path)];
  const keys = value === null ? target.columns.map(() => null) : keyValues(target.references, value, path);
  return target.columns.map((column, index) => assignment(column, keys[index], path));
}

function ownColumnsAlone(): QueryUsageError {
  return new QueryUsageError('An update can use columns of its own rows only', {
    hint: 'Read values of other rows by Subquery() with OuterRef()',
  });
}

function assignment(column: ColumnModel, value: unknown, path: string): Assignment {
  return { column, value: bind(assignedValue(column, value, path)), reads: NOTHING_READ };
}

const NOTHING_READ: ReadonlySet<ColumnModel> = new Set();

/** A value that the statement works out of the row as it was. @throws QueryUsageError when it does not fit the column */
function computed(
  model: EntityModel,
  { path, columns }: ResolvedPath,
  expression: Expression,
  compiler: ExpressionCompiler,
): Assignment {
  const [column, ...more] = columns;
  if (more.length > 0) throw new QueryUsageError(`"${path}" has a key of several columns and takes rows or keys only`);
  if (compiler.looksAround(expression))
    throw new QueryUsageError(`"${path}" cannot be set to a value of a window`, {
      hint: 'Read the values first, or use Subquery() with OuterRef()',
    });
  if (compiler.speaksOfJoined(expression)) throw ownColumnsAlone();
  const value = compileBeside(expression, compiler.path(path), compiler);
  const { expressions } = model.dialect;
  expressions.refuseUnfit(value, column!.kind, path);
  const stored = expressions.stored(value, column!.kind, column!.metadata.scale);
  return { column: column!, value: stored, reads: new Set(columnsRead(expression, compiler)) };
}

/** The columns that a value is made of, by way of annotations and conditions too. */
function columnsRead(expression: Expression, compiler: ExpressionCompiler): readonly ColumnModel[] {
  return namesIn(expression).flatMap((name) => {
    const start = compiler.split(name).path;
    const annotation = compiler.annotations.find(start);
    if (annotation) return columnsRead(annotation.expression, compiler.before(annotation));
    return tryParsePath(compiler.scope.model, start)?.target.columns ?? [];
  });
}

/** What TypeORM also sets in an update: the moment of the change and the version. */
function automatic(model: EntityModel): Assignment[] {
  const { updateDateColumn, versionColumn } = model.metadata;
  const assignments: Assignment[] = [];
  if (updateDateColumn) {
    const column = model.column(updateDateColumn);
    assignments.push({ column, value: model.dialect.now(updateDateColumn.precision ?? 0), reads: NOTHING_READ });
  }
  if (versionColumn) {
    const column = model.column(versionColumn);
    assignments.push({ column, value: raw(`${model.dialect.quote(column.name)} + 1`), reads: NOTHING_READ });
  }
  return assignments;
}
