import { type QuerySet } from '#orm';

/** How far a list is counted. */
export interface CountOptions {
  /** Rows that are counted at most, since counting takes as long as the list is; 10,000. `Infinity` counts them all. */
  readonly countUpTo?: number;
}

/** Rows that were read with an offset, one more than asked for where there is one. */
export interface OffsetRows {
  readonly rows: readonly object[];
  readonly more: boolean;
  readonly count: number;
  readonly exact: boolean;
}

/** Where a page starts, and how many rows it has. */
export interface OffsetRequest {
  readonly offset: number;
  readonly size: number;
}

/** Reads a page and counts the list, mostly by one statement. */
export async function readCounted(
  query: QuerySet,
  { offset, size }: OffsetRequest,
  countUpTo: number,
): Promise<OffsetRows> {
  const upTo = Number.isFinite(countUpTo) ? { upTo: countUpTo } : {};
  const found = await query.totallyOrdered().sliceWithCount(offset, size + 1, upTo);
  const more = found.rows.length > size;
  const rows = more ? found.rows.slice(0, size) : found.rows;
  // The end of the list tells its length, however far was counted.
  if (!more && (rows.length > 0 || offset === 0)) return { rows, more, count: offset + rows.length, exact: true };
  const { count } = found;
  return { rows, more, count: Math.min(count, countUpTo), exact: count <= countUpTo };
}

/** What of a count is told. */
export function toldCount({ count, exact }: OffsetRows): { readonly count: number; readonly countIsExact?: false } {
  return exact ? { count } : { count, countIsExact: false };
}

/** What is wrong with the options. */
export function countProblems(countUpTo: number): readonly string[] {
  const whole = countUpTo === Infinity || (Number.isSafeInteger(countUpTo) && countUpTo >= 1);
  return whole ? [] : ['countUpTo is a whole number from 1, or Infinity'];
}
