import { type Expression } from '../expressions/expression.js';
import { type EntityModel } from '../model/entity-model.js';
import { cuts, parsePath, type ResolvedPath } from '../model/resolve-path.js';
import { type Lookups, type Where } from '../q.js';

/** One lookup, its path resolved. */
export interface Leaf {
  readonly op: 'leaf';
  readonly target: ResolvedPath;
  /** Keys that lead into a JSON document at the end of the path. */
  readonly keys: readonly string[];
  /** What follows the path: `['icontains']`, `['year', 'gte']`. */
  readonly lookups: readonly string[];
  readonly value: unknown;
  /** Index in the hops of the first relation to many rows; -1 when the path crosses none. */
  readonly many: number;
}

/** A lookup of a value that the statement works out. */
export interface ComputedLeaf {
  readonly op: 'computed';
  /** As the caller wrote it, for messages. */
  readonly name: string;
  readonly lookups: readonly string[];
  readonly value: unknown;
}

/** A condition whose names are resolved. */
export type ConditionNode =
  | Leaf
  | ComputedLeaf
  | { readonly op: 'truth'; readonly expression: Expression }
  | { readonly op: 'and' | 'or'; readonly parts: readonly ConditionNode[] }
  | { readonly op: 'not'; readonly part: ConditionNode };

/** Tells whether a name is that of an annotation. */
export type IsAnnotation = (name: string) => boolean;

/** What a condition may name beside fields. */
export interface ConditionNames {
  knows(name: string): boolean;
  /** Throws for a name that begins like one of them and is none. @throws UnknownPathError, UnfitPathError */
  refuse(name: string): void;
}

/** A condition that names fields alone. */
export const FIELDS_ALONE: ConditionNames = { knows: () => false, refuse: () => undefined };

/** Resolves every name of a condition; annotations come before fields. @throws UnknownPathError */
export function resolveCondition(model: EntityModel, where: Where, names: ConditionNames): ConditionNode {
  if (where.op === 'lookups') return resolveLookups(model, where.lookups, names);
  if (where.op === 'expression') return { op: 'truth', expression: where.expression };
  if (where.op === 'not') return { op: 'not', part: resolveCondition(model, where.part, names) };
  return { op: where.op, parts: where.parts.map((part) => resolveCondition(model, part, names)) };
}

/** The first relation to many rows that a leaf crosses, as a name that equal relations share; undefined for none. */
export function crossing({ many, target }: Leaf): string | undefined {
  if (many < 0) return undefined;
  return target.hops
    .slice(0, many + 1)
    .map(({ path }) => path)
    .join('.');
}

/** The annotation that a path or a lookup begins with, and what follows its name; undefined when it speaks of a field. */
export function parseAnnotated(
  key: string,
  isAnnotation: IsAnnotation,
): readonly [string, readonly string[]] | undefined {
  if (isAnnotation(key)) return [key, []];
  return cuts(key).find(([name]) => isAnnotation(name));
}

function resolveLookups(model: EntityModel, lookups: Lookups, names: ConditionNames): ConditionNode {
  const parts = Object.entries(lookups).map(([key, value]): ConditionNode => {
    const known = parseAnnotated(key, (name) => names.knows(name));
    if (known) return { op: 'computed', name: known[0], lookups: orExact(known[1]), value };
    names.refuse(cuts(key)[0]?.[0] ?? key);
    return leaf(model, key, value);
  });
  return parts.length === 1 ? parts[0]! : { op: 'and', parts };
}

function leaf(model: EntityModel, key: string, value: unknown): Leaf {
  const { target, keys, rest } = parsePath(model, key);
  const many = target.hops.findIndex((hop) => hop.many);
  return { op: 'leaf', target, keys, lookups: orExact(rest), value, many };
}

/** A lookup without a comparison means equality. */
function orExact(lookups: readonly string[]): readonly string[] {
  return lookups.length > 0 ? lookups : ['exact'];
}
