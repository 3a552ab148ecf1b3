import { type QueryEngine, type RawRow } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { countSql } from './count.js';
import { compileQuery } from './fetch.js';

/** A query and the database that it belongs to. */
export interface OwnedQuery {
  readonly engine: QueryEngine;
  readonly state: QueryState;
}

/** Queries per statement; SQLite takes 500 parts, and each part brings the values of its conditions. */
const PARTS = 200;

/** How many rows each query has, by one statement for 200 of them. */
export async function countEach(queries: readonly OwnedQuery[], upTo?: number): Promise<readonly number[]> {
  const rows = await readEach(queries, ({ engine, state }) => countSql(engine, state, upTo));
  return rows.map(([row]) => Number(row?.n ?? 0));
}

/** The rows of values of each query, by one statement for 200 of them. The queries select as many columns each. */
export async function textsEach(queries: readonly OwnedQuery[]): Promise<readonly unknown[][]> {
  const compiled = new Map(queries.map((query) => [query, compileQuery(query.engine, query.state)]));
  const rows = await readEach(queries, (query) => textSql(query, compiled.get(query)!.sql));
  return Promise.all(queries.map(async (query, index) => compiled.get(query)!.hydrate(rows[index]!)));
}

/** Parts of one statement need columns of one type. */
function textSql({ engine, state: { shape, annotations } }: OwnedQuery, inner: Sql): Sql {
  if (shape.type !== 'values') throw new QueryUsageError('Texts can only be read of queries with values()');
  const later = annotations.filter(({ name, selected }) => selected && !shape.paths.includes(name));
  const texts = [...shape.paths, ...later].map(
    (_, index) => sql`${engine.dialect.asText(raw(`q.c${index}`))} AS ${raw(`c${index}`)}`,
  );
  return sql`SELECT ${join(texts, ', ')} FROM (${inner}) AS q`;
}

/** The raw rows of each query, read together. A query without rows takes no part. */
async function readEach(
  queries: readonly OwnedQuery[],
  compile: (query: OwnedQuery) => Sql,
): Promise<readonly RawRow[][]> {
  const answers: RawRow[][] = queries.map(() => []);
  const asked = [...queries.entries()].filter(([, { state }]) => !state.empty && state.limit !== 0);
  for (let start = 0; start < asked.length; start += PARTS) {
    const batch = asked.slice(start, start + PARTS);
    const { engine } = batch[0]![1];
    if (batch.some(([, query]) => query.engine !== engine))
      throw new QueryUsageError('Queries of different databases cannot run as one statement');
    const parts = batch.map(
      ([index, query]) => sql`SELECT ${raw(String(index))} AS part, t.* FROM (${compile(query)}) AS t`,
    );
    for (const row of await engine.rows(join(parts, ' UNION ALL '))) answers[Number(row.part)]!.push(row);
  }
  return answers;
}
