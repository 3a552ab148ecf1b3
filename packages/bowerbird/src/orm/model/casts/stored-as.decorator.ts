import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { NoteKey, type AnyClass } from '#core';

/** Turns the value of a property into what its column stores, and back. Null and undefined pass by it. */
export interface ColumnCast<V, S = unknown> {
  toStored(value: V): S;
  fromStored(stored: S): V;
}

/** The cast of a property. */
const CAST_NOTE = new NoteKey<ColumnCast<unknown>>('column cast');

/**
 * Keeps a property in another form than code sees it: `@StoredAs(money) @Column('json') price: Money`. Stands beside
 * `@Column`, whose type is that of the stored form. Lookups and updates take the property's own values.
 */
export function StoredAs<V, S>(cast: ColumnCast<V, S>): PropertyDecorator {
  return (target, property) => CAST_NOTE.write(target, cast, property);
}

/** The cast of a column, where it has one. */
export function castOf(column: ColumnMetadata): ColumnCast<unknown> | undefined {
  const owner = ownerOf(column);
  return typeof owner === 'function' ? CAST_NOTE.read(owner.prototype as object, column.propertyName) : undefined;
}

/** The class that declares a column: the entity, or an embedded class. */
export function ownerOf({ embeddedMetadata, entityMetadata }: ColumnMetadata): AnyClass {
  return (embeddedMetadata?.type ?? entityMetadata.target) as AnyClass;
}
