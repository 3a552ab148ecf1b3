import { didYouMean } from '#core';

import { type FieldKind } from '../../describe/entity-description.js';
import { enumValues } from '../../describe/portable-columns.js';
import { type ColumnModel } from '../model/entity-model.js';
import { BadLookupValueError } from '../query.errors.js';
import { coerce, expectation } from './coerce.js';

/** Smallest and largest value of the integer types, by their name in any of the databases. */
const INTEGER_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  tinyint: [-128, 127],
  smallint: [-32_768, 32_767],
  int2: [-32_768, 32_767],
  mediumint: [-8_388_608, 8_388_607],
  int: [-2_147_483_648, 2_147_483_647],
  integer: [-2_147_483_648, 2_147_483_647],
  int4: [-2_147_483_648, 2_147_483_647],
};

const SINGLE_PRECISION: ReadonlySet<string> = new Set(['real', 'float4']);

/**
 * The value to bind for a column, in the form in which the driver stores it.
 * @throws BadLookupValueError when the value does not fit the column, so that the database never has to refuse it
 */
export function columnValue(column: ColumnModel, value: unknown, path: string): unknown {
  if (value === undefined || value === null)
    throw new BadLookupValueError(path, value, `${expectation(column.kind)}; use isnull for NULL`);
  if (column.metadata.transformer) return transformed(column, value, path);
  const fitting = storedValue(column, value, path);
  return STORED_OTHERWISE.has(column.kind) ? persisted(column, fitting) : fitting;
}

/** The value to store in a column by an update; null where the column allows it. @throws BadLookupValueError */
export function assignedValue(column: ColumnModel, value: unknown, path: string): unknown {
  if (value === null && column.nullable) return null;
  if (value === undefined || value === null) throw new BadLookupValueError(path, value, expectation(column.kind));
  if (column.metadata.transformer) return transformed(column, value, path);
  return persisted(column, column.kind === 'json' ? value : storedValue(column, value, path));
}

/** A value that is already in the form of the column, checked. @throws BadLookupValueError when it does not fit */
export function storedValue(column: ColumnModel, value: unknown, path: string): unknown {
  const fitting = coerce(column.kind, value);
  if (fitting === undefined) throw new BadLookupValueError(path, value, expectation(column.kind));
  checkRange(column, fitting, path);
  return fitting;
}

/** A value transformer decides what the property takes; what it makes of it must fit the column. */
function transformed(column: ColumnModel, value: unknown, path: string): unknown {
  const stored = attempt(() => persisted(column, value), path, value);
  if (stored === null || stored === undefined || column.kind === 'json') return stored;
  storedValue(column, stored, path);
  return stored;
}

function attempt(work: () => unknown, path: string, value: unknown): unknown {
  try {
    return work();
  } catch (error) {
    throw new BadLookupValueError(path, value, 'a value that its transformer accepts', error);
  }
}

/** Kinds whose checked values are not yet what the driver stores. Decimals are not rounded to the column's scale. */
const STORED_OTHERWISE: ReadonlySet<FieldKind> = new Set<FieldKind>(['boolean', 'datetime']);

function persisted({ metadata }: ColumnModel, value: unknown): unknown {
  const stored: unknown = metadata.entityMetadata.dataSource.driver.preparePersistentValue(value, metadata);
  return stored;
}

function checkRange({ kind, metadata }: ColumnModel, value: unknown, path: string): void {
  const choices = enumValues(metadata);
  if (choices) checkEnum(choices, value, path);
  const { driver } = metadata.entityMetadata.dataSource;
  if (driver.options.type === 'better-sqlite3' || (kind !== 'integer' && kind !== 'float')) return;
  const type = driver.normalizeType(metadata);
  if (kind === 'float' && SINGLE_PRECISION.has(type) && !Number.isFinite(Math.fround(value as number)))
    throw new BadLookupValueError(path, value, 'a number of single precision');
  const range = INTEGER_RANGES[type];
  if (kind === 'integer' && range) checkInteger(value as number, range, metadata.unsigned, path);
}

function checkInteger(value: number, [least, most]: readonly [number, number], unsigned: boolean, path: string): void {
  const [from, to] = unsigned ? [0, most - least] : [least, most];
  if (value < from || value > to) throw new BadLookupValueError(path, value, `an integer from ${from} to ${to}`);
}

function checkEnum(values: readonly (string | number)[], value: unknown, path: string): void {
  const names = values.map(String);
  if (names.includes(String(value))) return;
  throw new BadLookupValueError(path, value, `one of ${names.join(', ')}. ${didYouMean(String(value), names)}`.trim());
}
