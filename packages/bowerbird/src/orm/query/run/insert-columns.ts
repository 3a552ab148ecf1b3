import { randomUUID } from 'node:crypto';

import { keyValues } from '../lookups/key-values.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { persistedValue } from '../values/persisted-value.js';
import { storerOf } from '../values/stored-value.js';

export { storerOf };

/** Stands for a value that the row does not give, so that the database does. */
export const UNSET: unique symbol = Symbol('unset');

/** A column that new rows fill. */
export interface InsertColumn {
  readonly column: ColumnModel;
  /** What is stored for a row: its value, one that is made here, or {@link UNSET}. @throws BadLookupValueError */
  readonly cell: (row: object) => unknown;
}

/** The columns of an entity that an insert writes. */
export function insertColumns(model: EntityModel): readonly InsertColumn[] {
  return model.metadata.columns
    .filter(({ isInsert, isVirtualProperty }) => isInsert && !isVirtualProperty)
    .map((metadata) => insertColumn(model, model.column(metadata)));
}

function insertColumn(model: EntityModel, column: ColumnModel): InsertColumn {
  const read = readerOf(model, column);
  const store = storerOf(column);
  const make = makerOf(model, column);
  const generated = column.metadata.isGenerated;
  if (column.metadata.isDiscriminator) return { column, cell: make };
  const cell = (row: object): unknown => {
    const value = read(row);
    if (value === undefined || (generated && value === null)) return make();
    return store(value);
  };
  return { column, cell };
}

/** Reads the property; of a relation the key that its row has. */
export function readerOf(model: EntityModel, column: ColumnModel): (row: object) => unknown {
  const { metadata } = column;
  const { relationMetadata: relation, referencedColumn: referenced, propertyName } = metadata;
  if (relation && referenced) return referenceReader(model, column);
  if (metadata.embeddedMetadata) return (row) => metadata.getEntityValue(row) as unknown;
  return (row) => (row as Record<string, unknown>)[propertyName];
}

function referenceReader(model: EntityModel, column: ColumnModel): (row: object) => unknown {
  const { metadata } = column;
  const { path, pairs } = model.relation(metadata.relationMetadata!.propertyPath)!;
  const place = pairs.findIndex(({ own }) => own === column);
  const targets = pairs.map(({ target }) => target);
  return (row) => {
    const held: unknown = metadata.relationMetadata!.getEntityValue(row);
    if (held === null) return null;
    if (held !== undefined) return keyValues(targets, held, path)[place];
    return column.property ? (metadata.getEntityValue(row) as unknown) : undefined;
  };
}

/** What a row gets that has no value: most often nothing, so that the database decides. */
function makerOf(model: EntityModel, { metadata }: ColumnModel): () => unknown {
  const { driver } = metadata.entityMetadata.dataSource;
  if (metadata.isDiscriminator) return () => model.metadata.discriminatorValue;
  if (metadata.isVersion) return () => 1;
  if (metadata.generationStrategy === 'uuid' && !driver.isUUIDGenerationSupported()) return randomUUID;
  if (!metadata.transformer) return () => UNSET;
  return () => {
    const made = persistedValue(metadata, undefined);
    return made === undefined || made === null ? UNSET : made;
  };
}
