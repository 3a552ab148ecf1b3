import { type QuerySet } from '#orm';

import { NoSuchPageError } from '../api.errors.js';
import { ParameterProblems } from '../filters/parameter-problems.js';
import { onlyText, type ParameterDescription, type Parameters } from '../filters/parameters.js';
import { countProblems, readCounted, toldCount, type CountOptions } from './bounded-count.js';
import { addressesWith, type PageLinks, type RequestAddress } from './page-address.js';
import { PageSize, type PageSizeOptions } from './page-size.js';
import { Pagination, type PageResult } from './pagination.js';

/** Pages by number. */
export interface PageNumberOptions extends PageSizeOptions, CountOptions {
  /** The parameter for the number of the page; `page`. */
  readonly parameter?: string;
  /** The parameter for the number of rows; `size`. */
  readonly sizeParameter?: string;
}

/** A page by its number, counted from 1. */
export interface PageNumberRequest {
  readonly page: number;
  readonly size: number;
}

/** Numbers beyond have no page in any list. */
const MOST_PAGES = 1_000_000_000;

/** Cuts lists into pages with numbers: `?page=2&size=50`. */
export class PageNumberPagination extends Pagination<PageNumberRequest> {
  readonly parameters: readonly ParameterDescription[];
  private readonly parameter: string;
  private readonly size: PageSize;
  private readonly countUpTo: number;

  constructor({ parameter = 'page', sizeParameter = 'size', countUpTo = 10_000, ...sizes }: PageNumberOptions = {}) {
    super();
    this.parameter = parameter;
    this.size = new PageSize(sizeParameter, sizes);
    this.countUpTo = countUpTo;
    const description = 'Number of the page, from 1 on.';
    const page = { name: parameter, description, schema: { type: 'integer', minimum: 1, default: 1 } };
    this.parameters = Object.freeze([page, this.size.parameter]);
  }

  read(given: Parameters, collected?: ParameterProblems): PageNumberRequest {
    return ParameterProblems.collect(collected, (problems) => ({
      page: this.readPage(given, problems),
      size: this.size.read(given, problems),
    }));
  }

  async fetch(rows: QuerySet, request: PageNumberRequest, address: RequestAddress): Promise<PageResult> {
    const { page, size } = request;
    if (page > MOST_PAGES) throw new NoSuchPageError(String(page));
    const found = await readCounted(rows, { offset: (page - 1) * size, size }, this.countUpTo);
    if (found.rows.length === 0 && page > 1) throw new NoSuchPageError(String(page));
    const pages = found.exact ? Math.max(1, Math.ceil(found.count / size)) : undefined;
    return { rows: found.rows, ...toldCount(found), links: this.links(address, page, found.more, pages) };
  }

  override problems(): readonly string[] {
    return [...this.size.problems(), ...countProblems(this.countUpTo)];
  }

  protected override counted(): readonly string[] {
    return ['count'];
  }

  private readPage(given: Parameters, problems: ParameterProblems): number {
    const text = onlyText(given, this.parameter, problems);
    if (text === undefined) return 1;
    if (/^\d+$/.test(text) && Number(text) >= 1) return Number(text);
    problems.add(this.parameter, 'Enter a whole number of at least 1.');
    return 1;
  }

  private links(address: RequestAddress, page: number, more: boolean, pages: number | undefined): PageLinks {
    const addresses = addressesWith(address, this.parameter);
    const to = (number: number): string => addresses(number === 1 ? null : number);
    return {
      first: to(1),
      ...(page > 1 && { prev: to(page - 1) }),
      ...(more && { next: to(page + 1) }),
      ...(pages !== undefined && { last: to(pages) }),
    };
  }
}

/** Pages with numbers, of which lists have some unless they say otherwise: `pages({ size: 20, maxSize: 100 })`. */
export function pages(options: PageNumberOptions = {}): PageNumberPagination {
  return new PageNumberPagination(options);
}
