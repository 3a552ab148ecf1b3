import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';

/** A property that TypeORM's `@RelationId` fills with the key of a related row, and the columns on both sides. */
export interface RelationIdProperty {
  readonly name: string;
  readonly own: ColumnModel;
  readonly target: ColumnModel;
}

/** The properties with keys of related rows that the own table holds, each in one column. */
export function relationIdsOf(model: EntityModel): readonly RelationIdProperty[] {
  return model.metadata.relationIds.flatMap(({ propertyName: name, relation: { propertyPath } }) => {
    const relation = model.relation(propertyPath);
    const [pair, ...others] = relation?.owning ? relation.pairs : [];
    return pair && others.length === 0 ? [{ name, ...pair }] : [];
  });
}
