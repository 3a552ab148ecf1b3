import { UnknownLookupError } from '../../orm.errors.js';
import { coerce, expectation } from '../lookups/coerce.js';
import { columnValue } from '../lookups/column-value.js';
import { compilePart, isDatePart, partNames } from '../lookups/date-parts.js';
import { keyValues } from '../lookups/key-values.js';
import { type Operand } from '../lookups/lookup.js';
import { findLookup, listOf, lookupNames } from '../lookups/lookups.js';
import { type ColumnModel } from '../model/entity-model.js';
import { QueryHandle } from '../query-handle.js';
import { BadLookupValueError, QueryUsageError } from '../query.errors.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { type Leaf } from './condition-tree.js';
import { type ScopedColumn } from './join-scope.js';
import { negate, type Predicate } from './predicate.js';

const NEVER: Predicate = { sql: raw('1 = 0'), certain: true };

/** A leaf over columns that are in scope. @throws UnknownLookupError, BadLookupValueError */
export function compileLeaf(leaf: Leaf, columns: readonly ScopedColumn[]): Predicate {
  const [name, ...rest] = leaf.lookups as [string, ...string[]];
  const nullable = columns.some((column) => column.nullable);
  if (name === 'isnull' && rest.length === 0) return isNull(columns, flag(leaf));
  if (leaf.value === null && rest.length === 0 && (name === 'exact' || name === 'ne'))
    return isNull(columns, name === 'exact');
  if (leaf.lookups.at(-1) === 'ne') {
    const lookups = [...leaf.lookups.slice(0, -1), 'exact'];
    return negate(compileLeaf({ ...leaf, lookups }, columns));
  }
  return { sql: leaf.target.references ? byKey(leaf, columns) : byColumn(leaf, columns[0]!), certain: !nullable };
}

/** Whether a leaf holds for an absent row: only `isnull` does. */
export function acceptsAbsence({ lookups, value }: Leaf): boolean {
  if (lookups.length > 1) return false;
  return lookups[0] === 'isnull' ? coerce('boolean', value) === true : lookups[0] === 'exact' && value === null;
}

function isNull(columns: readonly ScopedColumn[], wanted: boolean): Predicate {
  if (!columns.some(({ nullable }) => nullable)) return wanted ? NEVER : { sql: raw('1 = 1'), certain: true };
  const tests = columns.map((column) => (wanted ? sql`${column.sql} IS NULL` : sql`${column.sql} IS NOT NULL`));
  return { sql: tests.length === 1 ? tests[0]! : sql`(${join(tests, wanted ? ' OR ' : ' AND ')})`, certain: true };
}

function flag({ value, target }: Leaf): boolean {
  const wanted = coerce('boolean', value);
  if (typeof wanted !== 'boolean') throw new BadLookupValueError(target.path, value, expectation('boolean'));
  return wanted;
}

function byColumn({ target, lookups, value }: Leaf, scoped: ScopedColumn): Sql {
  const operand = operandOf(target.path, target.columns[0]!, scoped.sql);
  const [name, ...rest] = lookups as [string, ...string[]];
  if (isDatePart(name, operand.kind)) return compilePart(operand, name, rest, value);
  const lookup = rest.length === 0 ? findLookup(name, operand.kind) : undefined;
  if (!lookup) throw unknown(operand, lookups);
  if (name === 'in' && value instanceof QueryHandle)
    return sql`${operand.sql} IN (${listed(value, operand.column, undefined)})`;
  return lookup.compile(operand, value);
}

/** Relations and `pk` compare keys, which are rows or their keys; with one column every lookup of its kind works. */
function byKey(leaf: Leaf, columns: readonly ScopedColumn[]): Sql {
  const { target, lookups, value } = leaf;
  const [name] = lookups;
  if (name === 'exact' && lookups.length === 1) return equalKeys(leaf, columns, [value]);
  if (name === 'in' && lookups.length === 1) {
    if (value instanceof QueryHandle) return inSubquery(leaf, columns, value);
    const members = listOf(value, target.path);
    return members.length === 0 ? NEVER.sql : equalKeys(leaf, columns, members);
  }
  if (target.relation && !target.path.endsWith('pk'))
    throw new UnknownLookupError(target.path, lookups.join('__'), ['exact', 'ne', 'in', 'isnull']);
  if (columns.length > 1) throw new UnknownLookupError(target.path, lookups.join('__'), ['exact', 'ne', 'in']);
  return byColumn(leaf, columns[0]!);
}

function equalKeys({ target }: Leaf, columns: readonly ScopedColumn[], members: readonly unknown[]): Sql {
  const keys = members.map((member) => keyValues(target.references!, member, target.path));
  if (columns.length === 1) {
    const operand = operandOf(target.path, target.columns[0]!, columns[0]!.sql);
    const values = keys.map(([value]) => value);
    return values.length === 1
      ? findLookup('exact', operand.kind)!.compile(operand, values[0])
      : findLookup('in', operand.kind)!.compile(operand, values);
  }
  const rows = keys.map(
    (values) =>
      sql`(${join(
        values.map((value, index) => equal(target.columns[index]!, columns[index]!, value, target.path)),
        ' AND ',
      )})`,
  );
  return sql`(${join(rows, ' OR ')})`;
}

function equal(column: ColumnModel, scoped: ScopedColumn, value: unknown, path: string): Sql {
  const operand = operandOf(path, column, scoped.sql);
  return findLookup('exact', operand.kind)!.compile(operand, value);
}

function inSubquery({ target }: Leaf, columns: readonly ScopedColumn[], query: QueryHandle): Sql {
  const list = join(
    columns.map((column) => column.sql),
    ', ',
  );
  const left = columns.length === 1 ? list : sql`(${list})`;
  return sql`${left} IN (${listed(query, target.columns[0]!, target.references)})`;
}

function listed(query: QueryHandle, { dialect }: ColumnModel, columns: readonly ColumnModel[] | undefined): Sql {
  if (query.runsOn(dialect)) return query.list(columns);
  throw new QueryUsageError('A query cannot list rows of another database', {
    hint: 'Load its keys first and give the list: await query.flat("pk").all()',
  });
}

function operandOf(path: string, column: ColumnModel, scoped: Sql): Operand {
  const { dialect } = column;
  const raw = (given: unknown): unknown => columnValue(column, given, path);
  return {
    path,
    kind: column.kind,
    sql: scoped,
    dialect,
    column,
    raw,
    value: (given) => dialect.bound(raw(given), column.kind),
  };
}

function unknown(operand: Operand, lookups: readonly string[]): UnknownLookupError {
  return new UnknownLookupError(operand.path, lookups.join('__'), [
    ...lookupNames(operand.kind),
    ...partNames(operand.kind),
  ]);
}
