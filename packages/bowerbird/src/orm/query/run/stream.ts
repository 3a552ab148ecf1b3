import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { compileQuery, refuseLock } from './fetch.js';
import { iterate, refuseChunk } from './iterate.js';

/**
 * Every row of one statement, by a cursor: rows are those of one moment, in any ordering, and memory stays flat. It takes a
 * connection until it ends; inside of a transaction of PostgreSQL it is a cursor of the transaction. Where a cursor would
 * keep all others waiting the rows are read in chunks instead: inside of transactions of SQLite and MySQL, whose view of
 * the database nobody else changes, and on SQLite databases that have one connection alone.
 */
export async function* stream(
  engine: QueryEngine,
  state: QueryState,
  chunk: number,
): AsyncGenerator<unknown, void, undefined> {
  const { source } = engine;
  refuseChunk(chunk);
  if (state.lock) refuseLock(engine, state);
  if (state.empty || state.limit === 0) return;
  const query = compileQuery(engine, state);
  const { sql, parameters } = engine.render(query.sql);
  // Rows in front of another one come last first, and have to be turned around.
  const cursor = state.seek?.direction === 'before' ? undefined : await source.cursor(sql, parameters);
  if (!cursor) {
    yield* iterate(engine, state, chunk);
    return;
  }
  try {
    for (;;) {
      const rows = await source.mapped(() => cursor.next(chunk));
      if (rows.length > 0) yield* await query.hydrate(rows);
      if (rows.length < chunk) return;
    }
  } finally {
    await cursor.close();
  }
}
