import { type Expression } from '../expressions/expression.js';
import { type RelationModel } from '../model/relation-model.js';
import { type JoinScope } from './join-scope.js';

/** Where the rows of relations to many come from: a scope of their own, or joins of the statement. */
export type BoundRows = ReadonlyMap<string, JoinScope | 'joined'>;

/** A path's relations, and which of them is the first to many rows. */
export interface Crossing {
  readonly hops: readonly RelationModel[];
  readonly many: number;
}

/** The first relation to many rows among those of a path; undefined for none. */
export function crossingOf(hops: readonly RelationModel[]): Crossing | undefined {
  const many = hops.findIndex((hop) => hop.many);
  return many < 0 ? undefined : { hops, many };
}

/** The name that paths over the same relation to many share. */
export function crossingName({ hops, many }: Crossing): string {
  return hops
    .slice(0, many + 1)
    .map(({ path }) => path)
    .join('.');
}

/** The same rows where relations to many are joined to those of the statement. */
export function joinedRows(bound: BoundRows, crossings: Iterable<string>): BoundRows {
  return new Map([...bound, ...[...crossings].map((name) => [name, 'joined'] as const)]);
}

/** The paths that an expression and its parts name. */
export function pathsOf(expression: Expression): string[] {
  return [...expression.paths, ...expression.parts.flatMap(pathsOf)];
}
