import { type MigrationFile } from '../files/migration-file.js';
import { placesOf } from '../files/replay.js';
import { lossesOf } from '../lint/guarded-steps.js';
import { type MigrationSession } from '../run/session.js';
import { type ProjectState } from '../state/project-state.js';

/**
 * The tables and columns (`table`, `table.column`, by their names before) whose values a migration does not keep for the way
 * back: what it drops, and what may not be empty any more.
 */
export function valuesLost(file: MigrationFile, base: ProjectState, session: MigrationSession): ReadonlySet<string> {
  const lost = new Set<string>();
  placesOf(base, file).forEach((place, index) => {
    const here = session.local.place(place);
    if (!here) return;
    const change = file.migration.operations[index]!.change(here, session.dialect, 'forward');
    for (const { table, column } of lossesOf(change)) lost.add(column ? `${table}.${column.name}` : table);
    for (const { before, keptColumns } of change.changed)
      for (const { from, to } of keptColumns)
        if (from.nullable && !to.nullable) lost.add(`${before.name}.${from.name}`);
  });
  return lost;
}
