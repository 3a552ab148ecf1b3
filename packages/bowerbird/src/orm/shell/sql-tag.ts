import { type Database } from '../connection/database.js';
import { bind, join, list, raw, type Sql } from '../query/sql/sql.js';

/** Rows of a statement whose values are bound: sql`select * from shop_product where id in ${[1, 2]}`. */
export type SqlTag = <R = Record<string, unknown>>(
  strings: TemplateStringsArray,
  ...values: readonly unknown[]
) => Promise<readonly R[]>;

/** The tag for one database. A list becomes `(?, ?)`; every other value is one parameter. */
export function sqlTag(database: Database): SqlTag {
  return async <R>(strings: TemplateStringsArray, ...values: readonly unknown[]): Promise<readonly R[]> => {
    const pieces = strings.flatMap((text, index): Sql[] =>
      index < values.length ? [raw(text), valueSql(values[index])] : [raw(text)],
    );
    const { sql, parameters } = database.queries.render(join(pieces, ''));
    const result: unknown = await database.query(sql, parameters);
    return (Array.isArray(result) ? result : []) as readonly R[];
  };
}

function valueSql(value: unknown): Sql {
  if (!Array.isArray(value)) return bind(value);
  return value.length === 0 ? raw('(NULL)') : list(value as readonly unknown[]);
}
