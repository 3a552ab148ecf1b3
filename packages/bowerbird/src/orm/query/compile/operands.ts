import { UnknownLookupError } from '../../orm.errors.js';
import { type CompiledExpression, type ExpressionContext } from '../expressions/expression.js';
import { columnValue } from '../lookups/column-value.js';
import { compilePart, isDatePart, partNames, partOperand } from '../lookups/date-parts.js';
import { keyValues } from '../lookups/key-values.js';
import { type Operand } from '../lookups/lookup.js';
import { compared, findLookup, lookupNames } from '../lookups/lookups.js';
import { compileVector } from '../lookups/search-lookups.js';
import { findTransform, transformed, transformNames } from '../lookups/transforms.js';
import { type ColumnModel } from '../model/entity-model.js';
import { QueryHandle } from '../query-handle.js';
import { QueryUsageError } from '../query.errors.js';
import { ParsedQuery } from '../search/search-query.js';
import { sql, type Sql } from '../sql/sql.js';
import { coerced } from './beside.js';
import { flag, isNull } from './presence.js';

/** A column as what a lookup compares. */
export function operandOf(path: string, column: ColumnModel, scoped: Sql, { zone }: ExpressionContext): Operand {
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

/** What the statement works out as what a lookup compares. */
export function computedOperand(
  path: string,
  compiled: CompiledExpression,
  { dialect, zone }: ExpressionContext,
): Operand {
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

/** A lookup of an operand, behind the transforms that are named before it. @throws UnknownLookupError, BadLookupValueError */
export function byOperand(
  operand: Operand,
  lookups: readonly string[],
  given: unknown,
  context: ExpressionContext,
): Sql {
  const value = given instanceof ParsedQuery ? given.written(context) : given;
  const [name, ...rest] = lookups as [string, ...string[]];
  if (operand.document) return compileVector(operand, lookups, value);
  if (isDatePart(name, operand.kind) && rest[0] !== 'isnull') return compilePart(operand, name, rest, value);
  if (isDatePart(name, operand.kind)) return byOperand(partOperand(operand, name), rest, value, context);
  const transform = findTransform(name, operand);
  if (transform) return byOperand(transformed(operand, transform), rest.length > 0 ? rest : ['exact'], value, context);
  if (name === 'isnull' && rest.length === 0)
    return isNull([{ sql: operand.sql, nullable: true }], flag(operand.path, value)).sql;
  const lookup = rest.length === 0 ? findLookup(name, operand.kind, operand.dialect) : undefined;
  if (!lookup) throw unknown(operand, lookups);
  if (name === 'in' && value instanceof QueryHandle)
    return sql`${compared(operand)} IN (${listed(value, undefined, context)})`;
  return lookup.compile(operand, value);
}

/** What a query lists, for a comparison with its rows. @throws QueryUsageError for a query of another database */
export function listed(
  query: QueryHandle,
  columns: readonly ColumnModel[] | undefined,
  context: ExpressionContext,
): Sql {
  if (query.runsOn(context.dialect)) return query.list(columns, context.asOuter());
  throw new QueryUsageError('A query cannot list rows of another database', {
    hint: 'Load its keys first and give the list: await query.flat("pk").all()',
  });
}

function unknown(operand: Operand, lookups: readonly string[]): UnknownLookupError {
  return new UnknownLookupError(operand.path, lookups.join('__'), [
    ...lookupNames(operand.kind),
    ...partNames(operand.kind),
    ...transformNames(operand),
  ]);
}
