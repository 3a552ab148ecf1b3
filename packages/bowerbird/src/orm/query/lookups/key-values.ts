import { type ColumnModel } from '../model/entity-model.js';
import { BadLookupValueError } from '../query.errors.js';

/**
 * The values of some columns of a row, given the row, an object that has them by path, or for one column the bare
 * value. @throws BadLookupValueError when one is missing
 */
export function keyValues(columns: readonly ColumnModel[], given: unknown, path: string): readonly unknown[] {
  if (!isRow(given)) {
    if (columns.length === 1 && given !== undefined && given !== null) return [given];
    throw new BadLookupValueError(path, given, `a row or its key (${columns.map((column) => column.path).join(', ')})`);
  }
  return columns.map(({ metadata, path: name }) => {
    const value: unknown = metadata.getEntityValue(given);
    if (value === undefined || value === null)
      throw new BadLookupValueError(path, given, `a saved row, with its ${name}`);
    return value;
  });
}

function isRow(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array) &&
    !Array.isArray(value)
  );
}
