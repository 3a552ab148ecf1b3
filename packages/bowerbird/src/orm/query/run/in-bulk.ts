import { valueAt } from '../../describe/entity-text.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { fetchAll } from './fetch.js';

/** Values of one statement. */
const CHUNK = 5_000;

/** What is asked for: all rows, or those with some keys. */
export interface BulkRequest {
  readonly keys: Iterable<unknown> | undefined;
  readonly by: string | undefined;
}

/** Rows by their keys, or by the value of a unique field. @throws QueryUsageError, BadLookupValueError */
export async function fetchInBulk(
  engine: QueryEngine,
  state: QueryState,
  { keys, by }: BulkRequest,
): Promise<Map<unknown, unknown>> {
  const model = engine.model(state.entity);
  if (by === undefined && model.primary.length > 1) return byWholeKeys(engine, state, keys);
  const field = uniqueField(model, by);
  const rows = keys ? await byKeys(engine, state, field, [...new Set(keys)]) : await fetchAll(engine, state);
  return new Map(rows.map((row) => [valueAt(row, field), row]));
}

/** Keys of several columns are objects: each row stands under the one that asked for it, or under one of its own. */
async function byWholeKeys(
  engine: QueryEngine,
  state: QueryState,
  keys: Iterable<unknown> | undefined,
): Promise<Map<unknown, unknown>> {
  const { description } = engine.model(state.entity);
  const ownKey = (row: unknown): object =>
    Object.fromEntries(description.primaryKey.map((path) => [path, valueAt(row, path)]));
  if (!keys) return new Map((await fetchAll(engine, state)).map((row) => [ownKey(row), row]));
  const asked = [...new Set(keys)];
  const text = (key: unknown): string => JSON.stringify(description.keyOf(key as object));
  const rows = new Map((await byKeys(engine, state, 'pk', asked)).map((row) => [text(row), row]));
  return new Map(asked.map((key) => [key, rows.get(text(key))] as const).filter(([, row]) => row !== undefined));
}

async function byKeys(engine: QueryEngine, state: QueryState, field: string, keys: unknown[]): Promise<unknown[]> {
  const rows: unknown[] = [];
  const size = Math.ceil(CHUNK / engine.model(state.entity).primary.length);
  for (let start = 0; start < keys.length; start += size) {
    const lookups = { [`${field}__in`]: keys.slice(start, start + size) };
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
  throw new QueryUsageError(`"${field}" of ${name} is not unique`, {
    hint: 'Name a unique field: inBulk(values, { by: "slug" })',
  });
}
