import { BadCursorError, QueryUsageError, type QuerySet } from '#orm';

import { ForeignCursorError, UnboundPaginationError, UnpageableRowsError } from '../api.errors.js';
import { ParameterProblems } from '../filters/parameter-problems.js';
import { onlyText, type ParameterDescription, type Parameters } from '../filters/parameters.js';
import { addressWith, type RequestAddress } from './page-address.js';
import { PageSize, type PageSizeOptions } from './page-size.js';
import { Pagination, type PageBinding, type PageResult } from './pagination.js';

/** Pages by a place in the order. */
export interface CursorOptions extends PageSizeOptions {
  /** The parameter for the place; `cursor`. */
  readonly parameter?: string;
  /** The parameter for the number of rows; `size`. */
  readonly sizeParameter?: string;
}

/** A page by its place. */
export interface CursorRequest {
  readonly size: number;
  /** The cursor of the request; undefined for the first page. */
  readonly cursor: string | undefined;
  /** Equal for requests whose lists have equal rows in the same order. */
  readonly list: string;
}

/** Which way a list is walked from a place: to the rows behind it or before it. */
type Direction = 'after' | 'before';

const LETTERS: Readonly<Record<Direction, string>> = { after: 'a', before: 'b' };

/** What cursors are signed for. */
const SALT = 'api.cursor';

/**
 * Cuts lists at places in their order: `?cursor=…`. The last page costs as much as the first, nothing is counted, and
 * rows that come and go meanwhile neither repeat nor hide others.
 */
export class CursorPagination extends Pagination<CursorRequest> {
  readonly parameters: readonly ParameterDescription[];
  private readonly parameter: string;
  private readonly size: PageSize;

  constructor({ parameter = 'cursor', sizeParameter = 'size', ...sizes }: CursorOptions = {}) {
    super();
    this.parameter = parameter;
    this.size = new PageSize(sizeParameter, sizes);
    const description = 'Where the page is, as the links of another page say it.';
    const cursor = { name: parameter, description, schema: { type: 'string' } };
    this.parameters = Object.freeze([cursor, this.size.parameter]);
  }

  override problems(): readonly string[] {
    return this.size.problems();
  }

  read(given: Parameters, collected?: ParameterProblems): CursorRequest {
    return ParameterProblems.collect(collected, (problems) => ({
      size: this.size.read(given, problems),
      cursor: onlyText(given, this.parameter, problems),
      list: this.listOf(given),
    }));
  }

  async fetch(rows: QuerySet, { size, cursor, list }: CursorRequest, address: RequestAddress): Promise<PageResult> {
    const place = cursor === undefined ? {} : this.placeOf(cursor, list);
    const page = await this.attempt(() => rows.page({ size, ...place }));
    const to = (direction: Direction, at: string): string =>
      addressWith(address, { [this.parameter]: this.sign(direction, at, list) });
    const links = {
      first: addressWith(address, { [this.parameter]: null }),
      ...(page.previous !== null && { prev: to('before', page.previous) }),
      ...(page.next !== null && { next: to('after', page.next) }),
    };
    return { rows: page.rows, links };
  }

  /** What of a request decides which rows its list has, and in which order. */
  private listOf(given: Parameters): string {
    const { list, narrowing, initial } = this.bound();
    const texts = [...given]
      .filter(([name]) => narrowing.has(name))
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
    return JSON.stringify([list, initial, texts]);
  }

  private sign(direction: Direction, at: string, list: string): string {
    const text = LETTERS[direction] + at;
    return `${text}.${this.bound().signer.signature(SALT, `${text} ${list}`)}`;
  }

  /** @throws ForeignCursorError for a cursor that was not made here, or for another list */
  private placeOf(cursor: string, list: string): Readonly<Partial<Record<Direction, string>>> {
    const [text = '', signature = '', ...others] = cursor.split('.');
    const genuine = others.length === 0 && this.bound().signer.verifies(SALT, `${text} ${list}`, signature);
    if (!genuine) throw new ForeignCursorError(this.parameter);
    return { [text.startsWith(LETTERS.after) ? 'after' : 'before']: text.slice(1) };
  }

  /**
   * A genuine cursor does not fit any more where the order of the rows was changed in the application. Which rows a
   * request has is known with the request alone, and so is whether they have places.
   */
  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof QueryUsageError) throw new UnpageableRowsError(this.bound().list, error);
      throw error instanceof BadCursorError ? new ForeignCursorError(this.parameter, error) : error;
    }
  }

  private bound(): PageBinding {
    if (!this.binding) throw new UnboundPaginationError();
    return this.binding;
  }
}

/** Pages by a place in the order, for long lists and those that change: `cursor({ size: 20, maxSize: 100 })`. */
export function cursor(options: CursorOptions = {}): CursorPagination {
  return new CursorPagination(options);
}
