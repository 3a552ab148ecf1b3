import { UnknownPathError } from '../orm.errors.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { type PrefetchRequest } from '../query/query-state.js';
import { QueryUsageError, UnfitPathError } from '../query/query.errors.js';

/** One level of relation paths: `author`, `author.team` → author, and `team` below it. */
export interface RelationTree {
  readonly relation: RelationModel;
  /** Which of the related rows, and where they go. */
  readonly request: Omit<PrefetchRequest, 'path'>;
  /** What is loaded with them, by paths that start at them. */
  readonly below: readonly PrefetchRequest[];
}

/**
 * Resolves relation paths into a tree in which each relation is there once, and once more for each attribute that its
 * rows go to. Paths are checked to their ends. @throws UnknownPathError, UnfitPathError, QueryUsageError
 */
export function relationTree(model: EntityModel, requests: readonly PrefetchRequest[]): RelationTree[] {
  const branches = new Map<string, RelationTree>();
  for (const { path, ...request } of requests) {
    const [relation, rest] = splitPath(model, path);
    const name = `${relation.path} ${rest === '' ? (request.as ?? '') : ''}`;
    const known = branches.get(name);
    const here = rest === '' ? request : {};
    if (known?.request.query && here.query) throw twice(model, path);
    const below = [...(known?.below ?? []), ...(rest === '' ? [] : [{ path: rest, ...request }])];
    branches.set(name, { relation, below, request: { ...known?.request, ...here } });
  }
  for (const { relation, below } of branches.values()) if (below.length > 0) relationTree(relation.target, below);
  return [...branches.values()];
}

/** The tree of paths that nothing is said of but themselves. @throws UnknownPathError, UnfitPathError */
export function pathTree(model: EntityModel, paths: readonly string[]): RelationTree[] {
  return relationTree(
    model,
    paths.map((path) => ({ path })),
  );
}

function twice(model: EntityModel, path: string): QueryUsageError {
  return new QueryUsageError(`"${path}" of ${model.name} is prefetched by two queries`, {
    hint: 'Give one of them a property of its own: { query, as: "recent" }',
  });
}

function splitPath(model: EntityModel, path: string): [RelationModel, string] {
  const parts = path.split('.');
  for (let length = 1; length <= parts.length; length += 1) {
    const relation = model.relation(parts.slice(0, length).join('.'));
    if (relation) return [relation, parts.slice(length).join('.')];
  }
  const relations = model.metadata.relations.map(({ propertyPath }) => propertyPath);
  if (model.columns.has(path))
    throw new UnfitPathError(model.name, path, 'is no relation', `Relations: ${relations.join(', ') || 'none'}`);
  throw new UnknownPathError(model.name, path, relations);
}
