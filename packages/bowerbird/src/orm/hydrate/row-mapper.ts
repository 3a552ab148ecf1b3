import { type RelationModel } from '../query/model/relation-model.js';
import { type RawRow } from '../query/query-engine.js';
import { LoadGroup, type Loader } from '../relations/load-group.js';
import { compileAssigner, type Assigner } from './assigner.js';
import { converterOf } from './converters.js';
import { type EntityColumns } from './entity-columns.js';
import { creatorOf, type Fields } from './entity-shell.js';
import { relationIdsOf } from './relation-ids.js';
import { subclassesOf } from './subclasses.js';

/** Makes entities of the raw rows of one result, which will be loaded together whatever is asked of one of them. */
export type RowMapper = (rows: readonly RawRow[], loader: Loader) => object[];

/** The groups of one result: one for each entity of the statement, by its number. */
type Groups = LoadGroup[];

type NodeMapper = (row: RawRow, groups: Groups) => object;

/** Compiles the mapper of an entity and of what was joined to it. Runs once per query shape. */
export function compileMapper(columns: EntityColumns): RowMapper {
  const nodes: EntityColumns[] = [];
  const map = compileNode(columns, nodes);
  return (rows, loader) => {
    const groups = nodes.map(({ strict }) => new LoadGroup(loader, strict));
    return rows.map((row) => map(row, groups));
  };
}

function compileNode(columns: EntityColumns, nodes: EntityColumns[]): NodeMapper {
  const classes = subclassesOf(columns);
  if (!classes) return compileClass(columns, nodes);
  const { alias, byValue } = classes;
  const mappers = new Map([...byValue].map(([value, own]) => [value, compileClass(own, nodes)]));
  const unknown = compileClass(columns, nodes);
  return (row, groups) => (mappers.get(String(row[alias])) ?? unknown)(row, groups);
}

/** Rows of each class are a group of their own. */
function compileClass(columns: EntityColumns, nodes: EntityColumns[]): NodeMapper {
  const number = nodes.push(columns) - 1;
  const create = creatorOf(columns);
  const assignColumns = columnsAssigner(columns);
  const joined = columns.related.map(({ relation, columns }) => relatedAssigner(relation, columns, nodes));
  return (row, groups) => {
    const entity = create();
    assignColumns(entity, row);
    groups[number] = groups[number]!.take(entity);
    for (const assign of joined) assign(entity, row, groups);
    return entity;
  };
}

/** What fills the properties of an entity: its columns and the keys of related rows that it shows by `@RelationId`. */
function columnsAssigner({ model, properties, aliases }: EntityColumns): Assigner {
  const ids = relationIdsOf(model).flatMap(({ name, own, target }) => {
    const alias = aliases.get(own);
    return alias === undefined ? [] : [{ name, alias, convert: converterOf(target.metadata) }];
  });
  const columns = properties.map((column) => ({
    name: column.metadata.propertyName,
    alias: aliases.get(column)!,
    convert: converterOf(column.metadata),
    embedded: column.metadata.embeddedMetadata ? column.metadata : undefined,
  }));
  return compileAssigner([...columns, ...ids]);
}

function relatedAssigner(
  relation: RelationModel,
  columns: EntityColumns,
  nodes: EntityColumns[],
): (entity: Fields, row: RawRow, groups: Groups) => void {
  const map = compileNode(columns, nodes);
  const key = columns.aliases.get(columns.model.primary[0]!)!;
  return (entity, row, groups) => setRelated(relation, entity, row[key] === null ? null : map(row, groups));
}

/**
 * Puts related rows on an entity, also where the relation is lazy or belongs to an embedded object. Those of one that a
 * query has narrowed go by its name there.
 */
export function setRelated({ metadata, narrowed, path }: RelationModel, entity: object, value: unknown): void {
  if (narrowed) (entity as Fields)[path] = value;
  else if (metadata.isLazy || metadata.embeddedMetadata) metadata.setEntityValue(entity, value);
  else (entity as Fields)[metadata.propertyName] = value;
}
