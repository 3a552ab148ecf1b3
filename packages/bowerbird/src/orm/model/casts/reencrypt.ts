import { type RawKey } from '../../query/compile/keys.js';
import { type ColumnModel, type EntityModel } from '../../query/model/entity-model.js';
import { type QueryEngine } from '../../query/query-engine.js';
import { bind, join, raw, sql, type Sql } from '../../query/sql/sql.js';
import { type ColumnCipher } from './column-cipher.js';
import { contextOf } from './install-casts.js';

/** Rows that are read at a time. */
const BATCH = 500;

/** A value that is stored under another key than the first. */
interface Outdated {
  readonly key: RawKey;
  readonly stored: string;
}

/** An encrypted column. */
export interface EncryptedColumn {
  readonly engine: QueryEngine;
  readonly model: EntityModel;
  readonly column: ColumnModel;
  readonly cipher: ColumnCipher;
}

/**
 * Stores the values of a column under the first key and returns how many were under another one. What somebody changes
 * meanwhile stays as it is, for it is under the first key then. Nobody is told, for no text changes.
 */
export async function reencrypt(target: EncryptedColumn): Promise<number> {
  const { cipher, column } = target;
  const context = contextOf(column.metadata);
  let count = 0;
  for (;;) {
    const rows = await outdated(target, cipher.currentPrefix(context));
    for (const row of rows)
      count += await replace(target, row, cipher.encrypt(cipher.decrypt(row.stored, context), context));
    if (rows.length < BATCH) return count;
  }
}

async function outdated({ engine, model, column }: EncryptedColumn, prefix: string): Promise<readonly Outdated[]> {
  const name = raw(model.dialect.quote(column.name));
  const keys = model.primary.map((key, index) => raw(`${model.dialect.quote(key.name)} AS k${index}`));
  const other = sql`SUBSTR(${name}, 1, ${raw(String(prefix.length))}) <> ${bind(prefix)}`;
  const limit = raw(` LIMIT ${BATCH}`);
  const rows = await engine.rows(
    sql`SELECT ${join(keys, ', ')}, ${name} AS v0 FROM ${model.table} WHERE ${name} IS NOT NULL AND ${other}${limit}`,
  );
  return rows.map((row) => ({ key: keys.map((_, index) => row[`k${index}`]), stored: String(row.v0) }));
}

async function replace(
  { engine, model, column }: EncryptedColumn,
  { key, stored }: Outdated,
  fresh: string,
): Promise<number> {
  const equals = (name: string, value: unknown): Sql => sql`${raw(model.dialect.quote(name))} = ${bind(value)}`;
  const where = model.primary.map(({ name }, index) => equals(name, key[index]));
  return engine.change(
    sql`UPDATE ${model.table} SET ${equals(column.name, fresh)} WHERE ${join([...where, equals(column.name, stored)], ' AND ')}`,
  );
}
