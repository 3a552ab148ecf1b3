import { error, type Finding } from '#core';

import { type ParameterReader } from '../filters/parameters.js';
import { type PageBinding, type Pagination } from './pagination.js';

/** What the pagination of a list is described with. */
export interface PaginationTools extends Omit<PageBinding, 'narrowing'> {
  /** What decides which rows there are, and in which order. */
  readonly narrowing: readonly ParameterReader[];
  readonly report: (finding: Finding) => void;
  /** The class whose option it is, for findings. */
  readonly at: string;
}

/** The pagination of one list; what is wrong with its options is reported. */
export function describePagination(pagination: Pagination, tools: PaginationTools): Pagination {
  const { report, at } = tools;
  for (const problem of pagination.problems())
    report(error('api.E025', `Its pages are not possible: ${problem}`, { at: `${at}.pagination` }));
  const { signer, list, initial } = tools;
  const narrowing = new Set(tools.narrowing.flatMap(({ parameters }) => parameters.map(({ name }) => name)));
  return pagination.bind({ signer, list, initial, narrowing });
}

/** Reports parameters that two readers of a list understand, of which one would never be asked. */
export function checkParameters(
  readers: readonly ParameterReader[],
  { report, at }: Pick<PaginationTools, 'report' | 'at'>,
): void {
  const names = readers.flatMap(({ parameters }) => parameters.map(({ name }) => name));
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const hint = 'Give the parameters of the pages other names, pages({ parameter: "p" }), or leave the filter out';
  for (const name of twice) report(error('api.E026', `The parameter "${name}" means two things`, { at, hint }));
}
