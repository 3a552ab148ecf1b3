import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { kindOf } from '../../describe/portable-columns.js';
import { type EntityModel } from '../model/entity-model.js';

/**
 * A new row that is not stored yet, with the values and the to-one relations of another one. Its key, version, dates,
 * position and mark of deletion are its own; lists of related rows stay with the old one.
 */
export function replicateRow<T extends object>(model: EntityModel, row: T): T {
  const { metadata, description } = model;
  const copy = model.create() as T;
  for (const column of metadata.columns) {
    const { isPrimary, isCreateDate, isUpdateDate, isDeleteDate, isVersion, isVirtual, isGenerated, relationMetadata } =
      column;
    if (isPrimary || isCreateDate || isUpdateDate || isDeleteDate || isVersion || isVirtual || isGenerated) continue;
    if (column.propertyPath === description.position?.path) continue;
    const value: unknown = relationMetadata ? ownValue(row, column.propertyName) : column.getEntityValue(row);
    if (value !== undefined) column.setEntityValue(copy, apart(column, value));
  }
  for (const relation of [...metadata.manyToOneRelations, ...metadata.oneToOneRelations]) {
    const related: unknown = relation.isOwning && !relation.isLazy ? relation.getEntityValue(row) : undefined;
    if (related !== undefined) relation.setEntityValue(copy, related);
  }
  return copy;
}

function ownValue(row: object, name: string): unknown {
  return (row as Record<string, unknown>)[name];
}

/** Two rows must not share what a column holds; objects that a transformer makes are its own business. */
function apart(column: ColumnMetadata, value: unknown): unknown {
  const plain = value instanceof Date || value instanceof Uint8Array || kindOf(column) === 'json';
  return plain && !column.transformer ? (Buffer.isBuffer(value) ? Buffer.from(value) : structuredClone(value)) : value;
}
