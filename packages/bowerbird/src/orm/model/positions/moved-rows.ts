import { type EntityDescription } from '../../describe/entity-description.js';
import { type RawKey } from '../../query/compile/keys.js';
import { type EntityModel } from '../../query/model/entity-model.js';
import { type QueryEngine } from '../../query/query-engine.js';
import { WRITE_DIALECTS, type ValueTable } from '../../query/sql/write-dialect.js';
import {
  lastPositions,
  lockParents,
  nameOf,
  placesOf,
  positionModel,
  type PlacedKey,
  type PositionModel,
} from './position-model.js';

/** Whether a change of some fields may move rows to other parents, and does not say where they stand there. */
export function movesRows(description: EntityDescription, changed: readonly string[]): boolean {
  const { position } = description;
  if (!position || changed.includes(position.path)) return false;
  const parent = (path: string): string => description.field(path)?.relation ?? path;
  const within = new Set(position.within.map(parent));
  return changed.some((path) => within.has(parent(path)));
}

/** Runs a change of the rows of some keys, and puts those that have another parent then behind the rows of it. */
export async function keepingPlaces<R>(
  engine: QueryEngine,
  model: EntityModel,
  keys: readonly RawKey[],
  change: () => Promise<R>,
): Promise<R> {
  const place = positionModel(model)!;
  const before = new Map((await placesOf(engine, place, keys)).map(({ key, group }) => [nameOf(key), nameOf(group)]));
  const result = await change();
  const moved = (await placesOf(engine, place, keys)).filter(
    ({ key, group }) => before.get(nameOf(key)) !== nameOf(group),
  );
  await placeLast(engine, place, moved);
  return result;
}

/** Puts the rows of some keys behind the others of their parents, in the order that they had. */
export async function moveToEnd(engine: QueryEngine, model: EntityModel, keys: readonly RawKey[]): Promise<void> {
  const place = positionModel(model);
  if (place && keys.length > 0) await placeLast(engine, place, await placesOf(engine, place, keys));
}

/** Holds a parent that rows are about to move to, so that no two that do it at once give the same positions. */
export async function lockParent(engine: QueryEngine, model: EntityModel, path: string, key: RawKey): Promise<void> {
  const place = positionModel(model)!;
  const pairs = place.parents.find((parent) => parent.path === path)?.pairs ?? [];
  const group = place.within.map((column) => key[pairs.findIndex(({ own }) => own === column)] ?? null);
  await lockParents(engine, place, [group]);
}

async function placeLast(engine: QueryEngine, place: PositionModel, moved: readonly PlacedKey[]): Promise<void> {
  if (moved.length === 0) return;
  // On MySQL two that have stored references to one parent could not both hold it.
  if (engine.dialect.name === 'postgres')
    await lockParents(
      engine,
      place,
      moved.map(({ group }) => group),
    );
  const groups = new Map<string, PlacedKey[]>();
  for (const row of moved) {
    const name = nameOf(row.group);
    const known = groups.get(name) ?? [];
    groups.set(name, known);
    known.push(row);
  }
  const parts = [...groups.values()].map((rows) => rows.toSorted((left, right) => left.position - right.position));
  const keys = moved.map(({ key }) => key);
  const last = await lastPositions(
    engine,
    place,
    parts.map(([first]) => first!.group),
    keys,
  );
  const rows = parts.flatMap((part, at) => {
    const first = last[at] === null ? 0 : last[at]! + 1;
    return part.map(({ key }, index) => [...key, first + index]);
  });
  for (let start = 0; start < rows.length; start += ROWS)
    await engine.change(WRITE_DIALECTS[engine.dialect.name].update(tableOf(place, rows.slice(start, start + ROWS))));
}

/** Rows of one statement. */
const ROWS = 1_000;

function tableOf({ model, column }: PositionModel, rows: readonly RawKey[]): ValueTable {
  const { primary } = model;
  return {
    model,
    keys: primary,
    columns: [column],
    numbers: 0,
    rows,
    sets: (at) => [{ column, value: at(primary.length) }],
  };
}
