import { runWith } from '#core';

import { keyText } from '../content-types/generic-key.js';
import { TOLERANT } from '../hydrate/accessors.js';
import { converterOf } from '../hydrate/converters.js';
import { keyName } from '../hydrate/key-name.js';
import { type Owner } from '../hydrate/prefetch.js';
import { ownColumns } from '../hydrate/select-entity.js';
import { type RawKey } from '../query/compile/keys.js';
import { columnValue } from '../query/lookups/column-value.js';
import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { QueryUsageError } from '../query/query.errors.js';

/** What is on an entity; undefined where a relation is not loaded. */
export function valueOf(entity: object, { metadata }: RelationModel): unknown {
  return runWith(TOLERANT, true, () => metadata.getEntityValue(entity) as unknown);
}

/** The values of some columns of an entity; undefined where they were not loaded. */
export function valuesOf(entity: object, columns: readonly ColumnModel[]): unknown[] {
  return runWith(TOLERANT, true, () => columns.map(({ metadata }) => metadata.getEntityValue(entity) as unknown));
}

/** The key of a row in the form of the driver, and its name. @throws QueryUsageError for a row without a key */
export function keyOf(
  entity: object,
  columns: readonly ColumnModel[],
  model: EntityModel,
): Pick<Owner, 'key' | 'name'> {
  const values = valuesOf(entity, columns);
  if (values.some((value) => value === undefined || value === null))
    throw new QueryUsageError(`This ${model.name} has no key yet, so that nothing refers to it`, {
      hint: 'Save the row before loading its relations',
    });
  const key = columns.map((column, index) => columnValue(column, values[index], column.path));
  return { key, name: keyName(values) };
}

/** A row with the key by which its related rows are found. @throws QueryUsageError for a row without a key */
export function ownerOf(entity: object, relation: RelationModel): Owner {
  const { from, generic } = relation;
  const own = keyOf(entity, ownColumns(relation), from);
  if (!generic) return { entity, ...own };
  const text = keyText(from.description.keyOf(entity));
  return { entity, key: [text], name: text };
}

/** Rows with the keys that they refer to; undefined unless those are properties of theirs and loaded. */
export function knownOwners(rows: readonly object[], relation: RelationModel): Owner[] | undefined {
  const columns = ownColumns(relation);
  if (!columns.every(({ property }) => property)) return undefined;
  const values = rows.map((row) => valuesOf(row, columns));
  if (values.some((key) => key.includes(undefined))) return undefined;
  return rows.map((entity, index) =>
    values[index]!.includes(null) ? { entity, key: [null], name: '' } : ownerOf(entity, relation),
  );
}

/** The rows that a loaded relation of some rows leads to, each once. */
export function relatedRows(rows: readonly object[], relation: RelationModel): object[] {
  const values = rows.flatMap((row) => valueOf(row, relation) as object | readonly object[] | null | undefined);
  return [...new Set(values.filter((value): value is object => value !== null && value !== undefined))];
}

/** The name of a key as the driver gives it, equal to that of the property's values. */
export function convertedName(key: RawKey, relation: RelationModel): string {
  if (relation.generic) return keyName(key);
  const columns = ownColumns(relation);
  return keyName(
    key.map((value, index) => {
      const convert = converterOf(columns[index]!.metadata);
      return convert ? convert(value) : value;
    }),
  );
}
