import { Expression, PathExpression } from '../expressions/expression.js';
import { type EntityModel } from '../model/entity-model.js';
import { tryParsePath } from '../model/resolve-path.js';
import { type Where } from '../q.js';
import { type QueryEngine } from '../query-engine.js';
import { type JoinedSource, type QueryState } from '../query-state.js';

/** Names that tell the rows of a query apart: no two of its rows have the same values under all names of a set. */
export type UniqueNames = readonly (readonly string[])[];

/** The sets of names that tell the rows of a query apart. An empty set says that it has one row at most. */
export function uniqueNames(engine: QueryEngine, state: QueryState): UniqueNames {
  const { shape, limit, groupBy, origin, joins, compound, annotations } = state;
  if (limit !== null && limit <= 1) return [[]];
  const model = engine.model(state.entity);
  if (shape.type === 'entity') return ofEntity(model);
  if (shape.type !== 'values' || compound) return [];
  if (groupBy) return [groupBy];
  if (state.distinct)
    return [[...shape.paths, ...annotations.filter(({ selected }) => selected).map(({ name }) => name)]];
  const keyed = !origin && joins.length === 0 && !shape.paths.some((path) => leadsToMany(model, path));
  return keyed ? ofEntity(model).filter((names) => names.every((name) => shape.paths.includes(name))) : [];
}

/** Whether a join finds one row at most for each row, where groups are made by some paths. */
export function isSingle({ name, source, on }: JoinedSource, groupBy: readonly string[]): boolean {
  const fixed = new Set([...fixedNames(on, name), ...groupBy.flatMap((path) => nameBehind(path, name) ?? [])]);
  return source.uniqueNames.some((names) => names.every((each) => fixed.has(each)));
}

/** Whether each row has a place in an ordering by which it can be found again: its own key, or those that relations add. */
export function hasPlaces(state: QueryState): boolean {
  const { distinct, groupBy, compound, origin, joins, shape } = withoutIdleDistinct(state);
  const keyed = shape.type === 'entity' || joins.every((joined) => isSingle(joined, []));
  return keyed && !distinct && !groupBy && !compound && !origin;
}

/** The query without a `distinct()` that leaves nothing out: rows of an entity differ by their keys. */
export function withoutIdleDistinct(state: QueryState): QueryState {
  const { distinct, shape, joins, groupBy, compound, origin } = state;
  const idle = distinct && shape.type === 'entity' && joins.length === 0 && !groupBy && !compound && !origin;
  return idle ? { ...state, distinct: false } : state;
}

function ofEntity({ primary, description }: EntityModel): UniqueNames {
  const keys = primary.map(({ path }) => path);
  const short = keys.length === 1 ? [['pk'], ['']] : [];
  return [keys, ...short, ...description.uniques.map(({ paths }) => paths)];
}

function leadsToMany(model: EntityModel, path: string): boolean {
  return tryParsePath(model, path)?.target.hops.some(({ many }) => many) ?? false;
}

/** What a condition sets to a value that is known without the joined row: `{ 'rate.code': F('currency') }`. */
function fixedNames(where: Where, name: string): readonly string[] {
  if (where.op === 'and') return where.parts.flatMap((part) => fixedNames(part, name));
  if (where.op !== 'lookups') return [];
  return Object.entries(where.lookups).flatMap(([key, value]) => {
    const path = key.replace(/__exact$/, '');
    const own = nameBehind(path, name);
    if (own !== undefined) return isKnown(value, name) ? [own] : [];
    const other = value instanceof PathExpression ? nameBehind(value.path, name) : undefined;
    return other === undefined || path.includes('__') ? [] : [other];
  });
}

/** Whether a value is there without the joined row. */
function isKnown(value: unknown, name: string): boolean {
  if (value instanceof PathExpression) return nameBehind(value.path, name) === undefined;
  return value !== null && !(value instanceof Expression);
}

/** The rest of a path that begins with a name: empty for the name itself, undefined for any other path. */
export function nameBehind(path: string, name: string): string | undefined {
  if (path === name) return '';
  return path.startsWith(`${name}.`) ? path.slice(name.length + 1) : undefined;
}
