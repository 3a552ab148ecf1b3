import { type EntityMetadata } from 'typeorm';

import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { type EntityColumns } from './entity-columns.js';

/** Entities that share a table with the one that was asked for: single-table inheritance. */
export interface Subclasses {
  /** The alias of the column that tells the class of a row. */
  readonly alias: string;
  readonly byValue: ReadonlyMap<string, EntityColumns>;
}

/** What is loaded of each class whose rows may be among those of an entity; undefined where there is only one. */
export function subclassesOf(columns: EntityColumns): Subclasses | undefined {
  const { metadata, modelOf } = columns.model;
  const alias = metadata.discriminatorColumn && columns.aliases.get(columns.model.column(metadata.discriminatorColumn));
  if (metadata.childEntityMetadatas.length === 0 || !alias) return undefined;
  const below = descendants(metadata).map((child): [string, EntityColumns] => [
    String(child.discriminatorValue),
    columnsOf(columns, modelOf(child)),
  ]);
  return { alias, byValue: new Map([...below, [String(metadata.discriminatorValue), ownOf(columns)]]) };
}

/** Whether rows of an entity may be of several classes. */
function hasSubclasses({ metadata }: EntityModel): boolean {
  return metadata.childEntityMetadatas.length > 0 && metadata.discriminatorColumn !== undefined;
}

/** What tells the class of a row. */
export function classColumns(model: EntityModel): ColumnModel[] {
  return hasSubclasses(model) ? [model.column(model.metadata.discriminatorColumn!)] : [];
}

/** Whether the class of a row has a relation that was asked of the entity above it. */
export function hasRelation(entity: object, { from, metadata }: RelationModel): boolean {
  if (!hasSubclasses(from) || metadata.embeddedMetadata) return true;
  return entity instanceof (metadata.target as abstract new () => object);
}

function descendants({ childEntityMetadatas: children }: EntityMetadata): EntityMetadata[] {
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function columnsOf(columns: EntityColumns, model: EntityModel): EntityColumns {
  const { metadata } = model;
  return narrowed(
    { ...columns, model },
    (path) => metadata.findColumnWithPropertyPath(path) !== undefined,
    (path) => model.relation(path) !== undefined,
  );
}

/** TypeORM adds what the classes below declare to the one that owns the table. */
function ownOf(columns: EntityColumns): EntityColumns {
  const { metadata } = columns.model;
  const foreign = new Set(descendants(metadata).map(({ target }) => target));
  const own = (declared: readonly { readonly propertyPath: string; readonly target: unknown }[]): Set<string> =>
    new Set(declared.filter(({ target }) => !foreign.has(target as never)).map(({ propertyPath }) => propertyPath));
  const fields = own(metadata.columns);
  const relations = own(metadata.relations);
  return narrowed(
    columns,
    (path) => fields.has(path),
    (path) => relations.has(path),
  );
}

function narrowed(
  columns: EntityColumns,
  hasField: (path: string) => boolean,
  hasRelation: (path: string) => boolean,
): EntityColumns {
  return {
    ...columns,
    properties: columns.properties.filter(({ path }) => hasField(path)),
    deferred: columns.deferred.filter(({ path }) => hasField(path)),
    related: columns.related.filter(({ relation }) => hasRelation(relation.path)),
    later: columns.later.filter(({ path }) => hasRelation(path)),
    relations: relationsOf(columns.model).filter(({ path }) => hasRelation(path)),
  };
}

/** Every relation of an entity. */
export function relationsOf(model: EntityModel): readonly RelationModel[] {
  return model.metadata.relations.map(({ propertyPath }) => model.relation(propertyPath)!);
}
