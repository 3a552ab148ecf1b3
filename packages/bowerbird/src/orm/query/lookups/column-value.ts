import { type FieldKind } from '../../describe/entity-description.js';
import { enumValues } from '../../describe/portable-columns.js';
import { type ColumnModel } from '../model/entity-model.js';
import { persistedValue } from '../values/persisted-value.js';
import { refuseOthers, unfitLookup } from '../values/unfit.js';
import { coerce, expectation } from './coerce.js';

export { assignedValue } from '../values/stored-value.js';

/**
 * The value to bind for a column, in the form in which the driver stores it.
 * @throws BadLookupValueError when the value does not fit the column, so that the database never has to refuse it
 */
export function columnValue(column: ColumnModel, value: unknown, path: string): unknown {
  if (value === undefined || value === null)
    throw unfitLookup(column, path, value, `${expectation(column.kind)}; use isnull for NULL`);
  if (column.metadata.transformer) return transformed(column, value, path);
  const fitting = storedValue(column, value, path);
  return STORED_OTHERWISE.has(column.kind) ? persisted(column, fitting) : fitting;
}

/** A value that is already in the form of the column, checked. @throws BadLookupValueError when it does not fit */
export function storedValue(column: ColumnModel, value: unknown, path: string): unknown {
  const fitting = coerce(column.kind, value);
  if (fitting === undefined) throw unfitLookup(column, path, value, expectation(column.kind));
  checkRange(column, fitting, path);
  return fitting;
}

/** A value transformer decides what the property takes; what it makes of it must fit the column. */
function transformed(column: ColumnModel, value: unknown, path: string): unknown {
  const stored = attempt(column, value, path);
  if (stored === null || stored === undefined || column.kind === 'json') return stored;
  storedValue(column, stored, path);
  return stored;
}

function attempt(column: ColumnModel, value: unknown, path: string): unknown {
  try {
    return persisted(column, value);
  } catch (error) {
    throw unfitLookup(column, path, value, 'a value that its transformer accepts', { cause: error });
  }
}

/** Kinds whose checked values are not yet what the driver stores. Decimals are not rounded to the column's scale. */
const STORED_OTHERWISE: ReadonlySet<FieldKind> = new Set<FieldKind>(['boolean', 'datetime']);

function persisted({ metadata }: ColumnModel, value: unknown): unknown {
  return persistedValue(metadata, value);
}

/** What databases refuse to compare. A value that is only too long is in no row. */
function checkRange(column: ColumnModel, value: unknown, path: string): void {
  const choices = enumValues(column.metadata);
  if (choices) refuseOthers(column, path, choices, value, unfitLookup);
  const { comparable: limit } = column;
  if (limit && !limit.holds(value)) throw unfitLookup(column, path, value, limit.expects);
}
