import { nativeTypeOf } from '../../describe/portable-columns.js';
import { UnknownLookupError } from '../../orm.errors.js';
import { type ColumnModel } from '../model/entity-model.js';
import { BadLookupValueError } from '../query.errors.js';
import { bind, raw, sql, type Sql } from '../sql/sql.js';
import { coerce } from './coerce.js';

/** A column of PostgreSQL that holds a list. */
interface ArrayOperand {
  readonly path: string;
  readonly column: ColumnModel;
  readonly sql: Sql;
}

const OPERATORS: Readonly<Record<string, string>> = { exact: '=', contains: '@>', containedBy: '<@', overlap: '&&' };

/** A lookup of a list column, which only PostgreSQL has. @throws UnknownLookupError, BadLookupValueError */
export function compileArray(
  { path, column, sql: list }: ArrayOperand,
  lookups: readonly string[],
  value: unknown,
): Sql {
  const [name] = lookups;
  if (lookups.length === 1 && name === 'length') {
    const length = coerce('integer', value);
    if (length === undefined) throw new BadLookupValueError(path, value, 'an integer');
    return sql`CARDINALITY(${list}) = ${bind(length)}`;
  }
  const operator = lookups.length === 1 ? OPERATORS[name!] : undefined;
  if (!operator)
    throw new UnknownLookupError(path, lookups.join('__'), [...Object.keys(OPERATORS), 'length', 'isnull']);
  if (!Array.isArray(value) || value.some((member) => member === null || typeof member === 'object'))
    throw new BadLookupValueError(path, value, 'a list of plain values');
  return sql`${list} ${raw(operator)} ${bind(value)}::${raw(nativeTypeOf(column.metadata)!)}`;
}
