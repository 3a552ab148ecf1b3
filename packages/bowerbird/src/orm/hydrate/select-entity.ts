import { type JoinScope } from '../query/compile/join-scope.js';
import { type SelectList } from '../query/compile/select-list.js';
import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { UnfitPathError } from '../query/query.errors.js';
import { type EntityColumns } from './entity-columns.js';
import { type FieldFilter } from './field-filter.js';
import { relationIdsOf } from './relation-ids.js';
import { laterTrees, pathTree, type LaterTrees, type RelationTree } from './relation-tree.js';
import { classColumns, relationsOf } from './subclasses.js';

/** What is loaded with an entity: by joins in the same statement, and by statements that follow. */
export interface LoadTrees {
  readonly related: readonly RelationTree[];
  readonly prefetch: LaterTrees;
  readonly fields: FieldFilter;
  /** Whether touching a relation that was not loaded is an error. */
  readonly strict: boolean;
}

/** Adds the columns of an entity, and of the related ones that are joined, to a statement. */
export function selectEntity(
  scope: JoinScope,
  list: SelectList,
  trees: LoadTrees,
  hops: readonly RelationModel[] = [],
): EntityColumns {
  const { related, prefetch, fields, strict } = trees;
  const model = hops.at(-1)?.target ?? scope.model;
  const keys = [
    ...prefetch.relations.flatMap(({ relation }) => ownColumns(relation)),
    ...prefetch.targets.flatMap(({ reference }) => [reference.type, reference.key]),
  ];
  const loaded = model.selected.filter((column) => fields.loads(hops, column));
  const wanted = [...new Set([...loaded, ...model.primary, ...keys, ...classColumns(model), ...idColumns(model)])];
  const aliases = new Map(wanted.map((column) => [column, list.column(scope.joinedColumn(hops, column), column)]));
  return {
    model,
    properties: wanted.filter(({ property }) => property),
    deferred: model.selected.filter((column) => !wanted.includes(column)),
    strict,
    aliases,
    related: related.map((tree) => ({
      relation: tree.relation,
      columns: selectEntity(scope, list, treesBelow(trees, tree), [...hops, tree.relation]),
    })),
    later: prefetch.relations.filter(({ request }) => !request.as).map(({ relation }) => relation),
    relations: relationsOf(model),
  };
}

function treesBelow(trees: LoadTrees, { relation, below }: RelationTree): LoadTrees {
  const later = trees.prefetch.relations.find((tree) => tree.relation === relation && !tree.request.query)?.below ?? [];
  const { target } = relation;
  return { ...trees, related: subTree(target, below), prefetch: laterTrees(target, later) };
}

/** What is joined behind a relation that is joined itself. */
export function subTree(model: EntityModel, below: readonly { readonly path: string }[]): RelationTree[] {
  return pathTree(
    model,
    below.map(({ path }) => path),
  );
}

function idColumns(model: EntityModel): ColumnModel[] {
  return relationIdsOf(model).map(({ own }) => own);
}

/** The columns of the row that a relation starts at by which its related rows are found. */
export function ownColumns({ pairs, junction }: RelationModel): ColumnModel[] {
  return junction ? junction.own.map(({ references }) => references) : pairs.map(({ own }) => own);
}

/** @throws UnfitPathError when a relation of the tree leads to many rows, so that joining it would multiply rows */
export function refuseMany(model: EntityModel, trees: readonly RelationTree[]): void {
  for (const { relation, below } of trees) {
    if (relation.many)
      throw new UnfitPathError(
        model.name,
        relation.path,
        'leads to many rows and cannot be joined',
        'Use prefetchRelated',
      );
    refuseMany(relation.target, subTree(relation.target, below));
  }
}

/** @throws UnfitPathError for a relation that the query has narrowed: statements of their own do not know of it */
export function refuseNarrowed({ name }: EntityModel, { relations }: LaterTrees): void {
  const found = relations.find(({ relation }) => relation.narrowed)?.relation.path;
  if (found === undefined) return;
  throw new UnfitPathError(name, found, 'is narrowed and cannot be prefetched', 'Use Prefetch(relation, { query })');
}
