import { hasPlaces } from '../compile/unique-names.js';
import { type QueryEngine } from '../query-engine.js';
import { isSliced, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { fetchAll, refuseLock } from './fetch.js';
import { fetchPlaced } from './page.js';

/**
 * Every row, read in chunks that continue after the last row read: memory stays flat and the time per chunk stays the
 * same however far it has come. A sliced, grouped or combined query
 * and distinct values are read at once, for their rows have no place to continue from.
 */
export async function* iterate(
  engine: QueryEngine,
  state: QueryState,
  chunk: number,
): AsyncGenerator<unknown, void, undefined> {
  refuseChunk(chunk);
  if (state.lock) refuseLock(engine, state);
  if (state.empty) return;
  if (isSliced(state) || !hasPlaces(state) || state.seek?.direction === 'before') {
    yield* await fetchAll(engine, state);
    return;
  }
  let current: QueryState = { ...state, total: true, limit: chunk };
  for (;;) {
    const { rows, cursorAt } = await fetchPlaced(engine, current);
    yield* rows;
    if (rows.length < chunk) return;
    current = { ...current, seek: { direction: 'after', cursor: cursorAt(rows.length - 1) } };
  }
}

/** @throws QueryUsageError for what is no number of rows */
export function refuseChunk(chunk: number): void {
  if (!Number.isSafeInteger(chunk) || chunk < 1)
    throw new QueryUsageError(`A chunk has at least one row, got ${chunk}`);
}
