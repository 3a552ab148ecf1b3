import { isSecretName } from '#core';

import { type ColumnModel } from '../model/entity-model.js';
import { BadLookupValueError } from '../query.errors.js';

/** Whether messages must not show what was given for a column: it is declared as a secret, or has the name of one. */
export function isSecretColumn({ field, metadata }: ColumnModel): boolean {
  return field?.sensitive === true || isSecretName(metadata.propertyName);
}

/** The error for a value that a column cannot be compared with. */
export function unfitLookup(
  column: ColumnModel,
  path: string,
  value: unknown,
  expected: string,
  cause?: unknown,
): BadLookupValueError {
  const hidden = isSecretColumn(column);
  return new BadLookupValueError(path, value, expected, { hidden, cause: hidden ? undefined : cause });
}

/** The error for a value that a column cannot store. */
export function unfit(
  column: ColumnModel,
  path: string,
  value: unknown,
  expected: string,
  cause?: unknown,
): BadLookupValueError {
  const hidden = isSecretColumn(column);
  const entity = column.metadata.entityMetadata.name;
  return new BadLookupValueError(path, value, expected, { entity, hidden, cause: hidden ? undefined : cause });
}
