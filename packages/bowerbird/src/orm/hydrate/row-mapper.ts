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

type Fields = Record<string, unknown>;

/** Compiles the mapper of an entity and of what was joined to it. Runs once per query shape. */
export function compileMapper(columns: EntityColumns): RowMapper {
  const create = creatorOf(columns.model);
  const assignColumns = columnsAssigner(columns);
  const joined = columns.related.map(({ relation, columns }) => relatedAssigner(relation, columns));
  return (row) => {
    const entity = create();
    assignColumns(entity, row);
    for (const assign of joined) assign(entity, row);
    return entity;
  };
}

/** As TypeORM makes entities: by their constructor, with lazy relations prepared. */
function creatorOf({ metadata }: EntityModel): () => Fields {
  if (metadata.lazyRelations.length > 0) return () => metadata.create(undefined, { fromDeserializer: true });
  const Target = metadata.target as new () => Fields;
  return () => new Target();
}

/** One loop and no closure for each column: this runs for every value that is read. */
function columnsAssigner({ properties, aliases }: EntityColumns): (entity: Fields, row: RawRow) => void {
  const columns = properties.map((column) => ({
    name: column.metadata.propertyName,
    alias: aliases.get(column)!,
    convert: converterOf(column.metadata),
    embedded: column.metadata.embeddedMetadata ? column.metadata : undefined,
  }));
  return (entity, row) => {
    for (let index = 0; index < columns.length; index += 1) {
      const { name, alias, convert, embedded } = columns[index]!;
      const value = convert ? convert(row[alias]) : row[alias];
      if (embedded) embedded.setEntityValue(entity, value);
      else entity[name] = value;
    }
  };
}

function relatedAssigner(relation: RelationModel, columns: EntityColumns): (entity: Fields, row: RawRow) => void {
  const map = compileMapper(columns);
  const key = columns.aliases.get(columns.model.primary[0]!)!;
  return (entity, row) => setRelated(relation, entity, row[key] === null ? null : map(row));
}

/** Puts related rows on an entity, also where the relation is lazy or belongs to an embedded object. */
export function setRelated({ metadata }: RelationModel, entity: object, value: unknown): void {
  if (metadata.isLazy || metadata.embeddedMetadata) metadata.setEntityValue(entity, value);
  else (entity as Fields)[metadata.propertyName] = value;
}
