import { type RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';

import { throughOf } from '../../relations/through.js';
import { type ColumnModel, type EntityModel } from './entity-model.js';
import { propertyMetadata } from './property-metadata.js';
import { type JunctionColumn, type RelationModel } from './relation-model.js';

/**
 * The rows that rows of an entity between both sides link to, as a many-to-many relation; undefined where the name is
 * none. @throws UnfitThroughError
 */
export function throughRelation(model: EntityModel, path: string): RelationModel | undefined {
  const through = throughOf(model.metadata, path);
  if (!through) return undefined;
  const [links, target] = [through.entity, through.target.inverseEntityMetadata].map(model.modelOf);
  const columns = ({ joinColumns }: RelationMetadata, of: EntityModel): JunctionColumn[] =>
    joinColumns.map(({ databaseName, referencedColumn }) => ({
      name: databaseName,
      references: columnNamed(of, referencedColumn!.databaseName),
    }));
  return {
    path,
    many: true,
    owning: false,
    optional: true,
    from: model,
    target: target!,
    pairs: [],
    junction: { table: links!.table, own: columns(through.own, model), target: columns(through.target, target!) },
    metadata: propertyMetadata(model, path),
  };
}

/** Entities that share a table have the column each as their own. */
function columnNamed(model: EntityModel, name: string): ColumnModel {
  return model.column(model.metadata.columns.find(({ databaseName }) => databaseName === name)!);
}
