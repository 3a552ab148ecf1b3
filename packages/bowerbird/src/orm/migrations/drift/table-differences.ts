import { wholeTable } from '../../catalog/whole-names.js';
import { type MigrationSession } from '../run/session.js';
import { realDifferences } from './ask-database.js';
import { compareTables } from './compare-tables.js';
import { type Difference } from './difference.js';
import { type LiveTables } from './live-tables.js';

/** In what tables of a live database are not as they should be, in the words of the database itself. */
export async function tableDifferences(
  session: MigrationSession,
  { expected, found: catalog }: LiveTables,
): Promise<readonly Difference[]> {
  const tables = [...expected.values()].flatMap((table) => {
    const found = catalog.find((each) => wholeTable(each) === table.name);
    return found ? [{ expected: table, found }] : [];
  });
  return realDifferences(session, tables, compareTables(expected, catalog, session.editor));
}
