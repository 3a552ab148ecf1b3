import { type InsertQueryBuilder, type QueryBuilder } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { type SqlDialect } from '../query/sql/sql-dialect.js';

/** Where an insert of TypeORM says what becomes of a row that is in the way. */
const CONFLICT_BRANCH = / (?:DO UPDATE SET|ON DUPLICATE KEY UPDATE) /;

/** A builder as this file uses it; some of its members are not in TypeORM's types. */
type Builder = Pick<QueryBuilder<object>, 'alias' | 'escape' | 'expressionMap'> & {
  createInsertExpression(): string;
  getMainTableName(): string;
  getTableName(path: string): string;
};

/**
 * Lets `upsert` and `orUpdate` of TypeORM move the version of a row that is in the way, and the date of its change where
 * TypeORM leaves that alone. It would keep the version, or write the one of the given row, so that a copy which somebody
 * has read before would pass for the newest.
 */
export function moveVersions(insert: InsertQueryBuilder<object>, dialect: SqlDialect): void {
  const builder = insert as unknown as Builder;
  const write = builder.createInsertExpression.bind(builder);
  Object.assign(builder, { createInsertExpression: () => withMoved(builder, dialect, write) });
}

function withMoved(builder: Builder, dialect: SqlDialect, write: () => string): string {
  const { expressionMap } = builder;
  const { onUpdate, mainAlias } = expressionMap;
  const version = mainAlias?.hasMetadata ? mainAlias.metadata.versionColumn : undefined;
  if (!version || !Array.isArray(onUpdate?.overwrite)) return write();
  const overwrite = onUpdate.overwrite.filter((name) => name !== version.databaseName);
  expressionMap.onUpdate = { ...onUpdate, overwrite };
  try {
    return write().replace(CONFLICT_BRANCH, (branch) => `${branch}${moved(builder, dialect, version, overwrite)}, `);
  } finally {
    expressionMap.onUpdate = onUpdate;
  }
}

/** What is set beside the columns that the builder names. MySQL sets from left to right, so this comes first. */
function moved(builder: Builder, dialect: SqlDialect, version: ColumnMetadata, overwrite: readonly string[]): string {
  const own = builder.escape(version.databaseName);
  const { updateDateColumn: date } = version.entityMetadata;
  const next = `${own} = ${dialect.name === 'postgres' ? `${placeOf(builder)}.` : ''}${own} + 1`;
  // TypeORM itself moves the date on PostgreSQL.
  if (!date || dialect.name === 'postgres' || overwrite.includes(date.databaseName)) return next;
  return `${next}, ${builder.escape(date.databaseName)} = ${dialect.now(date.precision ?? 0).texts[0]}`;
}

/** The row that is in the way, for PostgreSQL, to which a bare column might be that of the new row as well. */
function placeOf(builder: Builder): string {
  const table = builder.getMainTableName();
  return builder.alias === table ? builder.getTableName(table) : builder.escape(builder.alias);
}
