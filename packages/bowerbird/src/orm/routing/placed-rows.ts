import { type Class } from '#core';

import { type EntityDescription } from '../describe/entity-description.js';
import { type Placement } from './placement.js';

/** What is asked of a database before rows are written to it. */
interface PlacingDatabase {
  readonly alias: string;
  readonly placement: Placement;
  describe(entity: Class): EntityDescription;
}

/**
 * Makes sure that rows may be written to a database, and remembers that they are of it from now on.
 * @throws WrongDatabaseError, CrossDatabaseError
 */
export function requirePlaced(database: PlacingDatabase, rows: object): void {
  const { placement, alias } = database;
  if (!placement.isSplit) return;
  const all: readonly object[] = Array.isArray(rows) ? (rows as object[]) : [rows];
  for (const row of all) {
    const entity = row.constructor as Class;
    placement.requireHeld(entity, alias);
    for (const related of relatedRows(row, database.describe(entity))) placement.requireRelated(row, alias, related);
  }
  placement.remember(all, alias);
}

/** The rows to which the loaded relations of a row lead. A relation that is a promise is not waited for. */
function relatedRows(row: object, { relations }: EntityDescription): readonly object[] {
  return relations
    .flatMap(({ path }) => (row as Readonly<Record<string, unknown>>)[path])
    .filter((related): related is object => typeof related === 'object' && related !== null);
}
