import { isAggregate } from '../expressions/aggregates.js';
import { type Expression } from '../expressions/expression.js';
import { isWindowed } from '../expressions/window.js';
import { type EntityModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { parsePath, resolvePath, type ResolvedPath } from '../model/resolve-path.js';
import { type Where } from '../q.js';
import { QueryUsageError, UnfitPathError } from '../query.errors.js';
import { FIELDS_ALONE, resolveCondition, type ConditionNode, type Leaf } from './condition-tree.js';
import { expressionsIn } from './where-expressions.js';

/** The relations that lead to the rows of a narrowed relation. @throws UnknownPathError, UnfitPathError */
export function narrowedHops(model: EntityModel, path: string): readonly RelationModel[] {
  const { hops, relation } = resolvePath(model, path);
  const all = relation && hops.at(-1) !== relation ? [...hops, relation] : hops;
  if (relation && all.map((hop) => hop.path).join('.') === path) return all;
  throw new UnfitPathError(model.name, path, 'is no relation', 'A FilteredRelation takes the path of a relation');
}

/**
 * Refuses conditions that speak of other rows than the one that a narrowed relation starts at and those on the way to
 * its end. @throws UnknownPathError, UnknownLookupError, UnfitPathError, QueryUsageError
 */
export function refuseBeyond(model: EntityModel, path: string, where: Where): void {
  const hops = narrowedHops(model, path);
  const near = ({ hops: reached, path: name }: ResolvedPath): void => {
    if (reached.every((hop, index) => hop === hops[index])) return;
    throw new UnfitPathError(
      model.name,
      name,
      `is not on the way to "${path}"`,
      'The condition of a FilteredRelation speaks of the row itself and of the rows that its path leads over',
    );
  };
  for (const leaf of leavesOf(resolveCondition(model, where, FIELDS_ALONE))) near(leaf.target);
  for (const expression of expressionsIn(where)) {
    refuseWide(expression);
    for (const name of expression.paths) near(parsePath(model, name).target);
    for (const inner of expression.conditions)
      for (const leaf of leavesOf(resolveCondition(model, inner, FIELDS_ALONE))) near(leaf.target);
  }
}

/** @throws QueryUsageError for an expression that works with more than one row */
function refuseWide(expression: Expression): void {
  if (isAggregate(expression) || isWindowed(expression))
    throw new QueryUsageError('A relation is narrowed by a condition without aggregates and windows', {
      hint: 'Filter by them, or use Subquery()',
    });
}

function leavesOf(node: ConditionNode): Leaf[] {
  if (node.op === 'leaf') return [node];
  if (node.op === 'not') return leavesOf(node.part);
  return 'parts' in node ? node.parts.flatMap(leavesOf) : [];
}
