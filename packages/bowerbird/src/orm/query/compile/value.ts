import { type CompiledExpression, type ExpressionContext } from '../expressions/expression.js';
import { compared } from '../lookups/lookups.js';
import { positiveOf } from '../lookups/negated.js';
import { type PartedKind } from '../lookups/parted-kind.js';
import { QueryHandle } from '../query-handle.js';
import { sql, type Sql } from '../sql/sql.js';
import { compareValues, holdsExpressions } from './beside.js';
import { type ComputedLeaf } from './condition-tree.js';
import { byOperand, computedOperand, listed } from './operands.js';
import { partedKind } from './parted.js';
import { negate, type Predicate } from './predicate.js';
import { flag, isNull } from './presence.js';

/** A lookup of an annotation. @throws UnknownLookupError, BadLookupValueError, QueryUsageError */
export function compileComputed(leaf: ComputedLeaf, context: ExpressionContext): Predicate {
  return compileValue(context.path(leaf.name), leaf, context);
}

/** A lookup of what the statement works out. @throws UnknownLookupError, BadLookupValueError, QueryUsageError */
export function compileValue(
  compiled: CompiledExpression,
  leaf: Omit<ComputedLeaf, 'op'>,
  context: ExpressionContext,
): Predicate {
  const { name, lookups, value } = leaf;
  const [first] = lookups;
  if (lookups.length === 1 && (first === 'isnull' || (value === null && (first === 'exact' || first === 'ne'))))
    return isNull([compiled], first === 'isnull' ? flag(name, value) : first === 'exact');
  const positive = positiveOf(lookups);
  if (positive) return negate(compileValue(compiled, { ...leaf, lookups: positive }, context));
  const parted = partedKind(compiled);
  if (parted) return compileParted(parted, compiled, leaf, context);
  if (holdsExpressions(value)) return compareValues(compiled, leaf, context);
  return { sql: computedSql(compiled, leaf, context), certain: !compiled.nullable };
}

/** A lookup of a value that has parts, or of one of them. @throws UnknownLookupError, BadLookupValueError */
export function compileParted(
  kind: PartedKind,
  compiled: CompiledExpression,
  { name, lookups, value }: Omit<ComputedLeaf, 'op'>,
  context: ExpressionContext,
): Predicate {
  const [first, ...rest] = lookups as [string, ...string[]];
  const part = kind.part(compiled, first, context.dialect);
  const following = { name: `${name}__${first}`, lookups: rest.length > 0 ? rest : ['exact'], value };
  if (part) return compileValue(part, following, context);
  return { sql: kind.compile({ ...compiled, path: name }, lookups, value, context), certain: false };
}

function computedSql(compiled: CompiledExpression, leaf: Omit<ComputedLeaf, 'op'>, context: ExpressionContext): Sql {
  const { name, lookups, value } = leaf;
  const { references } = compiled;
  const operand = computedOperand(name, compiled, context);
  if (references && lookups.length === 1 && lookups[0] === 'in' && value instanceof QueryHandle)
    return sql`${compared(operand)} IN (${listed(value, references, context)})`;
  return byOperand(operand, lookups, value, context);
}
