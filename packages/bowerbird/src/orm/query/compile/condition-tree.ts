import { UnknownPathError } from '../../orm.errors.js';
import { type EntityModel } from '../model/entity-model.js';
import { resolvePath, tryResolvePath, type ResolvedPath } from '../model/resolve-path.js';
import { type Lookups, type Where } from '../q.js';

/** One lookup, its path resolved. */
export interface Leaf {
  readonly op: 'leaf';
  readonly target: ResolvedPath;
  /** What follows the path: `['icontains']`, `['year', 'gte']`. */
  readonly lookups: readonly string[];
  readonly value: unknown;
  /** Index in the hops of the first relation to many rows; -1 when the path crosses none. */
  readonly many: number;
}

/** A condition whose names are resolved. */
export type ConditionNode =
  | Leaf
  | { readonly op: 'and' | 'or'; readonly parts: readonly ConditionNode[] }
  | { readonly op: 'not'; readonly part: ConditionNode };

const SEPARATOR = '__';

/** Resolves every name of a condition. @throws UnknownPathError */
export function resolveCondition(model: EntityModel, where: Where): ConditionNode {
  if (where.op === 'lookups') return resolveLookups(model, where.lookups);
  if (where.op === 'not') return { op: 'not', part: resolveCondition(model, where.part) };
  return { op: where.op, parts: where.parts.map((part) => resolveCondition(model, part)) };
}

/** The first relation to many rows that a leaf crosses, as a name that equal relations share; undefined for none. */
export function crossing({ many, target }: Leaf): string | undefined {
  if (many < 0) return undefined;
  return target.hops
    .slice(0, many + 1)
    .map(({ path }) => path)
    .join('.');
}

function resolveLookups(model: EntityModel, lookups: Lookups): ConditionNode {
  const parts = Object.entries(lookups).map(([key, value]) => leaf(model, key, value));
  return parts.length === 1 ? parts[0]! : { op: 'and', parts };
}

function leaf(model: EntityModel, key: string, value: unknown): Leaf {
  const { target, lookups } = parseKey(model, key);
  const many = target.hops.findIndex((hop) => hop.many);
  return { op: 'leaf', target, lookups, value, many };
}

interface ParsedKey {
  readonly target: ResolvedPath;
  readonly lookups: readonly string[];
}

/** Splits a key at the first `__` before which there is a path; properties may have `__` in their names. */
function parseKey(model: EntityModel, key: string): ParsedKey {
  const whole = tryResolvePath(model, key);
  if (whole) return { target: whole, lookups: ['exact'] };
  const first = key.indexOf(SEPARATOR);
  for (let at = first; at > 0; at = key.indexOf(SEPARATOR, at + 1)) {
    const target = tryResolvePath(model, key.slice(0, at));
    if (target) return { target, lookups: key.slice(at + SEPARATOR.length).split(SEPARATOR) };
  }
  resolvePath(model, first > 0 ? key.slice(0, first) : key);
  throw new UnknownPathError(model.name, key, model.knownNames());
}
