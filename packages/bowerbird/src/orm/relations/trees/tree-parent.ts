import { type EntityModel } from '../../query/model/entity-model.js';
import { type RelationModel } from '../../query/model/relation-model.js';
import { QueryUsageError } from '../../query/query.errors.js';

/**
 * The reference of a row to the one above: the named one, that of `@TreeParent`, or the only one of the entity to itself.
 * @throws QueryUsageError when there is none or several
 */
export function parentOf(model: EntityModel, path?: string): RelationModel {
  const { metadata } = model;
  const references = metadata.relations
    .map(({ propertyPath }) => model.relation(propertyPath)!)
    .filter(({ owning, target }) => owning && target === model);
  const named = path ?? metadata.treeParentRelation?.propertyPath;
  const found = named ? references.filter((one) => one.path === named) : references;
  if (found.length === 1 && refersToKey(found[0]!)) return found[0]!;
  const names = references.map((one) => one.path).join(', ') || 'none';
  throw new QueryUsageError(`${model.name} has no one reference to its own key that makes it a tree`, {
    hint: `References of it to itself: ${names}. Name one: tree(row, 'parent')`,
  });
}

function refersToKey({ pairs, from }: RelationModel): boolean {
  return from.primary.every((column) => pairs.some(({ target }) => target === column));
}
