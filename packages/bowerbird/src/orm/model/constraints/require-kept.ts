import { type Database } from '../../connection/database.js';
import { valueAt } from '../../describe/entity-text.js';
import { brokenError } from './constraint-errors.js';

/** What is left out when constraints are asked for. */
export interface ValidateOptions {
  /** Paths whose constraints are not asked for, as far as they speak of nothing else. */
  readonly exclude?: readonly string[];
}

/** Makes sure that a row would break no constraint. @throws IntegrityError of the first, which tells all */
export async function requireKept(database: Database, row: object, exclude: ReadonlySet<string>): Promise<void> {
  const description = database.descriptions.ofRow(row);
  const paths = [...description.fields, ...description.relations].map(({ path }) => path);
  const asked = new Set(paths.filter((path) => !exclude.has(path)));
  // A row with a key is compared with all others but itself, whether it is there or not.
  const isNew = description.primaryKey.some((path) => (valueAt(row, path) ?? undefined) === undefined);
  const broken = await database.brokenConstraints({ row, isNew, paths: asked });
  if (broken.length > 0) throw brokenError(description, broken);
}
