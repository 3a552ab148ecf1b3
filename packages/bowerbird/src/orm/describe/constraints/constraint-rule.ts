import { UnknownLookupError } from '../../orm.errors.js';
import { allOf, anyOf, negate, type Predicate } from '../../query/compile/predicate.js';
import { Expression, ValueExpression, type CompiledExpression } from '../../query/expressions/expression.js';
import { coerce, expectation } from '../../query/lookups/coerce.js';
import { compilePart, isDatePart } from '../../query/lookups/date-parts.js';
import { type Operand } from '../../query/lookups/lookup.js';
import { findLookup, lookupNames } from '../../query/lookups/lookups.js';
import { positiveOf } from '../../query/lookups/negated.js';
import { findTransform, transformed } from '../../query/lookups/transforms.js';
import { type Where } from '../../query/q.js';
import { BadLookupValueError, QueryUsageError } from '../../query/query.errors.js';
import { bind, raw, sql, type Sql } from '../../query/sql/sql.js';
import { type FieldKind } from '../entity-description.js';
import { type ConstraintContext } from './constraint-context.js';

const SEPARATOR = '__';

const OPERATORS: Readonly<Record<string, string>> = { exact: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** Kinds whose literals stand without quotes. */
const NUMBERS: ReadonlySet<FieldKind> = new Set<FieldKind>(['integer', 'bigint', 'float', 'decimal']);

/** One lookup of a rule. */
interface Leaf {
  readonly path: string;
  readonly lookups: readonly string[];
  readonly value: unknown;
}

/** A condition over the columns of one row. @throws FieldError, QueryUsageError */
export function compileRule(where: Where, context: ConstraintContext): Predicate {
  if (where.op === 'not') return negate(compileRule(where.part, context));
  if (where.op === 'expression') return truthOf(context.compile(where.expression));
  if (where.op !== 'lookups') {
    const parts = where.parts.map((part) => compileRule(part, context));
    return where.op === 'and' ? allOf(parts) : anyOf(parts);
  }
  const leaves = Object.entries(where.lookups).map(([key, value]): Leaf => {
    const [path, rest] = context.columns.split(key);
    return { path, lookups: rest.length > 0 ? rest : ['exact'], value };
  });
  return allOf(leaves.map((leaf) => compileLeaf(leaf, context)));
}

function truthOf({ kind, sql: value, nullable }: CompiledExpression): Predicate {
  if (kind !== 'boolean') throw new QueryUsageError(`A condition is true or false, and not a ${kind}`);
  return { sql: value, certain: !nullable };
}

function compileLeaf(leaf: Leaf, context: ConstraintContext): Predicate {
  const { path, lookups, value } = leaf;
  const absence = isAbsence(leaf);
  if (absence !== undefined) return isNull(path, absence, context);
  const positive = positiveOf(lookups);
  if (positive) return negate(compileLeaf({ ...leaf, lookups: positive }, context));
  const column = context.path(path);
  if (value instanceof Expression) return compare(column, leaf, value, context);
  return { sql: applied(operandOf(path, column, context), lookups, plainKey(value)), certain: !column.nullable };
}

/** Whether a lookup asks for NULL (true), for anything else (false), or something else (undefined). */
function isAbsence({ path, lookups, value }: Leaf): boolean | undefined {
  if (lookups.length > 1) return undefined;
  if (lookups[0] === 'isnull') {
    const wanted = coerce('boolean', value);
    if (typeof wanted === 'boolean') return wanted;
    throw new BadLookupValueError(path, value, expectation('boolean'));
  }
  return value === null && (lookups[0] === 'exact' || lookups[0] === 'ne') ? lookups[0] === 'exact' : undefined;
}

/** A reference of several columns is absent when any of them is. */
function isNull(path: string, wanted: boolean, { columns }: ConstraintContext): Predicate {
  const tests = columns.all(path).map(({ name }): Predicate => {
    const column = raw(`"${name.replaceAll('"', '""')}"`);
    return { sql: wanted ? sql`${column} IS NULL` : sql`${column} IS NOT NULL`, certain: true };
  });
  return wanted ? anyOf(tests) : allOf(tests);
}

function compare(
  left: CompiledExpression,
  { path, lookups }: Leaf,
  value: Expression,
  context: ConstraintContext,
): Predicate {
  const [lookup] = lookups;
  const operator = lookups.length === 1 ? OPERATORS[lookup!] : undefined;
  if (!operator) throw new UnknownLookupError(path, lookups.join(SEPARATOR), [...Object.keys(OPERATORS), 'ne']);
  const right = context.compile(value);
  const [one, other] =
    plainSides(left, right) ?? context.dialect.expressions.comparable(left, right, lookup === 'exact');
  return { sql: sql`${one} ${raw(operator)} ${other}`, certain: !left.nullable && !right.nullable };
}

/** Two columns, as what a column holds compares by itself. */
function plainSides(left: CompiledExpression, right: CompiledExpression): readonly [Sql, Sql] | undefined {
  const isColumn = ({ sql: { texts } }: CompiledExpression) => texts.length === 1 && /^"(?:[^"]|"")*"$/.test(texts[0]!);
  return left.kind === right.kind && isColumn(left) && isColumn(right) ? [left.sql, right.sql] : undefined;
}

function applied(operand: Operand, lookups: readonly string[], value: unknown): Sql {
  const [name, ...rest] = lookups as [string, ...string[]];
  if (isDatePart(name, operand.kind)) return compilePart(operand, name, rest, value);
  const transform = findTransform(name, operand);
  if (transform) return applied(transformed(operand, transform), rest.length > 0 ? rest : ['exact'], value);
  const lookup = rest.length === 0 ? findLookup(name, operand.kind) : undefined;
  if (!lookup) throw new UnknownLookupError(operand.path, lookups.join(SEPARATOR), lookupNames(operand.kind));
  return lookup.compile(operand, value);
}

function operandOf(path: string, { kind, sql: column }: CompiledExpression, { dialect }: ConstraintContext): Operand {
  const fitting = (given: unknown): unknown => {
    const value = given === null || given === undefined ? undefined : coerce(kind, given);
    if (value === undefined) throw new BadLookupValueError(path, given, expectation(kind));
    return value;
  };
  // A number in quotes would be a text to a row of values, which has no columns.
  const value = (given: unknown): Sql => (NUMBERS.has(kind) ? raw(String(fitting(given))) : bind(fitting(given)));
  return { path, kind, sql: column, dialect, raw: fitting, value };
}

/** A row stands for its key. */
function plainKey(value: unknown): unknown {
  if (value instanceof ValueExpression) return value.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Set) return value;
  if (value instanceof Date || value instanceof Uint8Array) return value;
  const values = Object.values(value);
  return values.length === 1 ? values[0] : value;
}
