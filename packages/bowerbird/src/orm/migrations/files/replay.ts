import { FrameworkError } from '#core';

import { MigrationStateError } from '../migrations.errors.js';
import { type OperationPlace } from '../operations/operation.js';
import { type ProjectState } from '../state/project-state.js';
import { migrationKey, type MigrationFile } from './migration-file.js';

/** The state after a migration. @throws MigrationStateError that names the migration and the operation */
export function replay(state: ProjectState, file: MigrationFile): ProjectState {
  return placesOf(state, file).at(-1)?.after ?? state;
}

/** Where each operation of a migration stands, in the forward order. @throws MigrationStateError */
export function placesOf(state: ProjectState, file: MigrationFile): readonly OperationPlace[] {
  const places: OperationPlace[] = [];
  let before = state;
  file.migration.operations.forEach((operation, index) => {
    try {
      const after = operation.apply(before, file.app);
      places.push({ app: file.app, before, after });
      before = after;
    } catch (cause) {
      if (!(cause instanceof FrameworkError)) throw cause;
      const where = `${migrationKey(file)}, operation ${index + 1} (${operation.title})`;
      throw new MigrationStateError(`${where}: ${cause.message}`, { cause });
    }
  });
  return places;
}
