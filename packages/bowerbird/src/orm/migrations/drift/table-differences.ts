import { type CatalogTable } from '../../catalog/catalog.js';
import { type MigrationSession } from '../run/session.js';
import { type TableMap, type TableSchema } from '../schema/table-schema.js';
import { realDifferences } from './ask-database.js';
import { compareTables } from './compare-tables.js';
import { type Difference } from './difference.js';

/** In what tables of a live database are not as they should be, in the words of the database itself. */
export async function tableDifferences(
  session: MigrationSession,
  expected: TableMap,
  catalog: readonly CatalogTable[],
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for (const [name, own] of byTable(compareTables(expected, catalog, session.editor))) {
    const found = catalog.find((table) => table.name === name);
    const table = { expected: expected.get(name) as TableSchema };
    differences.push(...(found ? await realDifferences(session, { ...table, found }, own) : own));
  }
  return differences;
}

function byTable(differences: readonly Difference[]): ReadonlyMap<string, readonly Difference[]> {
  const tables = new Map<string, Difference[]>();
  for (const difference of differences)
    tables.set(difference.table, [...(tables.get(difference.table) ?? []), difference]);
  return tables;
}
