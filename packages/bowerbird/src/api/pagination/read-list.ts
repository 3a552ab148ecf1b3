import { type QuerySet } from '#orm';

import { type FilterSet } from '../filters/filter-set.js';
import { type OrderingSet } from '../filters/ordering-set.js';
import { ParameterProblems } from '../filters/parameter-problems.js';
import { type Parameters } from '../filters/parameters.js';
import { type SearchSet } from '../filters/search-set.js';
import { type Pagination } from './pagination.js';

/** All that narrows, orders and cuts one list. */
export interface ListParts {
  readonly filters: FilterSet;
  readonly search: SearchSet;
  readonly ordering: OrderingSet;
  readonly pagination: Pagination;
}

/** The rows that a request asks for, and which page of them. */
export interface ListRequest {
  readonly rows: QuerySet;
  /** What `pagination.fetch` takes. */
  readonly page: unknown;
}

/**
 * Reads all parameters of a list together, so that everything that is wrong is told at once.
 * @param problems what is wrong with the request already
 * @throws BadParametersError
 */
export function readList(
  all: QuerySet,
  given: Parameters,
  parts: ListParts,
  problems = new ParameterProblems(),
): ListRequest {
  const { filters, search, ordering, pagination } = parts;
  const narrowed = search.apply(filters.apply(all, given, problems), given, problems);
  const rows = ordering.apply(narrowed, given, problems);
  const page = pagination.read(given, problems);
  problems.throwIfAny();
  return { rows, page };
}
