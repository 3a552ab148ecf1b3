import { type RelationDescription } from '../../describe/entity-description.js';
import { type EntityModel } from './entity-model.js';
import { type RelationModel } from './relation-model.js';

/** What ties rows of two tables by columns, with or without a path that queries know. */
export type KeyModel = Pick<RelationModel, 'from' | 'target' | 'pairs' | 'junction'>;

/** A foreign key that is no relation, as its description has it. */
export function foreignKeyModel(from: EntityModel, { target: entity, columns }: RelationDescription): KeyModel {
  const names = columns.map(({ column }) => column).join();
  const key = from.metadata.foreignKeys.find(
    ({ referencedEntityMetadata, columnNames }) =>
      referencedEntityMetadata.target === entity && columnNames.join() === names,
  )!;
  const target = from.modelOf(key.referencedEntityMetadata);
  const pairs = key.columns.map((column, index) => ({
    own: from.column(column),
    target: target.column(key.referencedColumns[index]!),
  }));
  return { from, target, pairs, junction: undefined };
}
