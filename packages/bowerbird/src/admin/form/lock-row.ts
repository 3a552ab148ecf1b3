import { type Database } from '#orm';

/**
 * Takes the row for the rest of the transaction, so that of two people who save it at once the second one waits and
 * then sees what the first one saved. It must be the first statement of the transaction: MySQL would otherwise read
 * from a snapshot that is older than the lock. On SQLite the transaction itself excludes other writers.
 */
export async function lockRow(database: Database, row: object): Promise<void> {
  if (database.dialect === 'sqlite') return;
  const { manager } = database.dataSource;
  const metadata = database.dataSource.getMetadata(row.constructor);
  await manager
    .createQueryBuilder(metadata.target, 'locked')
    .select(metadata.primaryColumns.map((column) => `locked.${column.propertyPath}`))
    .setLock('pessimistic_write')
    .whereInIds(metadata.getEntityIdMap(row))
    .getOne();
}
