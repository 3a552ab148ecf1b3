import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { fetchAll } from './fetch.js';

/** Keys of one statement. */
const CHUNK = 5_000;

/** What is asked for: all rows, or those with some keys. */
export interface BulkRequest {
  readonly keys: Iterable<unknown> | undefined;
  readonly by: string | undefined;
}

/** Rows by the value of a unique field. @throws QueryUsageError */
export async function fetchInBulk(
  engine: QueryEngine,
  state: QueryState,
  { keys, by }: BulkRequest,
): Promise<Map<unknown, unknown>> {
  const field = uniqueField(engine.model(state.entity), by);
  const rows = keys ? await byKeys(engine, state, field, [...new Set(keys)]) : await fetchAll(engine, state);
  return new Map(rows.map((row) => [(row as Record<string, unknown>)[field], row]));
}

async function byKeys(engine: QueryEngine, state: QueryState, field: string, keys: unknown[]): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let start = 0; start < keys.length; start += CHUNK) {
    const lookups = { [`${field}__in`]: keys.slice(start, start + CHUNK) };
    rows.push(...(await fetchAll(engine, { ...state, where: [...state.where, { op: 'lookups', lookups }] })));
  }
  return rows;
}

function uniqueField({ name, primary, columns, description }: EntityModel, by: string | undefined): string {
  const [key, ...more] = primary;
  const field = by ?? key!.path;
  const alone = more.length === 0 && columns.get(field) === key;
  const unique = description.uniques.some(({ paths }) => paths.length === 1 && paths[0] === field);
  if (columns.has(field) && (alone || unique)) return field;
  throw new QueryUsageError(
    by === undefined ? `${name} has a key of several columns` : `"${field}" of ${name} is not unique`,
    { hint: 'Name a unique field: inBulk(values, { by: "slug" })' },
  );
}
