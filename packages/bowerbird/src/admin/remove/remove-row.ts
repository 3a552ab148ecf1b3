import { type Database } from '#orm';

/**
 * Removes a loaded row through TypeORM, so that its entity's own hooks run. Its links go first, by a statement for
 * each relation: TypeORM would load the key of every single one of them.
 */
export async function removeRow(database: Database, row: object): Promise<void> {
  const { dataSource } = database;
  for (const { isOwning, junctionEntityMetadata: junction } of dataSource.getMetadata(row.constructor)
    .manyToManyRelations) {
    const columns = isOwning ? junction!.ownerColumns : junction!.inverseColumns;
    const values = columns.map(
      (column) => [column.propertyName, column.referencedColumn!.getEntityValue(row)] as const,
    );
    const links = dataSource.manager.createQueryBuilder().delete().from(junction!.tablePath);
    await database.mapped(() => links.where(Object.fromEntries(values)).execute());
  }
  await database.remove(row);
}
