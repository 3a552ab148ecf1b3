import { type CatalogTable } from '../../catalog/catalog.js';
import { readSchemas } from '../../catalog/read-schemas.js';
import { wholeTable } from '../../catalog/whole-names.js';
import { PROGRESS_TABLE } from '../history/progress.js';
import { LEDGER_TABLE } from '../run/ledger.js';
import { type MigrationSession } from '../run/session.js';

/** A line for each table and each part of one, in no order: two databases with the same lines have the same tables. */
export async function tableShapes(session: MigrationSession): Promise<readonly string[]> {
  const { tables } = await readSchemas(session, await schemasWithTables(session));
  return tables.filter(({ name }) => name !== LEDGER_TABLE && name !== PROGRESS_TABLE).flatMap(shapeOf);
}

/** Of PostgreSQL; none on databases without. */
async function schemasWithTables(session: MigrationSession): Promise<readonly string[]> {
  if (session.dialect !== 'postgres') return [];
  const rows = await session.query<{ name: string }>(
    "SELECT DISTINCT schemaname AS name FROM pg_catalog.pg_tables WHERE schemaname !~ '^pg_|^information_schema$' ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

function shapeOf(table: CatalogTable): readonly string[] {
  const { name: _name, schema: _schema, ...parts } = table;
  const name = wholeTable(table);
  const lines = Object.entries(parts).flatMap(([kind, value]) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.map((part) => `${name}: ${kind} ${textOf(part)}`);
  });
  return [`table ${name}`, ...lines];
}

/** The statement that makes an index says nothing that its parts do not, in words that differ. */
function textOf(part: unknown): string {
  return JSON.stringify(part, (key, value: unknown) => (key === 'definition' ? undefined : value));
}
