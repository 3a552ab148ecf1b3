import { didYouMean, isSecretName } from '#core';

import { type ColumnModel } from '../model/entity-model.js';
import { BadLookupValueError, type BadValueDetails } from '../query.errors.js';

/** Whether messages must not show what was given for a column: it is declared as a secret, or has the name of one. */
export function isSecretColumn({ field, metadata }: ColumnModel): boolean {
  return field?.sensitive === true || isSecretName(metadata.propertyName);
}

/** Makes the error for a value of a column: what it would take, and what went wrong or what may have been meant. */
export type Unfit = (
  column: ColumnModel,
  path: string,
  value: unknown,
  expected: string,
  details?: Pick<BadValueDetails, 'cause' | 'hint'>,
) => BadLookupValueError;

/** The error for a value that a column cannot be compared with. */
export const unfitLookup: Unfit = (column, path, value, expected, details) =>
  new BadLookupValueError(path, value, expected, shown(column, details));

/** The error for a value that a column cannot store. */
export const unfit: Unfit = (column, path, value, expected, details) => {
  const entity = column.metadata.entityMetadata.name;
  return new BadLookupValueError(path, value, expected, { entity, ...shown(column, details) });
};

/** Refuses a value that is none of those of an enum. @throws BadLookupValueError */
export function refuseOthers(
  column: ColumnModel,
  path: string,
  choices: readonly (string | number)[],
  value: unknown,
  unfit: Unfit,
): void {
  const names = choices.map(String);
  if (names.includes(String(value))) return;
  const hint = didYouMean(String(value), names) || undefined;
  throw unfit(column, path, value, `one of ${names.join(', ')}`, { hint });
}

/** Of a secret neither the value nor anything that speaks of it. */
function shown(column: ColumnModel, details: BadValueDetails = {}): BadValueDetails {
  return isSecretColumn(column) ? { hidden: true } : details;
}
