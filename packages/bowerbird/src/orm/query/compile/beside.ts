import { type FieldKind } from '../../describe/entity-description.js';
import { UnknownLookupError } from '../../orm.errors.js';
import { Expression, type CompiledExpression, type ExpressionContext } from '../expressions/expression.js';
import { coerce, expectation } from '../lookups/coerce.js';
import { columnValue } from '../lookups/column-value.js';
import { TEXT_MATCHES, TEXTS } from '../lookups/lookups.js';
import { NEGATED_NAMES } from '../lookups/negated.js';
import { BadLookupValueError, QueryUsageError } from '../query.errors.js';
import { type TextMatch } from '../sql/sql-dialect.js';
import { chain, raw, sql, type Sql } from '../sql/sql.js';
import { type ComputedLeaf } from './condition-tree.js';
import { type Predicate } from './predicate.js';
import { madeOf } from './transformed-value.js';

/** What follows a value, and what it is compared with. */
type Comparison = Omit<ComputedLeaf, 'op'>;

/** Writes the comparison of two values that the statement works out. */
type Compare = (left: CompiledExpression, right: CompiledExpression, context: ExpressionContext) => Sql;

const COMPARISONS: Readonly<Record<string, Compare>> = {
  exact: ordered('='),
  gt: ordered('>'),
  gte: ordered('>='),
  lt: ordered('<'),
  lte: ordered('<='),
};

const MATCHES: Readonly<Record<string, Compare>> = Object.fromEntries(
  Object.entries(TEXT_MATCHES).map(([name, match]) => [name, matching(name, match)]),
);

/** Whether a value, or one of a list, is worked out by the statement. */
export function holdsExpressions(value: unknown): boolean {
  return value instanceof Expression || (Array.isArray(value) && value.some((member) => member instanceof Expression));
}

/** Values that the statement works out, compared with each other. @throws UnknownLookupError, BadLookupValueError */
export function compareValues(
  given: CompiledExpression,
  comparison: Comparison,
  context: ExpressionContext,
): Predicate {
  const { left, name, lookups, onSides } = transformed(given, comparison, context);
  const { value } = comparison;
  const compare = comparing(left, lookups, Array.isArray(value) ? value.length : undefined);
  if (!compare) throw new UnknownLookupError(name, lookups.join('__'), namesFor(left));
  const members = Array.isArray(value) ? (value as unknown[]) : [value];
  const sides = members.map((member) =>
    onSides(member instanceof Expression ? context.compile(member) : literalBeside(left, name, member, context)),
  );
  return { sql: compare(left, sides, context), certain: ![left, ...sides].some(({ nullable }) => nullable) };
}

/** A value behind the transforms and the parts of dates that are named before the comparison. */
interface Transformed {
  readonly left: CompiledExpression;
  readonly name: string;
  readonly lookups: readonly string[];
  /** What is done with the values beside it as well. */
  onSides(side: CompiledExpression): CompiledExpression;
}

function transformed(left: CompiledExpression, { name, lookups }: Comparison, context: ExpressionContext): Transformed {
  const [first, ...rest] = lookups as [string, ...string[]];
  const made = madeOf(left, first, context);
  if (!made) return { left, name, lookups, onSides: (side) => side };
  const following = { name: `${name}__${first}`, lookups: rest.length > 0 ? rest : ['exact'], value: undefined };
  const done = transformed(made.value, following, context);
  const { transform } = made;
  if (!transform?.forValues) return done;
  const { dialect } = context;
  const onSides = (side: CompiledExpression): CompiledExpression =>
    done.onSides({ sql: transform.compile(side.sql, dialect), kind: transform.result, nullable: true });
  return { ...done, onSides };
}

type CompareAll = (left: CompiledExpression, sides: readonly CompiledExpression[], context: ExpressionContext) => Sql;

/** What compares a value with another one, or with a list of so many; undefined for lookups that do not. */
function comparing(
  { kind }: CompiledExpression,
  lookups: readonly string[],
  listed: number | undefined,
): CompareAll | undefined {
  const lookup = lookups.length === 1 ? lookups[0]! : '';
  if (lookup === 'in') return amongAll;
  if (listed !== undefined) return lookup === 'range' && listed === 2 ? betweenBoth : undefined;
  const compare = COMPARISONS[lookup] ?? (TEXTS.has(kind) ? MATCHES[lookup] : undefined);
  return compare && ((left, [side], context) => compare(left, side!, context));
}

function namesFor({ kind }: CompiledExpression): string[] {
  return [
    ...Object.keys(COMPARISONS),
    'in',
    'range',
    ...NEGATED_NAMES,
    ...(TEXTS.has(kind) ? Object.keys(MATCHES) : []),
  ];
}

function amongAll(left: CompiledExpression, sides: readonly CompiledExpression[], context: ExpressionContext): Sql {
  return chain(
    sides.map((side) => COMPARISONS.exact!(left, side, context)),
    'OR',
  );
}

function betweenBoth(left: CompiledExpression, sides: readonly CompiledExpression[], context: ExpressionContext): Sql {
  const [least, most] = sides;
  return sql`(${COMPARISONS.gte!(left, least!, context)} AND ${COMPARISONS.lte!(left, most!, context)})`;
}

function ordered(operator: string): Compare {
  return (left, right, { dialect }) => {
    const [one, other] = dialect.expressions.comparable(left, right, operator === '=');
    return sql`${one} ${raw(operator)} ${other}`;
  };
}

function matching(name: string, match: TextMatch): Compare {
  return (left, right, { dialect }) => {
    if (!TEXTS.has(right.kind) && right.kind !== 'enum')
      throw new QueryUsageError(`${name} looks for a text, and not for a ${right.kind}`);
    return dialect.matches(left.sql, right.sql, match);
  };
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

/** A value as one of a kind. @throws BadLookupValueError when it does not fit */
export function coerced(kind: FieldKind, value: unknown, path: string): unknown {
  const fitting = value === null || value === undefined ? undefined : coerce(kind, value);
  if (fitting === undefined) throw new BadLookupValueError(path, value, expectation(kind));
  return fitting;
}
