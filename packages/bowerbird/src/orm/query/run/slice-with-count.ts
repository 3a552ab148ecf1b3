import { type SelectList } from '../compile/select-list.js';
import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { sql } from '../sql/sql.js';
import { count, countSql } from './count.js';
import { compileQuery, fetchAll, type CompiledQuery } from './fetch.js';

/** Some rows of a query, and how many it has. */
export interface CountedSlice<R> {
  readonly rows: readonly R[];
  /** With `upTo` at most one more than that. */
  readonly count: number;
}

/** A statement whose rows carry the number of all rows. */
interface CountedQuery extends CompiledQuery {
  /** The column that has it. */
  readonly alias: string;
}

/**
 * The rows of a slice and the number of all, by one statement where there are rows to carry the number: the databases
 * work out a subquery that depends on no row once.
 */
export async function fetchCounted(
  engine: QueryEngine,
  all: QueryState,
  slice: QueryState,
  upTo: number | undefined,
): Promise<CountedSlice<unknown>> {
  if (!carriesCount(slice)) return { rows: await fetchAll(engine, slice), count: await count(engine, all, upTo) };
  const query = engine.knownQueries.of(
    engine.model(slice.entity),
    slice,
    () => compileCounted(engine, all, slice, upTo),
    `counted to ${upTo} of ${all.limit} from ${all.offset}`,
  );
  const raws = await engine.rows(query.sql);
  const [first] = raws;
  if (!first) return { rows: [], count: slice.offset === 0 ? 0 : await count(engine, all, upTo) };
  return { rows: await query.hydrate(raws), count: Number(first[query.alias]) };
}

/** Where a column more would change which rows there are, and where there are none, the number is asked for apart. */
function carriesCount({ shape, compound, seek, distinct, distinctOn, groupBy, ...state }: QueryState): boolean {
  const plain = shape.type === 'entity' && !compound && !seek && !distinct && !distinctOn && !groupBy;
  return plain && !state.lock && !state.empty && state.limit !== 0;
}

function compileCounted(
  engine: QueryEngine,
  all: QueryState,
  slice: QueryState,
  upTo: number | undefined,
): CountedQuery {
  let alias = '';
  const add = (_plan: unknown, list: SelectList): void => {
    alias = list.add(sql`(${countSql(engine, all, upTo)})`);
  };
  const query = compileQuery(engine, slice, add);
  return { ...query, alias };
}
