import { type CatalogTable } from '../../catalog/catalog.js';
import { readCatalog } from '../../catalog/read-catalog.js';
import { PROGRESS_TABLE } from '../history/progress.js';
import { LEDGER_TABLE } from '../run/ledger.js';
import { type MigrationSession } from '../run/session.js';

/** A line for each table and each part of one, in no order: two databases with the same lines have the same tables. */
export async function tableShapes(session: MigrationSession): Promise<readonly string[]> {
  const { tables } = await readCatalog(session);
  return tables.filter(({ name }) => name !== LEDGER_TABLE && name !== PROGRESS_TABLE).flatMap(shapeOf);
}

function shapeOf({ name, ...parts }: CatalogTable): readonly string[] {
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
