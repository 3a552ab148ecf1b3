import { UnknownLookupError } from '../../orm.errors.js';
import { type CompiledExpression, type ExpressionContext } from '../expressions/expression.js';
import { valueAt } from '../expressions/json-value.js';
import { coerce } from '../lookups/coerce.js';
import { keyValues } from '../lookups/key-values.js';
import { findLookup, listOf } from '../lookups/lookups.js';
import { NEGATED_NAMES, positiveOf } from '../lookups/negated.js';
import { refuseEncrypted } from '../model/encrypted-fields.js';
import { QueryHandle } from '../query-handle.js';
import { chain, join, sql, type Sql } from '../sql/sql.js';
import { compareValues, holdsExpressions } from './beside.js';
import { type Leaf } from './condition-tree.js';
import { type ScopedColumn } from './join-scope.js';
import { byOperand, listed, operandOf } from './operands.js';
import { partedKind } from './parted.js';
import { negate, type Predicate } from './predicate.js';
import { flag, isNull, NEVER } from './presence.js';
import { compileParted, compileValue } from './value.js';

/** A leaf over columns that are in scope. @throws UnknownLookupError, BadLookupValueError */
export function compileLeaf(leaf: Leaf, columns: readonly ScopedColumn[], context: ExpressionContext): Predicate {
  const [name, ...rest] = leaf.lookups as [string, ...string[]];
  const nullable = columns.some((column) => column.nullable);
  const parted = partedOf(leaf, columns[0]!, context);
  if (parted) return parted;
  if (name === 'isnull' && rest.length === 0) return isNull(columns, flag(leaf.target.path, leaf.value));
  if (leaf.value === null && rest.length === 0 && (name === 'exact' || name === 'ne'))
    return isNull(columns, name === 'exact');
  refuseEncrypted(leaf.target, 'compare it');
  const positive = positiveOf(leaf.lookups);
  if (positive) return negate(compileLeaf({ ...leaf, lookups: positive }, columns, context));
  if (holdsExpressions(leaf.value)) return compareColumn(leaf, columns, context);
  const text = leaf.target.references ? byKey(leaf, columns, context) : byColumn(leaf, columns[0]!, context);
  return { sql: text, certain: !nullable };
}

/** A leaf that looks into a value that has parts; in a document, null is a value. Undefined for any other leaf. */
function partedOf(leaf: Leaf, column: ScopedColumn, context: ExpressionContext): Predicate | undefined {
  const { target, keys, lookups, value } = leaf;
  const [own] = target.columns;
  const whole: CompiledExpression = { sql: column.sql, kind: own!.kind, nullable: true, column: own };
  const kind = target.references ? undefined : partedKind(whole);
  if (!kind) return undefined;
  const found = valueAt(whole, keys, context.dialect);
  const parsed = { name: [target.path, ...keys].join('.'), lookups, value };
  if (keys.length === 0 || found.kind !== 'json' || value !== null || lookups.length > 1)
    return compileValue(found, parsed, context);
  if (lookups[0] === 'ne') return negate(compileParted(kind, found, { ...parsed, lookups: ['exact'] }, context));
  return lookups[0] === 'exact' ? compileParted(kind, found, parsed, context) : compileValue(found, parsed, context);
}

/** Whether a leaf holds for an absent row: only `isnull` does. */
export function acceptsAbsence({ lookups, value }: Leaf): boolean {
  if (lookups.at(-1) === 'isnull') return coerce('boolean', value) === true;
  return lookups.length === 1 && lookups[0] === 'exact' && value === null;
}

/** A column compared with values that the statement works out. */
function compareColumn(leaf: Leaf, columns: readonly ScopedColumn[], context: ExpressionContext): Predicate {
  const { target, lookups, value } = leaf;
  if (columns.length > 1)
    throw new UnknownLookupError(target.path, lookups.join('__'), ['exact', 'in', ...NEGATED_NAMES]);
  const column = target.columns[0]!;
  const { scale } = column.metadata;
  return compareValues(
    { ...columns[0]!, kind: column.kind, scale, column },
    { name: target.path, lookups, value },
    context,
  );
}

function byColumn({ target, lookups, value }: Leaf, scoped: ScopedColumn, context: ExpressionContext): Sql {
  return byOperand(operandOf(target.path, target.columns[0]!, scoped.sql, context), lookups, value, context);
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
    throw new UnknownLookupError(target.path, lookups.join('__'), ['exact', 'in', ...NEGATED_NAMES, 'isnull']);
  if (columns.length > 1)
    throw new UnknownLookupError(target.path, lookups.join('__'), ['exact', 'in', ...NEGATED_NAMES]);
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
  return chain(rows, 'OR');
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
