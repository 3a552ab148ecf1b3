import { type EntityDescription } from '../describe/entity-description.js';
import { type RefusedValue } from '../drivers/database-driver.js';
import { RefusedValueError } from '../query/query.errors.js';
import { type FailedTable } from './failed-table.js';
import { unfitFields } from './unfit-values.js';

/** The error for a value that the database refused, with the fields that are concerned as far as it tells. */
export function refusedValueError(
  { columns = [] }: RefusedValue,
  { entities: [entity] }: FailedTable,
  cause: Error,
): RefusedValueError {
  if (!entity) return new RefusedValueError(`The database refused a value: ${cause.message}`, [], { cause });
  const named = columns.flatMap((column) => pathOf(column, entity) ?? []);
  const fields = named.length > 0 ? named : unfitFields(cause, entity);
  const place = fields.length > 0 ? `${fields.join(', ')} of ${entity.name}` : entity.name;
  return new RefusedValueError(`The database refused a value for ${place}: ${cause.message}`, fields, { cause });
}

/** The path that a column belongs to: of a relation rather than of its key field. */
function pathOf(column: string, { relations, fields }: EntityDescription): string | undefined {
  const relation = relations.find(({ columns }) => columns.some((own) => own.column === column));
  return relation?.path ?? fields.find((field) => field.column === column)?.path;
}
