import { type EntityListenerMetadata } from 'typeorm/metadata/EntityListenerMetadata.js';
import { type RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';

import { UnknownPathError } from '../../orm.errors.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { QueryUsageError } from '../query.errors.js';

/** Makes the instances to be stored; those that are instances already stay themselves. @throws UnknownPathError, QueryUsageError */
export async function newRows(engine: QueryEngine, model: EntityModel, values: readonly object[]): Promise<object[]> {
  const { metadata, description } = model;
  if (description.tree)
    throw new QueryUsageError(`${model.name} is a tree, whose rows have places of their own`, {
      hint: 'Save its rows one by one',
    });
  const links = metadata.relations.filter(({ isOwning, isManyToMany }) => !isOwning || isManyToMany);
  const rows = values.map((value) => newRow(engine, model, value));
  for (const relation of metadata.lazyRelations) for (const row of rows) await settle(relation, row);
  for (const row of rows)
    for (const relation of links) {
      const linked: unknown = relation.getEntityValue(row);
      if (linked !== undefined && linked !== null && !(Array.isArray(linked) && linked.length === 0))
        throw new QueryUsageError(`"${relation.propertyPath}" of ${model.name} is not stored in its rows`, {
          hint: 'Use create(), or link the rows afterwards with related()',
        });
    }
  return rows;
}

/** Puts the rows of a relation that is a promise in the place where they are read. Touching the property would load it. */
async function settle(relation: RelationMetadata, row: object): Promise<void> {
  const { propertyName: name, embeddedMetadata } = relation;
  if (embeddedMetadata) return;
  const given: unknown =
    Object.getOwnPropertyDescriptor(row, name)?.value ?? (row as Record<string, unknown>)[`__promise_${name}__`];
  if (given instanceof Promise) relation.setEntityValue(row, await given);
}

function newRow({ source }: QueryEngine, model: EntityModel, values: object): object {
  const { metadata } = model;
  const { constructor } = values;
  if (values instanceof (metadata.target as new () => object)) {
    const { dataSource } = source;
    if (!dataSource.hasMetadata(constructor) || dataSource.getMetadata(constructor) === metadata) return values;
    throw new QueryUsageError(`A ${constructor.name} is no row for a query of ${model.name}`, {
      hint: `Use the query set of ${constructor.name}`,
    });
  }
  return withRelatedRows(model, filledRow(model, model.create(), values));
}

/**
 * A new row with some values, which name its columns and relations, or properties that its class gives to each row.
 * Instances may have others, which are not stored. @throws UnknownPathError
 */
export function filledRow<R extends object>(model: EntityModel, row: R, values: object): R {
  const { target, propertiesMap } = model.metadata;
  const plain = !(values instanceof (target as new () => object));
  for (const name of plain ? Object.keys(values) : [])
    if (!(name in propertiesMap) && !(name in row)) throw new UnknownPathError(model.name, name, model.knownNames());
  return Object.assign(row, values);
}

/** Puts rows in the place of keys that relations of a new row are given by. */
export function withRelatedRows<R extends object>({ metadata }: EntityModel, row: R): R {
  for (const relation of [...metadata.manyToOneRelations, ...metadata.oneToOneRelations]) {
    if (!relation.isOwning || relation.isLazy) continue;
    const key: unknown = relation.getEntityValue(row);
    if (key === undefined || key === null || typeof key === 'object') continue;
    const target = relation.inverseEntityMetadata.create() as object;
    const [column, ...more] = relation.joinColumns;
    if (more.length > 0) continue;
    column!.referencedColumn!.setEntityValue(target, key);
    relation.setEntityValue(row, target);
  }
  return row;
}

/** Runs methods of an entity, such as those marked with `@BeforeInsert`. */
export async function runListeners(
  listeners: readonly EntityListenerMetadata[],
  rows: readonly object[],
): Promise<void> {
  for (const listener of listeners) for (const row of rows) if (listener.isAllowed(row)) await listener.execute(row);
}
