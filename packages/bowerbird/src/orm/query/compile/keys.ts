import { type ColumnModel } from '../model/entity-model.js';
import { chain, join, sql, type Sql } from '../sql/sql.js';

/** Values of the columns of a key, as the driver gave them. */
export type RawKey = readonly unknown[];

/** A column of a key in a statement. */
export interface KeyColumn {
  readonly sql: Sql;
  readonly column: ColumnModel;
}

/** Keys in one statement. */
export const KEYS_PER_STATEMENT = 5_000;

/** The rows with any of some keys, which came from the database itself. */
export function inKeys(columns: readonly KeyColumn[], keys: readonly RawKey[]): Sql {
  const [first] = columns;
  if (columns.length > 1)
    return chain(
      keys.map((key) => equalKey(columns, key)),
      'OR',
    );
  const values = keys.map(([value]) => bound(value, first!));
  return sql`${first!.sql} IN (${join(values, ', ')})`;
}

/** Slices of a list of keys, each small enough for a statement. */
export function* keyChunks(keys: readonly RawKey[]): Generator<readonly RawKey[], void, undefined> {
  const size = Math.max(1, Math.floor(KEYS_PER_STATEMENT / (keys[0]?.length ?? 1)));
  for (let start = 0; start < keys.length; start += size) yield keys.slice(start, start + size);
}

function equalKey(columns: readonly KeyColumn[], key: RawKey): Sql {
  const equalities = columns.map((column, index) => sql`${column.sql} = ${bound(key[index], column)}`);
  return sql`(${join(equalities, ' AND ')})`;
}

function bound(value: unknown, { column }: KeyColumn): Sql {
  return column.dialect.bound(value, column.kind);
}
