import { type EntityModel } from '../query/model/entity-model.js';
import { type GenericKey } from '../query/model/generic-relation.js';
import { type PrefetchRequest, type StatedQuery } from '../query/query-state.js';
import { QueryUsageError } from '../query/query.errors.js';

/** A reference to rows of any entity that is to be loaded. */
export interface TargetTree {
  readonly model: EntityModel;
  readonly reference: GenericKey;
  /** How rows of some entities are loaded; others as they are. */
  readonly queries: readonly StatedQuery[];
  /** The property that gets the row. */
  readonly as: string;
  /** What is loaded with the rows of those entities that have it. */
  readonly below: readonly PrefetchRequest[];
}

/** The generic reference that a path begins with. */
export function leadingKey(model: EntityModel, path: string): GenericKey | undefined {
  return model.genericKey(path.split('.')[0]!);
}

/** Resolves paths that begin with generic references. @throws QueryUsageError */
export function targetTrees(model: EntityModel, requests: readonly PrefetchRequest[]): TargetTree[] {
  const trees = new Map<string, TargetTree>();
  for (const { path, query, queries = [], as: named, ...request } of requests) {
    const reference = leadingKey(model, path)!;
    const rest = path.slice(reference.path.length + 1);
    const as = (rest === '' ? named : undefined) ?? reference.path;
    const known = trees.get(as);
    const below = rest === '' ? [] : [{ path: rest, query, queries, as: named, ...request }];
    if (rest === '' && query) throw oneQuery(model, path);
    trees.set(as, {
      model,
      reference,
      as,
      queries: [...(known?.queries ?? []), ...(rest === '' ? queries : [])],
      below: [...(known?.below ?? []), ...below.map(withoutNothing)],
    });
  }
  return [...trees.values()];
}

function withoutNothing({ queries, ...request }: PrefetchRequest): PrefetchRequest {
  return queries && queries.length > 0 ? { ...request, queries } : request;
}

function oneQuery({ name }: EntityModel, path: string): QueryUsageError {
  return new QueryUsageError(`"${path}" of ${name} leads to rows of any entity, which one query cannot load`, {
    hint: `Give a query for each entity: GenericPrefetch('${path}', [query, …])`,
  });
}
