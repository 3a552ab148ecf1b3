import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** Makes the value of a property of the driver's value. */
export type Converter = (value: unknown) => unknown;

/** Types whose values every driver already gives as the property has them. */
const PLAIN_TYPES: ReadonlySet<unknown> = new Set([
  String,
  'varchar',
  'char',
  'text',
  'longtext',
  'mediumtext',
  'character varying',
  'uuid',
  'int',
  'integer',
  'int4',
  'smallint',
  'double',
  'double precision',
  'real',
  'float',
]);

/**
 * What turns the driver's value of a column into that of the property, or undefined when they are the same. Equal to
 * what TypeORM does, so that entities do not depend on how they were loaded.
 */
export function converterOf(column: ColumnMetadata): Converter | undefined {
  if (!column.transformer && PLAIN_TYPES.has(column.type)) return undefined;
  const { driver } = column.entityMetadata.dataSource;
  return (value) => driver.prepareHydratedValue(value, column) as unknown;
}
