import { type OrderTerm } from '../compile/ordering.js';
import { encodeCursor, refuseUnstable, type CursorValue } from '../compile/seek.js';
import { type SelectList } from '../compile/select-list.js';
import { hasPlaces } from '../compile/unique-names.js';
import { type QueryEngine, type RawRow } from '../query-engine.js';
import { isSliced, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { compileQuery } from './fetch.js';

/** Which page {@link fetchPage} reads. */
export interface PageRequest {
  /** Rows on a page. */
  readonly size: number;
  /** The `next` cursor of the page before. */
  readonly after?: string | undefined;
  /** The `previous` cursor of the page behind. */
  readonly before?: string | undefined;
}

/** Some rows of an ordered result, and the cursors of the pages around them; null where there is none. */
export interface Page<R> {
  readonly rows: readonly R[];
  readonly next: string | null;
  readonly previous: string | null;
}

/** Rows together with their places in the ordering. */
export interface PlacedRows {
  readonly rows: unknown[];
  /** The cursor of a row by its place among them. */
  readonly cursorAt: (index: number) => string;
}

/**
 * A page by its place in the ordering and not by an offset, so that the last page costs as much as the first and rows
 * that are inserted meanwhile neither repeat nor hide others. @throws BadCursorError
 */
export async function fetchPage(engine: QueryEngine, state: QueryState, request: PageRequest): Promise<Page<unknown>> {
  if (isSliced(state))
    throw new QueryUsageError('A sliced query cannot be paged', { hint: 'Call page() on the query without its slice' });
  if (!hasPlaces(state))
    throw new QueryUsageError(
      'A grouped, combined or joined query, and distinct values, cannot be paged: the rows have no place of their own',
      { hint: 'Read it with all() or slice()' },
    );
  const backward = request.before !== undefined;
  const cursor = request.before ?? request.after;
  const seek = cursor === undefined ? state.seek : ({ direction: backward ? 'before' : 'after', cursor } as const);
  if (state.empty) return { rows: [], next: null, previous: null };
  const found = await fetchPlaced(engine, { ...state, seek, total: true, limit: request.size + 1 });
  return cut(found, request.size, backward, cursor !== undefined);
}

/** The rows of a totally ordered query with their cursors, in the direction in which they are read. */
export async function fetchPlaced(engine: QueryEngine, state: QueryState): Promise<PlacedRows> {
  const aliases: string[] = [];
  const query = compileQuery(engine, state, (plan, list) =>
    aliases.push(...placed(plan.order).map((term) => addTerm(list, term))),
  );
  const raws = await engine.rows(query.sql);
  return { rows: await query.hydrate(raws), cursorAt: (index) => cursorOf(raws[index]!, aliases) };
}

/** @throws QueryUsageError for an ordering in which rows have no places */
function placed(order: readonly OrderTerm[]): readonly OrderTerm[] {
  refuseUnstable(order);
  return order;
}

function addTerm(list: SelectList, { sql, kind, dialect }: OrderTerm): string {
  return list.share(dialect.exact(sql, kind));
}

function cursorOf(row: RawRow, aliases: readonly string[]): string {
  return encodeCursor(aliases.map((alias) => row[alias] as CursorValue));
}

/** One row more than a page tells whether there is another page in the direction of reading. */
function cut({ rows, cursorAt }: PlacedRows, size: number, backward: boolean, moved: boolean): Page<unknown> {
  const more = rows.length > size;
  const page = rows.slice(0, size);
  const [first, last] = backward ? [page.length - 1, 0] : [0, page.length - 1];
  const hasNext = page.length > 0 && (backward ? moved : more);
  const hasPrevious = page.length > 0 && (backward ? more : moved);
  return {
    rows: backward ? page.reverse() : page,
    next: hasNext ? cursorAt(last) : null,
    previous: hasPrevious ? cursorAt(first) : null,
  };
}
