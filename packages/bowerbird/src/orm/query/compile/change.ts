import { UnknownPathError } from '../../orm.errors.js';
import { assignedValue } from '../lookups/column-value.js';
import { keyValues } from '../lookups/key-values.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { resolvePath } from '../model/resolve-path.js';
import { UnfitPathError } from '../query.errors.js';
import { bind, join, raw, sql, type Sql } from '../sql/sql.js';
import { type JoinScope } from './join-scope.js';
import { type Predicate } from './predicate.js';
import { whereSql } from './select.js';

/** A column and the SQL of its new value. */
export interface Assignment {
  readonly column: ColumnModel;
  readonly value: Sql;
}

/** Resolves the new values of an update. @throws FieldError */
export function resolveAssignments(model: EntityModel, values: Readonly<Record<string, unknown>>): Assignment[] {
  const given = Object.entries(values).flatMap(([path, value]) => assignmentsOf(model, path, value));
  const columns = new Set(given.map(({ column }) => column));
  return given.length === 0 ? [] : [...given, ...automatic(model).filter(({ column }) => !columns.has(column))];
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

function assignmentsOf(model: EntityModel, path: string, value: unknown): Assignment[] {
  const target = resolvePath(model, path);
  if (target.hops.length > 0)
    throw new UnfitPathError(
      model.name,
      path,
      'is not a column of its own rows',
      'Update the other entity, or use related() for to-many relations',
    );
  if (path === 'pk') throw new UnknownPathError(model.name, path, model.knownNames());
  if (!target.references) return [assignment(target.columns[0]!, value, path)];
  const keys = value === null ? target.columns.map(() => null) : keyValues(target.references, value, path);
  return target.columns.map((column, index) => assignment(column, keys[index], path));
}

function assignment(column: ColumnModel, value: unknown, path: string): Assignment {
  return { column, value: bind(assignedValue(column, value, path)) };
}

/** What TypeORM also sets in an update: the moment of the change and the version. */
function automatic(model: EntityModel): Assignment[] {
  const { updateDateColumn, versionColumn } = model.metadata;
  const assignments: Assignment[] = [];
  if (updateDateColumn) {
    const column = model.column(updateDateColumn);
    assignments.push({ column, value: model.dialect.now(updateDateColumn.precision ?? 0) });
  }
  if (versionColumn) {
    const column = model.column(versionColumn);
    assignments.push({ column, value: raw(`${model.dialect.quote(column.name)} + 1`) });
  }
  return assignments;
}
