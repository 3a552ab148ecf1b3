import { UnknownPathError } from '../orm.errors.js';
import { type JoinScope } from '../query/compile/join-scope.js';
import { type SelectList } from '../query/compile/select-list.js';
import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { UnfitPathError } from '../query/query.errors.js';
import { type EntityColumns } from './row-mapper.js';

/** Relation paths as a tree: `author`, `author.team` → `{ author: { team: {} } }`. */
export interface RelationTree {
  readonly relation: RelationModel;
  readonly below: readonly RelationTree[];
}

/** Resolves relation paths into a tree in which each relation is there once. @throws UnknownPathError, UnfitPathError */
export function relationTree(model: EntityModel, paths: readonly string[]): RelationTree[] {
  const first = new Map<RelationModel, string[]>();
  for (const path of paths) {
    const [relation, rest] = splitPath(model, path);
    const below = first.get(relation) ?? [];
    if (rest !== '') below.push(rest);
    first.set(relation, below);
  }
  return [...first].map(([relation, below]) => ({ relation, below: relationTree(relation.target, below) }));
}

/** What is loaded with an entity: by joins in the same statement, and by statements that follow. */
export interface LoadTrees {
  readonly related: readonly RelationTree[];
  readonly prefetch: readonly RelationTree[];
}

/** Adds the columns of an entity, and of the related ones that are joined, to a statement. */
export function selectEntity(
  scope: JoinScope,
  list: SelectList,
  { related, prefetch }: LoadTrees,
  hops: readonly RelationModel[] = [],
): EntityColumns {
  const model = hops.at(-1)?.target ?? scope.model;
  const keys = prefetch.flatMap(({ relation }) => ownColumns(relation));
  const wanted = [...new Set([...model.selected, ...model.primary, ...keys])];
  const aliases = new Map(wanted.map((column) => [column, list.column(scope.joinedColumn(hops, column), column)]));
  return {
    model,
    properties: wanted.filter(({ property }) => property),
    aliases,
    related: related.map(({ relation, below }) => {
      const later = prefetch.find((tree) => tree.relation === relation)?.below ?? [];
      return { relation, columns: selectEntity(scope, list, { related: below, prefetch: later }, [...hops, relation]) };
    }),
  };
}

/** The columns of the row that a relation starts at by which its related rows are found. */
export function ownColumns({ pairs, junction }: RelationModel): ColumnModel[] {
  return junction ? junction.own.map(({ references }) => references) : pairs.map(({ own }) => own);
}

/** @throws UnfitPathError when a relation of the tree leads to many rows, so that joining it would multiply rows */
export function refuseMany(model: EntityModel, tree: readonly RelationTree[]): void {
  for (const { relation, below } of tree) {
    if (relation.many)
      throw new UnfitPathError(
        model.name,
        relation.path,
        'leads to many rows and cannot be joined',
        'Use prefetchRelated',
      );
    refuseMany(relation.target, below);
  }
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
