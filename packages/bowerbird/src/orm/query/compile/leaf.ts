import { type FieldKind } from '../../describe/entity-description.js';
import { UnknownLookupError } from '../../orm.errors.js';
import { Expression, type CompiledExpression, type ExpressionContext } from '../expressions/expression.js';
import { compileArray } from '../lookups/array-lookups.js';
import { coerce, expectation } from '../lookups/coerce.js';
import { columnValue } from '../lookups/column-value.js';
import { compilePart, isDatePart, partNames } from '../lookups/date-parts.js';
import { compileJson } from '../lookups/json-lookups.js';
import { keyValues } from '../lookups/key-values.js';
import { type Operand } from '../lookups/lookup.js';
import { compared, findLookup, listOf, lookupNames } from '../lookups/lookups.js';
import { compileVector } from '../lookups/search-lookups.js';
import { findTransform, transformed, transformNames } from '../lookups/transforms.js';
import { refuseEncrypted } from '../model/encrypted-fields.js';
import { type ColumnModel } from '../model/entity-model.js';
import { QueryHandle } from '../query-handle.js';
import { BadLookupValueError, QueryUsageError } from '../query.errors.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { type ComputedLeaf, type Leaf } from './condition-tree.js';
import { type ScopedColumn } from './join-scope.js';
import { negate, type Predicate } from './predicate.js';

const NEVER: Predicate = { sql: raw('1 = 0'), certain: true };

/** A leaf over columns that are in scope. @throws UnknownLookupError, BadLookupValueError */
export function compileLeaf(leaf: Leaf, columns: readonly ScopedColumn[], context: ExpressionContext): Predicate {
  const [name, ...rest] = leaf.lookups as [string, ...string[]];
  const nullable = columns.some((column) => column.nullable);
  if (isJson(leaf)) return compileDocument(leaf, columns[0]!, context);
  if (name === 'isnull' && rest.length === 0) return isNull(columns, flag(leaf.target.path, leaf.value));
  if (leaf.value === null && rest.length === 0 && (name === 'exact' || name === 'ne'))
    return isNull(columns, name === 'exact');
  refuseEncrypted(leaf.target, 'compare it');
  if (leaf.lookups.at(-1) === 'ne') {
    const lookups = [...leaf.lookups.slice(0, -1), 'exact'];
    return negate(compileLeaf({ ...leaf, lookups }, columns, context));
  }
  if (holdsExpressions(leaf.value)) return compareColumn(leaf, columns, context);
  const text = leaf.target.references ? byKey(leaf, columns, context) : byColumn(leaf, columns[0]!, context);
  return { sql: text, certain: !nullable };
}

/** Whether a leaf speaks of a JSON document, or of a value inside of one. */
function isJson({ target, keys }: Leaf): boolean {
  return keys.length > 0 || (!target.references && target.columns[0]!.kind === 'json');
}

/** A document that is not there is NULL; a value of it that is null is a value. */
function compileDocument(leaf: Leaf, column: ScopedColumn, context: ExpressionContext): Predicate {
  const { target, keys, lookups, value } = leaf;
  const { dialect } = context;
  const { isArray } = target.columns[0]!.metadata;
  const found = keys.length === 0 ? column.sql : dialect.json.at(column.sql, keys);
  const [name] = lookups;
  const absence = name === 'isnull' || (value === null && keys.length === 0 && (name === 'exact' || name === 'ne'));
  if (absence && lookups.length === 1)
    return isNull([{ sql: found, nullable: true }], name === 'isnull' ? flag(target.path, value) : name === 'exact');
  if (lookups.at(-1) === 'ne')
    return negate(compileDocument({ ...leaf, lookups: [...lookups.slice(0, -1), 'exact'] }, column, context));
  const path = [target.path, ...keys].join('.');
  if (isArray && keys.length === 0)
    return { sql: compileArray({ path, column: target.columns[0]!, sql: found }, lookups, value), certain: false };
  const document = keys.length === 0 ? dialect.json.at(found, []) : found;
  return { sql: compileJson({ path, value: document, dialect }, lookups, value), certain: false };
}

/** A lookup of an annotation. @throws UnknownLookupError, BadLookupValueError, QueryUsageError */
export function compileComputed(leaf: ComputedLeaf, context: ExpressionContext): Predicate {
  const { name, lookups, value } = leaf;
  const compiled = context.path(name);
  const [first] = lookups;
  if (lookups.at(-1) === 'ne' && value !== null)
    return negate(compileComputed({ ...leaf, lookups: [...lookups.slice(0, -1), 'exact'] }, context));
  if (lookups.length === 1 && (first === 'isnull' || (value === null && (first === 'exact' || first === 'ne')))) {
    const wanted = first === 'isnull' ? flag(name, value) : first === 'exact';
    return isNull([compiled], wanted);
  }
  if (holdsExpressions(value)) return compareValues(compiled, leaf, context);
  return { sql: computedSql(compiled, leaf, context), certain: !compiled.nullable };
}

function computedSql(compiled: CompiledExpression, leaf: ComputedLeaf, context: ExpressionContext): Sql {
  const { name, lookups, value } = leaf;
  const { kind, column, references } = compiled;
  if (kind === 'json' && column?.metadata.isArray)
    return compileArray({ path: name, column, sql: compiled.sql }, lookups, value);
  if (kind === 'json')
    return compileJson({ path: name, value: documentOf(compiled, context), dialect: context.dialect }, lookups, value);
  const operand = computedOperand(name, compiled, context);
  if (references && lookups.length === 1 && lookups[0] === 'in' && value instanceof QueryHandle)
    return sql`${compared(operand)} IN (${listed(value, references, context)})`;
  return byOperand(operand, lookups, value, context);
}

/** A column holds a whole document, which is read before it is compared; what is read of it already stays. */
function documentOf({ column, sql: value }: CompiledExpression, { dialect }: ExpressionContext): Sql {
  return column ? dialect.json.at(value, []) : value;
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

function flag(path: string, value: unknown): boolean {
  const wanted = coerce('boolean', value);
  if (typeof wanted !== 'boolean') throw new BadLookupValueError(path, value, expectation('boolean'));
  return wanted;
}

const OPERATORS: Readonly<Record<string, string>> = { exact: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

function holdsExpressions(value: unknown): boolean {
  return value instanceof Expression || (Array.isArray(value) && value.some((member) => member instanceof Expression));
}

/** A column compared with values that the statement works out. */
function compareColumn(leaf: Leaf, columns: readonly ScopedColumn[], context: ExpressionContext): Predicate {
  const { target, lookups, value } = leaf;
  if (columns.length > 1) throw new UnknownLookupError(target.path, lookups.join('__'), ['exact', 'ne', 'in']);
  const column = target.columns[0]!;
  const { scale } = column.metadata;
  return compareValues(
    { ...columns[0]!, kind: column.kind, scale, column },
    { name: target.path, lookups, value },
    context,
  );
}

/** Values that the statement works out, compared with each other. */
function compareValues(
  left: CompiledExpression,
  { name, lookups, value }: Omit<ComputedLeaf, 'op'>,
  context: ExpressionContext,
): Predicate {
  const [lookup] = lookups;
  const sides = (Array.isArray(value) ? (value as unknown[]) : [value]).map((member) =>
    member instanceof Expression ? context.compile(member) : literalBeside(left, name, member, context),
  );
  const certain = ![left, ...sides].some(({ nullable }) => nullable);
  if (lookups.length === 1 && OPERATORS[lookup!] && sides.length === 1)
    return { sql: compare(left, lookup!, sides[0]!, context), certain };
  if (lookups.length === 1 && lookup === 'in')
    return {
      sql: sql`(${join(
        sides.map((side) => compare(left, 'exact', side, context)),
        ' OR ',
      )})`,
      certain,
    };
  if (lookups.length === 1 && lookup === 'range' && sides.length === 2) {
    const [least, most] = [compare(left, 'gte', sides[0]!, context), compare(left, 'lte', sides[1]!, context)];
    return { sql: sql`(${least} AND ${most})`, certain };
  }
  throw new UnknownLookupError(name, lookups.join('__'), [...Object.keys(OPERATORS), 'ne', 'in', 'range']);
}

function compare(
  left: CompiledExpression,
  lookup: string,
  right: CompiledExpression,
  { dialect }: ExpressionContext,
): Sql {
  const [one, other] = dialect.expressions.comparable(left, right, lookup === 'exact');
  return sql`${one} ${raw(OPERATORS[lookup]!)} ${other}`;
}

function literalBeside(
  { kind, column }: CompiledExpression,
  path: string,
  value: unknown,
  context: ExpressionContext,
): CompiledExpression {
  const raw = column ? columnValue(column, value, path) : coerced(kind, value, path);
  return { sql: context.dialect.expressions.literal(raw, kind), kind, nullable: false };
}

function coerced(kind: FieldKind, value: unknown, path: string): unknown {
  const fitting = value === null || value === undefined ? undefined : coerce(kind, value);
  if (fitting === undefined) throw new BadLookupValueError(path, value, expectation(kind));
  return fitting;
}

/** An annotation as what a lookup compares. */
function computedOperand(path: string, compiled: CompiledExpression, { dialect, zone }: ExpressionContext): Operand {
  const { kind, column, scale, references } = compiled;
  const { expressions } = dialect;
  const raw = (given: unknown): unknown => {
    const bare = references?.length === 1 ? keyValues(references, given, path)[0] : given;
    return column && column.kind === kind ? columnValue(column, bare, path) : coerced(kind, bare, path);
  };
  const value = (given: unknown): Sql =>
    expressions.sortable({ sql: expressions.literal(raw(given), kind), kind, scale, nullable: false });
  const { document } = compiled;
  const sides = { sql: compiled.sql, compared: expressions.sortable(compiled) };
  return { path, kind, ...sides, dialect, zone, column, document, raw, value };
}

function byColumn({ target, lookups, value }: Leaf, scoped: ScopedColumn, context: ExpressionContext): Sql {
  return byOperand(operandOf(target.path, target.columns[0]!, scoped.sql, context), lookups, value, context);
}

function byOperand(operand: Operand, lookups: readonly string[], value: unknown, context: ExpressionContext): Sql {
  const [name, ...rest] = lookups as [string, ...string[]];
  if (operand.document) return compileVector(operand, lookups, value);
  if (isDatePart(name, operand.kind)) return compilePart(operand, name, rest, value);
  const transform = findTransform(name, operand);
  if (transform) return byOperand(transformed(operand, transform), rest.length > 0 ? rest : ['exact'], value, context);
  const lookup = rest.length === 0 ? findLookup(name, operand.kind, operand.dialect) : undefined;
  if (!lookup) throw unknown(operand, lookups);
  if (name === 'in' && value instanceof QueryHandle)
    return sql`${compared(operand)} IN (${listed(value, undefined, context)})`;
  return lookup.compile(operand, value);
}

/** Relations and `pk` compare keys, which are rows or their keys; with one column every lookup of its kind works. */
function byKey(leaf: Leaf, columns: readonly ScopedColumn[], context: ExpressionContext): Sql {
  const { target, lookups, value } = leaf;
  const [name] = lookups;
  if (name === 'exact' && lookups.length === 1) return equalKeys(leaf, columns, [value], context);
  if (name === 'in' && lookups.length === 1) {
    if (value instanceof QueryHandle) return inSubquery(leaf, columns, value, context);
    const members = listOf(value, target.path);
    return members.length === 0 ? NEVER.sql : equalKeys(leaf, columns, members, context);
  }
  if (target.relation && !target.path.endsWith('pk'))
    throw new UnknownLookupError(target.path, lookups.join('__'), ['exact', 'ne', 'in', 'isnull']);
  if (columns.length > 1) throw new UnknownLookupError(target.path, lookups.join('__'), ['exact', 'ne', 'in']);
  return byColumn(leaf, columns[0]!, context);
}

function equalKeys(
  { target }: Leaf,
  columns: readonly ScopedColumn[],
  members: readonly unknown[],
  context: ExpressionContext,
): Sql {
  const keys = members.map((member) => keyValues(target.references!, member, target.path));
  if (columns.length === 1) {
    const operand = operandOf(target.path, target.columns[0]!, columns[0]!.sql, context);
    const values = keys.map(([value]) => value);
    return values.length === 1
      ? findLookup('exact', operand.kind)!.compile(operand, values[0])
      : findLookup('in', operand.kind)!.compile(operand, values);
  }
  const rows = keys.map(
    (values) =>
      sql`(${join(
        values.map((value, index) => {
          const operand = operandOf(target.path, target.columns[index]!, columns[index]!.sql, context);
          return findLookup('exact', operand.kind)!.compile(operand, value);
        }),
        ' AND ',
      )})`,
  );
  return sql`(${join(rows, ' OR ')})`;
}

function inSubquery(
  { target }: Leaf,
  columns: readonly ScopedColumn[],
  query: QueryHandle,
  context: ExpressionContext,
): Sql {
  const list = join(
    columns.map((column) => column.sql),
    ', ',
  );
  const left = columns.length === 1 ? list : sql`(${list})`;
  return sql`${left} IN (${listed(query, target.references, context)})`;
}

function listed(query: QueryHandle, columns: readonly ColumnModel[] | undefined, context: ExpressionContext): Sql {
  if (query.runsOn(context.dialect)) return query.list(columns, context.asOuter());
  throw new QueryUsageError('A query cannot list rows of another database', {
    hint: 'Load its keys first and give the list: await query.flat("pk").all()',
  });
}

function operandOf(path: string, column: ColumnModel, scoped: Sql, { zone }: ExpressionContext): Operand {
  const { dialect } = column;
  const raw = (given: unknown): unknown => columnValue(column, given, path);
  return {
    path,
    kind: column.kind,
    sql: scoped,
    dialect,
    zone,
    column,
    raw,
    value: (given) => dialect.bound(raw(given), column.kind),
  };
}

function unknown(operand: Operand, lookups: readonly string[]): UnknownLookupError {
  return new UnknownLookupError(operand.path, lookups.join('__'), [
    ...lookupNames(operand.kind),
    ...partNames(operand.kind),
    ...transformNames(operand),
  ]);
}
