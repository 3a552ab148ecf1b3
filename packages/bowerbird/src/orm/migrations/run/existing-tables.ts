import { wholeTable } from '../../catalog/whole-names.js';
import { differenceText, type Difference } from '../drift/difference.js';
import { liveTables } from '../drift/live-tables.js';
import { tableDifferences } from '../drift/table-differences.js';
import { migrationKey, type MigrationFile } from '../files/migration-file.js';
import { replay } from '../files/replay.js';
import { MigrationHistoryError } from '../migrations.errors.js';
import { tablesOf } from '../schema/tables-of.js';
import { type ProjectState } from '../state/project-state.js';
import { type MigrationSession } from './session.js';

/** Differences that are listed. */
const SHOWN = 5;

/**
 * Whether the tables that a migration creates are there already, as it would make them; then it need only be written
 * down. `base` is the state before it.
 * @throws MigrationHistoryError when some of them are there, or when they differ
 */
export async function isThereAlready(
  session: MigrationSession,
  file: MigrationFile,
  base: ProjectState,
): Promise<boolean> {
  const before = tablesOf(session.local.of(base), session.dialect);
  const after = tablesOf(session.local.of(replay(base, file)), session.dialect);
  const wanted = new Map([...after].filter(([name]) => !before.has(name)));
  const live = await liveTables(session, wanted);
  if (!live.found.some((table) => live.expected.has(wholeTable(table)))) return false;
  const differences = (await tableDifferences(session, live)).filter(stands);
  if (differences.length === 0) return true;
  const shown = differences.slice(0, SHOWN).map(differenceText).join('; ');
  throw new MigrationHistoryError(
    `${migrationKey(file)} is not applied, but tables that it creates are there, and they differ from it: ${shown}`,
    {
      hint: `Bring the tables into line, or drop them; to write it down nevertheless: migrate ${file.app} ${file.name} --fake`,
    },
  );
}

/** An index or a check of somebody's own does no harm. */
function stands({ state, subject }: Difference): boolean {
  return state !== 'unknown' || subject === 'column';
}
