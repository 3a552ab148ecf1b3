import { UnknownPathError } from '../orm.errors.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { type PrefetchRequest } from '../query/query-state.js';
import { QueryUsageError, UnfitPathError } from '../query/query.errors.js';
import { leadingKey, targetTrees, type TargetTree } from './target-tree.js';

/** One level of relation paths: `author`, `author.team` → author, and `team` below it. */
export interface RelationTree {
  readonly relation: RelationModel;
  /** Which of the related rows, and where they go. */
  readonly request: Omit<PrefetchRequest, 'path'>;
  /** What is loaded with them, by paths that start at them. */
  readonly below: readonly PrefetchRequest[];
}

/** What statements of their own load with rows: relations, and references to rows of any entity. */
export interface LaterTrees {
  readonly relations: readonly RelationTree[];
  readonly targets: readonly TargetTree[];
}

/** Resolves the paths of what is prefetched. @throws UnknownPathError, UnfitPathError, QueryUsageError */
export function laterTrees(model: EntityModel, requests: readonly PrefetchRequest[]): LaterTrees {
  const generic = new Set(requests.filter(({ path }) => leadingKey(model, path)));
  return {
    relations: relationTree(model, generic.size > 0 ? requests.filter((one) => !generic.has(one)) : requests),
    targets: targetTrees(model, [...generic]),
  };
}

/** The tree of paths that nothing is said of but themselves, to be joined. @throws UnknownPathError, UnfitPathError */
export function pathTree(model: EntityModel, paths: readonly string[]): RelationTree[] {
  return relationTree(
    model,
    paths.map((path) => ({ path })),
  );
}

/**
 * Resolves relation paths into a tree in which each relation is there once, and once more for each attribute that its
 * rows go to. Paths are checked to their ends. @throws UnknownPathError, UnfitPathError, QueryUsageError
 */
function relationTree(model: EntityModel, requests: readonly PrefetchRequest[]): RelationTree[] {
  const branches = new Map<string, RelationTree>();
  for (const { path, ...request } of requests) {
    const [relation, rest] = splitPath(model, path);
    const name = `${relation.path} ${rest === '' ? (request.as ?? '') : ''}`;
    const known = branches.get(name);
    const here = rest === '' ? request : {};
    if (here.queries) throw onlyOne(model, path);
    if (known?.request.query && here.query) throw twice(model, path);
    const below = [...(known?.below ?? []), ...(rest === '' ? [] : [{ path: rest, ...request }])];
    branches.set(name, { relation, below, request: { ...known?.request, ...here } });
  }
  for (const { relation, below } of branches.values()) if (below.length > 0) laterTrees(relation.target, below);
  return [...branches.values()];
}

function twice(model: EntityModel, path: string): QueryUsageError {
  return new QueryUsageError(`"${path}" of ${model.name} is prefetched by two queries`, {
    hint: 'Give one of them a property of its own: { query, as: "recent" }',
  });
}

function onlyOne(model: EntityModel, path: string): QueryUsageError {
  return new QueryUsageError(`"${path}" of ${model.name} leads to rows of one entity`, {
    hint: `Use Prefetch('${path}', { query })`,
  });
}

function splitPath(model: EntityModel, path: string): [RelationModel, string] {
  const parts = path.split('.');
  for (let length = 1; length <= parts.length; length += 1) {
    const relation = model.relation(parts.slice(0, length).join('.'));
    if (relation) return [relation, parts.slice(length).join('.')];
  }
  const relations = model.metadata.relations.map(({ propertyPath }) => propertyPath);
  if (leadingKey(model, path))
    throw new UnfitPathError(
      model.name,
      path,
      'leads to rows of any entity and cannot be joined',
      'Use prefetchRelated',
    );
  if (model.columns.has(path))
    throw new UnfitPathError(model.name, path, 'is no relation', `Relations: ${relations.join(', ') || 'none'}`);
  throw new UnknownPathError(model.name, path, relations);
}
