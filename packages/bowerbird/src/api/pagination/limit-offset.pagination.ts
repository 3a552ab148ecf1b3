import { type QuerySet } from '#orm';

import { ParameterProblems } from '../filters/parameter-problems.js';
import { onlyText, type ParameterDescription, type Parameters } from '../filters/parameters.js';
import {
  countProblems,
  readCounted,
  toldCount,
  type CountOptions,
  type OffsetRequest,
  type OffsetRows,
} from './bounded-count.js';
import { addressWith, type PageLinks, type RequestAddress } from './page-address.js';
import { PageSize, type PageSizeOptions } from './page-size.js';
import { Pagination, type PageResult } from './pagination.js';

/** Pages by the number of rows before them. */
export interface LimitOffsetOptions extends PageSizeOptions, CountOptions {
  /** The parameter for the number of rows; `limit`. */
  readonly limitParameter?: string;
  /** The parameter for the number of rows before; `offset`. */
  readonly offsetParameter?: string;
}

/** Most rows before a page. */
const MOST_BEFORE = 1_000_000_000;

/** Cuts lists at any row: `?limit=50&offset=120`. */
export class LimitOffsetPagination extends Pagination<OffsetRequest> {
  readonly parameters: readonly ParameterDescription[];
  private readonly parameter: string;
  private readonly size: PageSize;
  private readonly countUpTo: number;

  constructor(options: LimitOffsetOptions = {}) {
    super();
    const { limitParameter = 'limit', offsetParameter = 'offset', countUpTo = 10_000, ...sizes } = options;
    this.parameter = offsetParameter;
    this.size = new PageSize(limitParameter, sizes);
    this.countUpTo = countUpTo;
    const schema = { type: 'integer', minimum: 0, maximum: MOST_BEFORE, default: 0 };
    const offset = { name: offsetParameter, description: 'Rows before those that are shown.', schema };
    this.parameters = Object.freeze([this.size.parameter, offset]);
  }

  read(given: Parameters, collected?: ParameterProblems): OffsetRequest {
    return ParameterProblems.collect(collected, (problems) => ({
      size: this.size.read(given, problems),
      offset: this.readOffset(given, problems),
    }));
  }

  async fetch(rows: QuerySet, request: OffsetRequest, address: RequestAddress): Promise<PageResult> {
    const found = await readCounted(rows, request, this.countUpTo);
    return { rows: found.rows, ...toldCount(found), links: this.links(address, request, found) };
  }

  override problems(): readonly string[] {
    return [...this.size.problems(), ...countProblems(this.countUpTo)];
  }

  protected override counted(): readonly string[] {
    return ['count'];
  }

  private readOffset(given: Parameters, problems: ParameterProblems): number {
    const text = onlyText(given, this.parameter, problems);
    if (text === undefined) return 0;
    if (/^\d{1,10}$/.test(text) && Number(text) <= MOST_BEFORE) return Number(text);
    problems.add(this.parameter, `Enter a whole number from 0 to ${MOST_BEFORE}.`);
    return 0;
  }

  private links(address: RequestAddress, { offset, size }: OffsetRequest, found: OffsetRows): PageLinks {
    const to = (place: number): string => addressWith(address, { [this.parameter]: place > 0 ? place : null });
    // The last page is so many whole pages away from this one.
    const last = offset + Math.floor((found.count - 1 - offset) / size) * size;
    return {
      first: to(0),
      ...(offset > 0 && { prev: to(offset - size) }),
      ...(found.more && { next: to(offset + size) }),
      ...(found.exact && { last: to(last) }),
    };
  }
}

/** Pages by the number of rows before them: `limitOffset({ size: 20, maxSize: 100 })`. */
export function limitOffset(options: LimitOffsetOptions = {}): LimitOffsetPagination {
  return new LimitOffsetPagination(options);
}
