import { type CatalogTable } from '../../catalog/catalog.js';
import { type MigrationSession } from '../run/session.js';
import { type TableMap } from '../schema/table-schema.js';
import { realDifferences } from './ask-database.js';
import { compareTables } from './compare-tables.js';
import { type Difference } from './difference.js';

/** In what tables of a live database are not as they should be, in the words of the database itself. */
export async function tableDifferences(
  session: MigrationSession,
  expected: TableMap,
  catalog: readonly CatalogTable[],
): Promise<readonly Difference[]> {
  const tables = [...expected.values()].flatMap((table) => {
    const found = catalog.find(({ name }) => name === table.name);
    return found ? [{ expected: table, found }] : [];
  });
  return realDifferences(session, tables, compareTables(expected, catalog, session.editor));
}
