import { type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { type LoadPlan } from '../query/query-state.js';

/**
 * A plan together with the relations that entities declare `eager`, as repositories of TypeORM load them: those to one
 * row by joins, others by statements of their own. `only` and `defer` leave them out.
 */
export function withEager(model: EntityModel, plan: LoadPlan): LoadPlan {
  if (plan.fields?.only) return plan;
  const deferred = new Set(plan.fields?.deferred);
  const places = ['', ...prefixes(plan.related)];
  const found = places.flatMap((place) => eagerBelow(targetOf(model, place), place, deferred));
  if (found.length === 0) return plan;
  const paths = (many: boolean): string[] => found.filter((one) => one.many === many).map(({ path }) => path);
  const asked = new Set(plan.prefetch.map(({ path }) => path));
  const later = paths(true).filter((path) => !asked.has(path));
  return {
    ...plan,
    related: [...new Set([...plan.related, ...paths(false)])],
    prefetch: [...plan.prefetch, ...later.map((path) => ({ path }))],
  };
}

/** An eager relation by its path from the entity of the query. */
interface EagerPath {
  readonly path: string;
  readonly many: boolean;
}

/** Ends, for TypeORM refuses eager relations that lead back to where they start. */
function eagerBelow(model: EntityModel | undefined, place: string, deferred: ReadonlySet<string>): EagerPath[] {
  const eager = (model?.metadata.eagerRelations ?? []).map(({ propertyPath }) => model!.relation(propertyPath)!);
  return eager.flatMap((relation: RelationModel) => {
    const path = place === '' ? relation.path : `${place}.${relation.path}`;
    if (deferred.has(path)) return [];
    const { many, target } = relation;
    return [{ path, many }, ...(many ? [] : eagerBelow(target, path, deferred))];
  });
}

/** `author.team` → `author`, `author.team`. */
function prefixes(paths: readonly string[]): readonly string[] {
  const all = paths.flatMap((path) => {
    const parts = path.split('.');
    return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
  });
  return [...new Set(all)];
}

/** The entity at the end of a path of relations; undefined for a part of one, as of an embedded object. */
function targetOf(model: EntityModel, path: string): EntityModel | undefined {
  if (path === '') return model;
  const parts = path.split('.');
  for (let length = 1; length <= parts.length; length += 1) {
    const relation = model.relation(parts.slice(0, length).join('.'));
    if (relation) return targetOf(relation.target, parts.slice(length).join('.'));
  }
  return undefined;
}
