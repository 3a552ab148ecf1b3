import { migrationKey, type MigrationFile } from '../files/migration-file.js';
import { replay } from '../files/replay.js';
import { MigrationHistoryError } from '../migrations.errors.js';
import { tablesOf } from '../schema/tables-of.js';
import { type ProjectState } from '../state/project-state.js';
import { columnDifferences, liveColumns } from './live-columns.js';
import { type MigrationSession } from './session.js';

/**
 * Whether the tables that a migration creates are there already, exactly as it would make them; then it need only be
 * written down. `base` is the state before it.
 * @throws MigrationHistoryError when some of them are there, or when they differ
 */
export async function isThereAlready(
  session: MigrationSession,
  file: MigrationFile,
  base: ProjectState,
): Promise<boolean> {
  const before = tablesOf(session.local.of(base), session.dialect);
  const after = tablesOf(session.local.of(replay(base, file)), session.dialect);
  const wanted = [...after.values()].filter(({ name }) => !before.has(name));
  const found = await Promise.all(
    wanted.map(async (table) => [table, await liveColumns(session, table.name)] as const),
  );
  if (found.every(([, columns]) => columns.length === 0)) return false;
  const differences = found.flatMap(([table, columns]) =>
    columns.length === 0 ? [`there is no table "${table.name}"`] : columnDifferences(session.dialect, table, columns),
  );
  if (differences.length === 0) return true;
  throw new MigrationHistoryError(
    `${migrationKey(file)} is not applied, but tables that it creates are there, and they differ from it: ${differences.slice(0, 5).join('; ')}`,
    {
      hint: `Bring the tables into line, or drop them; to write it down nevertheless: migrate ${file.app} ${file.name} --fake`,
    },
  );
}
