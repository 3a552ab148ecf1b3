import { Injectable } from '@nestjs/common';

import { Databases, type QuerySet } from '#orm';

import { AdminConfig } from '../admin.options.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { firstPage, listAddress, type ListCursor, type ListState } from './list-state.js';
import { LongLists } from './long-lists.js';

/** How many rows match, as far as it is known without reading all of them. */
export interface ListTotal {
  readonly count: number;
  /** `exact`; `more`: there are more than `count`; `about`: the database's own guess. */
  readonly kind: 'exact' | 'more' | 'about';
}

/** The rows of one page and its place among the others. */
export interface ListRows {
  readonly rows: readonly object[];
  readonly total: ListTotal;
  /** Cursors of the pages around, where the list is too long for page numbers; null otherwise. */
  readonly cursors: { readonly next: string | null; readonly previous: string | null } | null;
  /** Rows before this page; only known with page numbers. */
  readonly offset: number;
}

/**
 * Reads one page. Up to `countLimit` rows are counted and have page numbers; longer lists are walked by cursors, so
 * that no page costs more than the first one, and show an estimate until the visitor asks for the exact number.
 */
@Injectable()
export class ListReader {
  constructor(
    private readonly config: AdminConfig,
    private readonly databases: Databases,
    private readonly long: LongLists,
  ) {}

  /**
   * The page that the address names, or null where it is gone: behind the last one, or its rows were deleted.
   * @param rows the matching rows in their order
   */
  async read(
    rows: QuerySet,
    descriptor: AdminDescriptor,
    state: ListState,
    { user }: AdminContext,
  ): Promise<ListRows | null> {
    const total = () => this.total(rows, descriptor, state, `${user.id} ${descriptor.key}${matchAddress(state)}`);
    const joined = loaded(rows, descriptor);
    if (state.cursor) return this.walked(joined, descriptor, state.cursor, total);
    return state.page === 1 ? this.first(joined, descriptor, total) : this.numbered(joined, descriptor, state, total);
  }

  /** The first page of a short list needs no statement for its count. */
  private async first(joined: LoadedRows, { perPage }: AdminDescriptor, total: CountRows): Promise<ListRows> {
    const { rows, next, previous } = await joined.page({ size: perPage });
    if (next === null) return { rows, total: { count: rows.length, kind: 'exact' }, cursors: null, offset: 0 };
    const known = await total();
    const short = known.kind === 'exact' && known.count <= this.config.countLimit;
    return { rows, total: known, cursors: short ? null : { next, previous }, offset: 0 };
  }

  private async walked(
    joined: LoadedRows,
    descriptor: AdminDescriptor,
    cursor: ListCursor,
    total: CountRows,
  ): Promise<ListRows | null> {
    const page = await walk(joined, descriptor, cursor);
    return page.rows.length === 0 ? null : { ...page, total: await total(), offset: 0 };
  }

  /** The page with a number, which only rows within the limit have. */
  private async numbered(
    joined: LoadedRows,
    { perPage }: AdminDescriptor,
    { page }: ListState,
    total: CountRows,
  ): Promise<ListRows | null> {
    const offset = (page - 1) * perPage;
    const rows = offset > this.config.countLimit ? [] : await joined.slice(offset, perPage).all();
    return rows.length === 0 ? null : { rows, total: await total(), cursors: null, offset };
  }

  private async total(
    rows: QuerySet,
    { entity }: AdminDescriptor,
    { exact }: ListState,
    key: string,
  ): Promise<ListTotal> {
    if (exact) return { count: await rows.count(), kind: 'exact' };
    const known = this.long.get(key);
    if (known) return known;
    const { countLimit } = this.config;
    const count = await rows.count({ upTo: countLimit });
    if (count <= countLimit) return { count, kind: 'exact' };
    const total = await this.guess(rows, entity.database);
    this.long.set(key, total);
    return total;
  }

  /** SQLite keeps no statistics, so that its estimate would count everything. */
  private async guess(rows: QuerySet, database: string): Promise<ListTotal> {
    const { countLimit } = this.config;
    const guess = this.databases.get(database).dialect === 'sqlite' ? 0 : await rows.estimatedCount();
    return guess > countLimit ? { count: guess, kind: 'about' } : { count: countLimit, kind: 'more' };
  }
}

type LoadedRows = QuerySet<object, object>;
type CountRows = () => Promise<ListTotal>;

/** The page after or before a place; an empty cursor before which to look is the end of the list. */
async function walk(joined: LoadedRows, { perPage: size }: AdminDescriptor, { direction, value }: ListCursor) {
  if (direction === 'before' && value === '') {
    const { rows, next } = await joined.reverse().page({ size });
    return { rows: rows.toReversed(), cursors: { next: null, previous: next } };
  }
  const { rows, next, previous } = await joined.page({ size, [direction]: value });
  return { rows, cursors: { next, previous } };
}

/** What decides which rows match. */
function matchAddress(state: ListState): string {
  return listAddress({ ...firstPage(state), sort: [], exact: false, facets: false, open: null });
}

/** Bare values where they are enough, which cost a third of entities; otherwise entities with what they need joined. */
function loaded(rows: QuerySet, { plainPaths, joins }: AdminDescriptor): LoadedRows {
  if (plainPaths) return rows.values(...plainPaths);
  return joins.length > 0 ? rows.selectRelated(...joins) : rows;
}
