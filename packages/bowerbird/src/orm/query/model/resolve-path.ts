import { UnknownPathError } from '../../orm.errors.js';
import { UnfitPathError } from '../query.errors.js';
import { type ColumnModel, type EntityModel } from './entity-model.js';
import { type RelationModel } from './relation-model.js';

/** Where a path leads. */
export interface ResolvedPath {
  readonly path: string;
  /** Relations that lead from the row to the one that has the columns. */
  readonly hops: readonly RelationModel[];
  /** The columns at the end: one for a field, those of the key for a relation. */
  readonly columns: readonly ColumnModel[];
  /** The relation that the path ends on, whose key the columns are. */
  readonly relation: RelationModel | undefined;
  /** When the path ends on a relation or on `pk`: the columns of the other entity whose values the columns hold. */
  readonly references: readonly ColumnModel[] | undefined;
}

/** The name of the primary key at every level, unless the entity has a property of that name. */
export const PRIMARY_KEY = 'pk';

/** Resolved paths kept for each entity; there is no end to those that go in circles. */
const KEPT_PATHS = 500;

/**
 * Follows a dotted path from an entity. @throws UnknownPathError naming the nearest known name, UnfitPathError for a
 * generic reference
 */
export function resolvePath(model: EntityModel, path: string): ResolvedPath {
  const known = tryResolvePath(model, path);
  if (known) return known;
  const { model: last, missing } = findPath(model, path) as Missing;
  if (last.genericKey(missing.split('.')[0]!))
    throw new UnfitPathError(last.name, missing, 'leads to rows of any entity', 'Filter by its two columns');
  throw new UnknownPathError(last.name, missing, [...last.knownNames(), PRIMARY_KEY]);
}

/** The same, or undefined for an unknown path. */
export function tryResolvePath(model: EntityModel, path: string): ResolvedPath | undefined {
  const known = model.resolvedPaths.get(path);
  if (known) return known;
  const found = findPath(model, path);
  if (!('end' in found)) return undefined;
  const made = describeEnd(path, found);
  if (model.resolvedPaths.size >= KEPT_PATHS) model.resolvedPaths.clear();
  model.resolvedPaths.set(path, made);
  return made;
}

interface Found {
  readonly hops: readonly RelationModel[];
  readonly end: ColumnModel | RelationModel | EntityModel;
}

interface Missing {
  readonly model: EntityModel;
  readonly missing: string;
}

function findPath(model: EntityModel, path: string): Found | Missing {
  const hops: RelationModel[] = [];
  let current = model;
  let rest = path;
  for (;;) {
    const column = current.columns.get(rest);
    if (column) return { hops, end: column };
    const relation = leadingRelation(current, rest);
    if (!relation) return rest === PRIMARY_KEY ? { hops, end: current } : { model: current, missing: rest };
    if (relation.path === rest) return { hops, end: relation };
    hops.push(relation);
    rest = rest.slice(relation.path.length + 1);
    current = relation.target;
  }
}

/** The relation that a path begins with; its own path has dots when it belongs to an embedded object. */
function leadingRelation(model: EntityModel, path: string): RelationModel | undefined {
  for (let dot = path.indexOf('.'); ; dot = path.indexOf('.', dot + 1)) {
    const relation = model.relation(dot < 0 ? path : path.slice(0, dot));
    if (relation || dot < 0) return relation;
  }
}

function describeEnd(path: string, { hops, end }: Found): ResolvedPath {
  if (isModel(end)) return { path, hops, columns: end.primary, relation: hops.at(-1), references: end.primary };
  if (!('pairs' in end)) return { path, hops, columns: [end], relation: undefined, references: undefined };
  if (end.owning) {
    const columns = end.pairs.map(({ own }) => own);
    return { path, hops, columns, relation: end, references: end.pairs.map(({ target }) => target) };
  }
  const { primary } = end.target;
  return { path, hops: [...hops, end], columns: primary, relation: end, references: primary };
}

function isModel(end: Found['end']): end is EntityModel {
  return 'modelOf' in end;
}

/** A value inside of a JSON document, which a path leads into. */
interface JsonPath {
  readonly target: ResolvedPath;
  readonly keys: readonly string[];
}

/** What stands between a path and what is made of its value, or what compares it. */
const SEPARATOR = '__';

/** The document at the start of a path and the keys that follow, or undefined. */
function tryResolveJson(model: EntityModel, path: string): JsonPath | undefined {
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const target = tryResolvePath(model, path.slice(0, dot));
    if (!target) continue;
    const [column] = target.columns;
    const keys = path.slice(dot + 1);
    if (target.references) return undefined;
    if (column!.kind === 'json' && !column!.metadata.isArray) return { target, keys: keys.split('.') };
    return column!.field?.nativeType === 'hstore' ? { target, keys: [keys] } : undefined;
  }
  return undefined;
}

/** Where a path leads, and what follows: `data.address.city__lower__startswith`. */
export interface ParsedPath {
  readonly target: ResolvedPath;
  /** Keys that lead into a JSON document at its end. */
  readonly keys: readonly string[];
  /** Names of transforms, and in a condition a comparison: `['lower', 'startswith']`. */
  readonly rest: readonly string[];
}

/** Splits a path at the first `__` before which there is one; properties may have `__` in their names. */
export function tryParsePath(model: EntityModel, path: string): ParsedPath | undefined {
  const whole = tryResolvePath(model, path);
  if (whole) return { target: whole, keys: [], rest: [] };
  for (const [start, rest] of cuts(path)) {
    const target = tryResolvePath(model, start);
    if (target) return { target, keys: [], rest };
  }
  for (const [start, rest] of [...cuts(path), [path, []] as const]) {
    const json = tryResolveJson(model, start);
    if (json) return { ...json, rest };
  }
  return undefined;
}

/** The same. @throws UnknownPathError naming the nearest known name, UnfitPathError */
export function parsePath(model: EntityModel, path: string): ParsedPath {
  const parsed = tryParsePath(model, path);
  if (parsed) return parsed;
  const [start] = cuts(path)[0] ?? [path];
  resolvePath(model, start);
  throw new UnknownPathError(model.name, path, model.knownNames());
}

/** What stands before and behind each `__` of a path. */
export function cuts(path: string): readonly (readonly [start: string, rest: readonly string[]])[] {
  const found: (readonly [string, readonly string[]])[] = [];
  for (let at = path.indexOf(SEPARATOR, 1); at > 0; at = path.indexOf(SEPARATOR, at + 1))
    found.push([path.slice(0, at), path.slice(at + SEPARATOR.length).split(SEPARATOR)]);
  return found;
}
