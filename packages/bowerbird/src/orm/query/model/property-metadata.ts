import { type RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';

import { type EntityModel } from './entity-model.js';

/** What is asked of the property of a relation that TypeORM knows nothing of. */
export function propertyMetadata({ metadata: { target } }: EntityModel, path: string): RelationMetadata {
  return {
    target,
    propertyName: path,
    propertyPath: path,
    isLazy: false,
    embeddedMetadata: undefined,
    getEntityValue: (entity: Record<string, unknown>) => entity[path],
  } as unknown as RelationMetadata;
}
