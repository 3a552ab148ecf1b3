import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { type RawRow } from '../query/query-engine.js';
import { converterOf } from './converters.js';

/** Where the columns of one entity are in a raw row. */
export interface EntityColumns {
  readonly model: EntityModel;
  /** Columns that become properties. */
  readonly properties: readonly ColumnModel[];
  /** The alias of every selected column; those of keys are there even when no property holds them. */
  readonly aliases: ReadonlyMap<ColumnModel, string>;
  /** Related rows that the same statement joined. */
  readonly related: readonly { readonly relation: RelationModel; readonly columns: EntityColumns }[];
}

/** Makes an entity of a raw row. */
export type RowMapper = (row: RawRow) => object;

/** One step of a mapper: takes what it needs from the row and puts it on the entity. */
type Assignment = (entity: Record<string, unknown>, row: RawRow) => void;

/** Compiles the mapper of an entity and of what was joined to it. Runs once per query shape. */
export function compileMapper(columns: EntityColumns): RowMapper {
  const assignments = [
    ...columns.properties.map((column) => assignColumn(column, columns.aliases.get(column)!)),
    ...columns.related.map(({ relation, columns }) => assignRelated(relation, columns)),
  ];
  const create = creatorOf(columns.model);
  return (row) => {
    const entity = create();
    for (const assign of assignments) assign(entity, row);
    return entity;
  };
}

/** As TypeORM makes entities: by their constructor, with lazy relations prepared. */
function creatorOf({ metadata }: EntityModel): () => Record<string, unknown> {
  if (metadata.lazyRelations.length > 0) return () => metadata.create(undefined, { fromDeserializer: true });
  const Target = metadata.target as new () => Record<string, unknown>;
  return () => new Target();
}

function assignColumn({ metadata }: ColumnModel, alias: string): Assignment {
  const convert = converterOf(metadata);
  if (metadata.embeddedMetadata) return assignEmbedded(metadata, alias, convert);
  const name = metadata.propertyName;
  if (!convert) return (entity, row) => (entity[name] = row[alias]);
  return (entity, row) => (entity[name] = convert(row[alias]));
}

function assignEmbedded(
  metadata: ColumnMetadata,
  alias: string,
  convert: ((value: unknown) => unknown) | undefined,
): Assignment {
  return (entity, row) => metadata.setEntityValue(entity, convert ? convert(row[alias]) : row[alias]);
}

function assignRelated(relation: RelationModel, columns: EntityColumns): Assignment {
  const map = compileMapper(columns);
  const key = columns.aliases.get(columns.model.primary[0]!)!;
  return (entity, row) => setRelated(relation, entity, row[key] === null ? null : map(row));
}

/** Puts related rows on an entity, also where the relation is lazy or belongs to an embedded object. */
export function setRelated({ metadata }: RelationModel, entity: object, value: unknown): void {
  if (metadata.isLazy || metadata.embeddedMetadata) metadata.setEntityValue(entity, value);
  else (entity as Record<string, unknown>)[metadata.propertyName] = value;
}
