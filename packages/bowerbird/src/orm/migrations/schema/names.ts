import { createHash } from 'node:crypto';

import { DefaultNamingStrategy } from 'typeorm';

import { type Dialect } from '../../describe/entity-description.js';

/** PostgreSQL keeps 63 bytes of a name and MySQL 64 characters. SQLite keeps all, but then no other could have the name. */
export const LONGEST_NAME = 63;
const LONGEST_ON_MYSQL = 64;

const naming = new DefaultNamingStrategy();

/** The names that TypeORM gives to constraints, so that both sides agree on them without writing them down. */
export const defaultNames = {
  primaryKey: (table: string, columns: readonly string[]) => naming.primaryKeyName(table, [...columns]),
  unique: (table: string, columns: readonly string[]) => naming.uniqueConstraintName(table, [...columns]),
  oneToOne: (table: string, columns: readonly string[]) => naming.relationConstraintName(table, [...columns]),
  index: (table: string, columns: readonly string[], where?: string) => naming.indexName(table, [...columns], where),
  foreignKey: (table: string, columns: readonly string[]) => naming.foreignKeyName(table, [...columns]),
  exclusion: (table: string, expression: string) => naming.exclusionConstraintName(table, expression),
  check: (table: string, expression: string) => naming.checkConstraintName(table, expression),
  values: (table: string, column: string) => naming.checkConstraintName(table, column, true),
} as const;

/** A constraint's name that the database keeps whole: what is too long ends in a hash of the rest. */
export function shortName(name: string, dialect: Dialect): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME || (dialect === 'mysql' && name.length <= LONGEST_ON_MYSQL)) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${Buffer.from(name)
    .subarray(0, LONGEST_NAME - 9)
    .toString()
    .replace(/\uFFFD+$/, '')}_${hash}`;
}
