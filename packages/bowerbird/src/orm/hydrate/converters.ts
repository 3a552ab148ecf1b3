import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { type FieldKind } from '../describe/entity-description.js';
import { adaptedKind } from '../describe/portable-columns.js';
import { parseMoment } from './moments.js';

/** Makes the value of a property of the driver's value. */
export type Converter = (value: unknown) => unknown;

/** Whether a short way serves a value; TypeORM's own takes any. */
type Shortcut = (value: unknown, slow: Converter) => unknown;

const same: Shortcut = (value) => value;
const bigint: Shortcut = (value) => (typeof value === 'number' ? String(value) : value);
const boolean: Shortcut = (value) => (value === null || value === undefined ? value : Boolean(value));
const date: Shortcut = (value, slow) => (typeof value === 'string' || value === null ? value : slow(value));
const datetime: Shortcut = (value, slow) => {
  if (value === null || value instanceof Date) return value;
  return (typeof value === 'string' && parseMoment(value)) || slow(value);
};

/** Kinds whose values TypeORM takes a long way to convert; the result is the same. */
const SHORTCUTS: Partial<Readonly<Record<FieldKind, Shortcut>>> = {
  string: same,
  text: same,
  integer: same,
  float: same,
  decimal: same,
  uuid: same,
  enum: same,
  binary: same,
  bigint,
  boolean,
  date,
  datetime,
};

/**
 * What turns the driver's value of a column into that of the property, or undefined when they are the same. Equal to
 * what TypeORM does, so that entities do not depend on how they were loaded.
 */
export function converterOf(column: ColumnMetadata): Converter | undefined {
  const kind = column.transformer ? undefined : adaptedKind(column);
  const shortcut = kind && SHORTCUTS[kind];
  if (shortcut === same) return undefined;
  const { driver } = column.entityMetadata.dataSource;
  const slow: Converter = (value) => driver.prepareHydratedValue(value, column) as unknown;
  return shortcut ? (value) => shortcut(value, slow) : slow;
}
