import { type Readable } from 'node:stream';

import { type QueryEngine, type RawRow } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { compileQuery } from './fetch.js';
import { iterate } from './iterate.js';

/**
 * Every row of one statement, by a cursor of the driver: rows are those of one moment, in any ordering, and memory stays
 * flat. It takes a connection until it ends. SQLite has one connection and a transaction has too, and whoever reads slowly
 * would keep all others waiting: there the rows are read in chunks instead.
 */
export async function* stream(
  engine: QueryEngine,
  state: QueryState,
  chunk: number,
): AsyncGenerator<unknown, void, undefined> {
  const { source } = engine;
  if (state.empty || source.dialect === 'sqlite' || source.inTransaction) {
    yield* iterate(engine, state, chunk);
    return;
  }
  const query = compileQuery(engine, state);
  const { sql, parameters } = engine.render(query.sql);
  const runner = source.dataSource.createQueryRunner();
  let whole = false;
  try {
    const rows = await source.mapped(() => runner.stream(sql, [...parameters]));
    const batches = batchesOf(rows, chunk);
    for (;;) {
      const { done, value } = await source.mapped(() => batches.next());
      if (done) break;
      yield* await query.hydrate(value);
    }
    whole = true;
  } finally {
    await (whole ? runner.release() : source.discard(runner));
  }
}

async function* batchesOf(rows: Readable, size: number): AsyncGenerator<RawRow[], undefined, undefined> {
  let batch: RawRow[] = [];
  for await (const row of rows) {
    batch.push(row as RawRow);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
