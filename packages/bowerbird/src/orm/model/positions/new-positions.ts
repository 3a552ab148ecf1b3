import { type RawKey } from '../../query/compile/keys.js';
import { type EntityModel } from '../../query/model/entity-model.js';
import { type QueryEngine } from '../../query/query-engine.js';
import { BadLookupValueError } from '../../query/query.errors.js';
import { readerOf, storerOf } from '../../query/run/insert-columns.js';
import { lastPositions, lockParents, nameOf, positionModel, type PositionModel } from './position-model.js';

/** A row that gets a position, and the row as it is stored, where it is. */
export interface OpenRow {
  readonly row: object;
  readonly stored?: object | undefined;
}

/** Rows of one parent. */
interface Group {
  /** The values that make the parent; undefined for one that is not stored yet, which has no rows. */
  readonly key: RawKey | undefined;
  readonly rows: object[];
}

/** Stands for a parent that SQL works out, so that nobody knows it. */
const UNKNOWN = Symbol('unknown parent');

/**
 * Puts rows that have no position behind those of their parents, in the order in which they are given: two statements,
 * however many rows and parents there are.
 */
export async function givePositions(engine: QueryEngine, model: EntityModel, rows: readonly OpenRow[]): Promise<void> {
  const place = positionModel(model);
  if (!place) return;
  const { metadata } = place.column;
  const open = rows.filter(({ row }) => ((metadata.getEntityValue(row) as unknown) ?? undefined) === undefined);
  const groups = groupsOf(place, open);
  const known = groups.filter((group): group is Group & { key: RawKey } => group.key !== undefined);
  const keys = known.map(({ key }) => key);
  await lockParents(engine, place, keys);
  const last = await lastPositions(engine, place, keys);
  for (const group of groups) {
    const greatest = group.key === undefined ? null : last[known.indexOf(group as (typeof known)[number])]!;
    const first = greatest === null ? 0 : greatest + 1;
    group.rows.forEach((row, index) => metadata.setEntityValue(row, first + index));
  }
}

function groupsOf({ model, within }: PositionModel, rows: readonly OpenRow[]): readonly Group[] {
  const cells = within.map((column) => {
    const read = readerOf(model, column);
    const store = storerOf(column);
    const fallback: unknown = typeof column.field?.default === 'object' ? undefined : column.field?.default;
    return ({ row, stored }: OpenRow): unknown => {
      const given = read(row);
      const held = given === undefined && stored ? read(stored) : given;
      const value = held === undefined ? fallback : held;
      if (typeof value === 'function') return UNKNOWN;
      return value === undefined || value === null ? null : store(value);
    };
  });
  const groups = new Map<unknown, Group>();
  for (const open of rows) {
    const key = parentOf(cells, open);
    if (key?.includes(UNKNOWN)) continue;
    const name = key ? nameOf(key) : unsavedParent(model, open.row);
    const group = groups.get(name) ?? { key, rows: [] };
    groups.set(name, group);
    group.rows.push(open.row);
  }
  return [...groups.values()];
}

/** The values that make the parent of a row; undefined for a parent that has no key yet. */
function parentOf(cells: readonly ((row: OpenRow) => unknown)[], row: OpenRow): RawKey | undefined {
  try {
    return cells.map((cell) => cell(row));
  } catch (error) {
    if (error instanceof BadLookupValueError) return undefined;
    throw error;
  }
}

/** The first object that a row is within. */
function unsavedParent({ metadata, description }: EntityModel, row: object): unknown {
  const held = description.position!.within.map(
    (path) => metadata.findRelationWithPropertyPath(path)?.getEntityValue(row) as unknown,
  );
  return held.find((value) => typeof value === 'object' && value !== null) ?? row;
}
